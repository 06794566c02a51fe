import type { TuningRow } from '../tuning-row.ts';
import type { CheckReport } from './check-rows.ts';
import { redact, redactInside } from './private-data.ts';

/** What a fix did to a row. */
export interface RowFix {
  readonly row: string;
  readonly done: 'removed' | 'redacted';
}

/**
 * Rows with what is safe to mend mended: repeated, empty and leaked ones left out; rows that are nearly test samples, and private data, where
 * that is asked for.
 */
export async function* fixRows(
  rows: AsyncIterable<TuningRow>,
  report: Pick<CheckReport, 'remove' | 'removeNear' | 'redact'>,
  options: {
    readonly redact: boolean;
    readonly near: boolean;
    readonly onFixed?: ((fix: RowFix) => void) | undefined;
  },
): AsyncGenerator<TuningRow> {
  const removed = new Set([...report.remove, ...(options.near ? report.removeNear : [])]);
  const redacted = new Set(options.redact ? report.redact : []);
  for await (const row of rows) {
    if (removed.has(row.id)) {
      options.onFixed?.({ row: row.id, done: 'removed' });
      continue;
    }
    if (!redacted.has(row.id)) {
      yield row;
      continue;
    }
    options.onFixed?.({ row: row.id, done: 'redacted' });
    yield {
      ...row,
      messages: row.messages.map((message) => ({
        ...message,
        content: redact(message.content),
        ...(message.toolCalls && {
          toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: redactInside(call.arguments) })),
        }),
      })),
      ...(row.rejected !== undefined && { rejected: redact(row.rejected) }),
    };
  }
}

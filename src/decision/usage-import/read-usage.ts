import { FulcrumError } from '../../core/index.ts';
import type { UsageColumnMap } from './formats/csv.ts';
import { readRecords } from './read-records.ts';
import { RecordProblem, type UsageRecord } from './record-fields.ts';
import type { UsageFormat, UsageFormatName } from './usage-format.ts';
import { usageFormats } from './usage-formats.ts';
import type { UsageRow } from './usage-row.ts';

export interface ReadUsageOptions {
  /** Default: the format of the first record that one recognises. */
  readonly format?: UsageFormatName | undefined;
  /** Columns of a table. */
  readonly map?: UsageColumnMap | undefined;
  /** Instant after which a row lies in the future; default a day from now, for clocks and time zones. */
  readonly latest?: Date | undefined;
}

/** A record that was left out, and why. */
export interface BadRecord {
  readonly place: string;
  readonly problem: string;
}

/** What a file turned out to be; complete when its rows have been read to the end. */
export interface UsageReading {
  format: UsageFormatName | null;
  /** Records read, good and bad. */
  records: number;
  /** Records without usage, such as spans that call no model. */
  withoutUsage: number;
  bad: number;
  /** The first of them. */
  readonly firstBad: BadRecord[];
}

/** Most bad records that are named. */
const mostNamed = 20;
/** Records that are looked at for a format before giving up. */
const mostTried = 1000;

/**
 * Rows of usage of a file, one at a time; what is wrong with single records is noted in the reading. Throws what
 * `readRecords` throws; `usage-format-unknown`; and at the end `usage-none`, `usage-invalid` or `usage-currencies`.
 */
export async function* readUsage(
  path: string,
  options: ReadUsageOptions,
  reading: UsageReading,
): AsyncGenerator<UsageRow> {
  const latest = (options.latest ?? new Date(Date.now() + 86_400_000)).toISOString();
  const formats = usageFormats(options.map).filter(({ name }) =>
    options.map === undefined ? options.format === undefined || name === options.format : name === 'csv',
  );
  const currencies = new Set<string>();
  let format: UsageFormat | undefined;
  let good = 0;
  for await (const read of readRecords(path)) {
    // The document as a whole comes last, and counts only when none of its parts did.
    if (read.place === 'the document' && good > 0) continue;
    reading.records++;
    if ('problem' in read) {
      note(reading, read);
      continue;
    }
    format ??= formats.find((each) => each.recognises(read.record));
    if (!format) {
      if (reading.records >= mostTried) break;
      continue;
    }
    const rows = rowsOf(format, read.record, latest);
    if (typeof rows === 'string') note(reading, { place: read.place, problem: rows });
    else if (rows.length === 0) reading.withoutUsage++;
    else {
      good += rows.length;
      for (const { currency } of rows) if (currency !== null) currencies.add(currency);
      yield* rows;
    }
  }
  reading.format = format?.name ?? null;
  refuse(path, reading, { good, currencies, asked: options.format, known: format !== undefined });
}

/** Rows of one record, or what is wrong with it. */
function rowsOf(format: UsageFormat, record: UsageRecord, latest: string): readonly UsageRow[] | string {
  try {
    const rows = format.recognises(record) ? format.read(record) : [];
    for (const row of rows) {
      const problem = problemOf(row, latest);
      if (problem !== null) return problem;
    }
    return rows.filter(
      (row) => row.inputTokens + row.outputTokens > 0 || row.kind === 'cost' || row.kind === 'rerank',
    );
  } catch (error) {
    if (error instanceof RecordProblem) return error.message;
    throw error;
  }
}

function problemOf(row: UsageRow, latest: string): string | null {
  const parts = (row.cachedInputTokens ?? 0) + (row.cacheWriteTokens ?? 0);
  if (row.at !== null && row.at > latest) return `it lies in the future (${row.at})`;
  if (row.at !== null && row.until !== null && row.until <= row.at) return 'it ends before it begins';
  if (parts > row.inputTokens)
    return `${parts} cached and written tokens are more than its ${row.inputTokens} input tokens`;
  if ((row.reasoningTokens ?? 0) > row.outputTokens)
    return `${row.reasoningTokens} reasoning tokens are more than its ${row.outputTokens} output tokens`;
  if (row.amount !== null && row.amount < 0 && row.kind !== 'cost')
    return `its cost is negative (${row.amount})`;
  return null;
}

function note(reading: UsageReading, bad: BadRecord): void {
  reading.bad++;
  if (reading.firstBad.length < mostNamed) reading.firstBad.push(bad);
}

function refuse(
  path: string,
  reading: UsageReading,
  found: { good: number; currencies: Set<string>; asked: UsageFormatName | undefined; known: boolean },
): void {
  const [first] = reading.firstBad;
  if (reading.records === 0) throw new FulcrumError('usage-none', { path, problem: 'it is empty' });
  if (reading.bad === reading.records)
    throw new FulcrumError('usage-invalid', { path, records: reading.bad, ...first });
  if (!found.known)
    throw new FulcrumError('usage-format-unknown', {
      path,
      problem: found.asked === undefined ? 'no record has a known shape' : `no record is ${found.asked}`,
    });
  if (found.good === 0 && reading.bad > 0)
    throw new FulcrumError('usage-invalid', { path, records: reading.bad, ...first });
  if (found.good === 0)
    throw new FulcrumError('usage-none', {
      path,
      problem: `none of its ${reading.records} records has token counts`,
    });
  const currencies = [...found.currencies].sort();
  if (currencies.length > 1)
    throw new FulcrumError('usage-currencies', { path, currencies: currencies.join(', ') });
  if (currencies.length === 1 && currencies[0] !== 'USD')
    throw new FulcrumError('price-currency', { what: `The cost in ${path}`, currency: currencies[0] });
}

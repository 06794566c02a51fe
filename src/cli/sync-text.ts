import type { PricedSyncPlan } from '../app/index.ts';
import type { SyncReport } from '../knowledge/index.ts';

/** Failures and documents named in a text; the JSON has all of them. */
const named = 10;

/** What a sync did. */
export function syncText(report: SyncReport): string {
  const { chunks, embedded, seconds, version } = report;
  const made = version === null ? '' : `, version ${version}`;
  return [
    countsText(report),
    `${chunks} chunks in the index, ${embedded} embedded now, ${seconds.toFixed(1)} s${made}`,
    ...failureLines(report.failed),
  ].join('\n');
}

/** Whether a watch has nothing to tell: no change, and the failures that it told of last. */
export function saysNothingNew(report: SyncReport, before: SyncReport | undefined): boolean {
  if (before === undefined || report.version !== null || report.embedded > 0) return false;
  const failures = ({ failed, suppressed }: SyncReport): string => JSON.stringify([failed, suppressed]);
  return failures(report) === failures(before);
}

/** What a sync would do. */
export function planText(plan: PricedSyncPlan): string {
  const { documents, embedding, chunks, secondIndex } = plan;
  const lines = [
    `Would be done: ${countsText(plan)}`,
    ...listLines('added', documents.added),
    ...listLines('changed', documents.changed),
    ...listLines('removed', documents.removed),
    ...listLines(
      'renamed',
      documents.renamed.map(({ from, to }) => `${from} -> ${to}`),
    ),
    `${chunks} chunks to write, ${embeddingText(embedding)}`,
  ];
  if (secondIndex !== null)
    lines.push(
      `A second index is built beside the live one and replaces it when it is complete: ${secondIndex}.`,
    );
  for (const { source, lost, known, left } of plan.massDeletions)
    lines.push(
      left
        ? `"${source}" is no longer configured: all its ${known} documents would go, which needs --allow-mass-delete.`
        : `"${source}" would lose ${lost} of ${known} documents, which needs --allow-mass-delete.`,
    );
  return [...lines, ...failureLines(plan.failed), 'Nothing was written.'].join('\n');
}

function countsText(counts: Omit<SyncReport, 'chunks' | 'embedded' | 'seconds' | 'version'>): string {
  const { added, changed, unchanged, removed, renamed, suppressed, failed } = counts;
  const left = suppressed > 0 ? `, ${suppressed} left out since they were deleted for good` : '';
  return `${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed, ${renamed} renamed, ${failed.length} failed${left}`;
}

function embeddingText({ model, texts, tokens, usd, seconds, basis }: PricedSyncPlan['embedding']): string {
  if (model === null) return 'nothing to embed (keyword search only)';
  if (texts === 0) return 'nothing to embed';
  const price =
    usd === null ? 'at an unknown price' : usd === 0 ? 'free of charge' : `for $${usd.toFixed(4)}`;
  const time = seconds === null ? `time ${basis}` : `in about ${Math.ceil(seconds)} s (by ${basis})`;
  return `${texts} texts to embed by ${model}: about ${tokens} tokens, ${price}, ${time}`;
}

function listLines(what: string, ids: readonly string[]): string[] {
  const lines = ids.slice(0, named).map((id) => `  ${what}  ${id}`);
  return ids.length > named ? [...lines, `  ${what}  and ${ids.length - named} more (see --json)`] : lines;
}

function failureLines(failed: SyncReport['failed']): string[] {
  if (failed.length === 0) return [];
  const lines = failed.slice(0, named).map(({ uri, code, message }) => `  ${uri} (${code}): ${message}`);
  if (failed.length > named) lines.push(`  and ${failed.length - named} more (see --json)`);
  return [...lines, 'What to do: fulcrum errors CODE'];
}

import { FulcrumError } from '../../core/index.ts';
import type { ScoreRow } from '../score-row.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { findScorer } from '../scorers/scorers.ts';
import { bySample } from './by-sample.ts';
import type { Run, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';
import { sampleScore } from './sample-score.ts';

/**
 * The scores of runs as comparisons take them. Of a metric that is better when lower (latency, cost) the negative
 * is given, since rows are better when higher. Several answers to a sample are averaged first.
 * Where a metric of references has numbers for unanswerable samples alone, it has none at all (`unanswerable`). Two runs of one variant are told apart by their ids.
 * Throws `run-unknown`, `metric-unknown`, or `run-mismatch` for runs of different data.
 */
export async function scoreRows(
  runIds: readonly string[],
  metric: string,
  { store, scorers }: { store: RunStore; scorers: readonly Scorer[] },
): Promise<ScoreRow[]> {
  const sign = findScorer(scorers, metric).direction === 'higher' ? 1 : -1;
  const runs = await Promise.all([...new Set(runIds)].map((id) => store.get(id)));
  refuseMixedData(runs, metric);
  const names = variantNames(runs);
  const rows: ScoreRow[] = [];
  const sameTags = createTagPool();
  let onReferences = false;
  for (const [index, run] of runs.entries()) {
    const variant = names[index]!;
    for await (const results of bySample(store.pages(run.id, 'sample'))) {
      const row = sampleRow(results, metric, sign);
      onReferences ||= row.value !== null && !sampleScore(results, metric).noAnswer;
      rows.push({
        variant,
        metric,
        deployable: run.deployable,
        kind: run.kind,
        ...row,
        tags: sameTags(row.tags),
      });
    }
  }
  return onReferences ? rows : rows.map(withoutNumber);
}

/** A row whose number said only that the sample cannot be answered, where no row says more. */
function withoutNumber(row: ScoreRow): ScoreRow {
  return row.value === null ? row : { ...row, value: null, reason: 'unanswerable' };
}

/** Equal lists of tags as one, since there is a row for every sample. */
function createTagPool(): (tags: string[] | undefined) => string[] {
  const known = new Map<string, string[]>();
  return (tags = []) => {
    const key = JSON.stringify(tags);
    const same = known.get(key) ?? tags;
    known.set(key, same);
    return same;
  };
}

/** How runs are named in a comparison: by their variant, with the id where two runs are of the same one. */
export function variantNames(runs: readonly Run[]): string[] {
  const variants = runs.map((run) => run.variant);
  return runs.map((run) => {
    const repeated = variants.filter((name) => name === run.variant).length > 1;
    return repeated ? `${run.variant} (${run.id})` : run.variant;
  });
}

function refuseMixedData(runs: readonly Run[], metric: string): void {
  const first = runs[0];
  const other = runs.find(({ dataset }) => dataset.hash !== first?.dataset.hash);
  if (!first || !other) return;
  const problem = `${first.id} is on ${first.dataset.name} (${first.dataset.hash.slice(0, 8)}), ${other.id} on ${other.dataset.name} (${other.dataset.hash.slice(0, 8)}).`;
  throw new FulcrumError('run-mismatch', { problem, metric });
}

/** The row of one sample, its answers averaged first; cost is that of one answer. */
function sampleRow(
  results: readonly SampleResult[],
  metric: string,
  sign: 1 | -1,
): Omit<ScoreRow, 'variant' | 'metric' | 'deployable' | 'kind'> {
  const first = results[0]!;
  const { value, reason, cause } = sampleScore(results, metric);
  const costs = results.flatMap(({ error, cost }) => (error === null ? [cost.usd] : []));
  const known = costs.filter((usd) => usd !== null);
  return {
    sample: first.sample,
    group: first.group,
    tags: first.tags,
    confidence: meanConfidence(results),
    costUsd:
      known.length === 0 || known.length < costs.length
        ? null
        : known.reduce((sum, usd) => sum + usd, 0) / known.length,
    ...(value === null
      ? { value, reason: reason ?? 'not-scored', ...(cause === null ? {} : { cause }) }
      : { value: sign * value }),
  };
}

/** Mean confidence of the answers to one sample; null where one has none. */
function meanConfidence(results: readonly SampleResult[]): number | null {
  const known = results.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return known.length < results.length ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

import type { Score } from '../../core/index.ts';
import { collectMoments, momentsInterval } from '../statistics/cluster-moments.ts';
import { meanInterval } from '../statistics/mean-interval.ts';

/** Confidence of the intervals. */
const confidence = 0.95;

/** What is known of a metric over all rows. */
export interface RowSummary {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly scored: number;
  /** How often there was no number, by reason. */
  readonly undefined: Readonly<Record<string, number>>;
  readonly errors: number;
}

/** Counts reasons for which there is no number. */
export function countReasons(): { add(reason: string): void; counts(): Record<string, number> } {
  const counts = new Map<string, number>();
  return {
    add: (reason) => void counts.set(reason, (counts.get(reason) ?? 0) + 1),
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Takes in scores one at a time; of rows without a group it keeps sums only, of the others the values. */
export interface RowMean {
  add(score: Score, group: string | undefined): void;
  summary(): RowSummary;
}

/** @param greatest highest value of the metric, the lowest being 0. */
export function createRowMean(greatest: number): RowMean {
  const moments = collectMoments();
  const grouped = new Map<string, number[]>();
  const reasons = countReasons();
  let rows = 0;
  let errors = 0;
  return {
    add(score, group) {
      if (score.status === 'error') errors += 1;
      else if (score.status === 'undefined') reasons.add(score.reason);
      else if (group === undefined) {
        rows += 1;
        moments.add(score.value / greatest, `row ${rows}`);
      } else {
        const values = grouped.get(group) ?? [];
        values.push(score.value / greatest);
        grouped.set(group, values);
      }
    },
    summary() {
      for (const [group, values] of grouped) for (const value of values) moments.add(value, `group ${group}`);
      const found = moments.finish();
      const counts = { scored: found.samples, undefined: reasons.counts(), errors };
      if (found.samples === 0) return { mean: null, low: null, high: null, ...counts };
      const { mean, low, high } = momentsInterval(found, confidence);
      return { mean: mean * greatest, low: low * greatest, high: high * greatest, ...counts };
    },
  };
}

/** The same for a metric whose range nobody knows: keeps every value, and infers the range from them. */
export function createValueMean(): RowMean {
  const values: number[] = [];
  const groups: string[] = [];
  const reasons = countReasons();
  let errors = 0;
  return {
    add(score, group) {
      if (score.status === 'error') errors += 1;
      else if (score.status === 'undefined') reasons.add(score.reason);
      else {
        values.push(score.value);
        groups.push(group === undefined ? `row ${values.length}` : `group ${group}`);
      }
    },
    summary() {
      const counts = { scored: values.length, undefined: reasons.counts(), errors };
      if (values.length === 0) return { mean: null, low: null, high: null, ...counts };
      const { mean, low, high } = meanInterval(values, groups, confidence);
      return { mean, low, high, ...counts };
    },
  };
}

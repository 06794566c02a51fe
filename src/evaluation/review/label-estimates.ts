import type { LabelledRun, LabelQueue } from './label-queue.ts';
import type { KeptLabel } from './review-store.ts';

/** A mean over all samples, estimated from the labelled ones. */
export interface LabelEstimate {
  /** Null where a stratum with samples has no label. */
  readonly mean: number | null;
  /** Standard error; null where a stratum that was not labelled whole has fewer than two labels. */
  readonly standardError: number | null;
  /** Labels that it rests on, `unsure` left out. */
  readonly labels: number;
}

export interface LabelEstimates {
  /** Share of right answers of each run. */
  readonly runs: readonly (LabelEstimate & { readonly run: string; readonly variant: string })[];
  /** Share of the first minus share of the second. */
  readonly differences: readonly (LabelEstimate & { readonly first: string; readonly second: string })[];
  readonly unsure: number;
}

/**
 * Stratified estimates from the labels of one rater: each stratum weighs as many samples as it has, whatever was labelled of it;
 * variance with the finite population correction (Cochran, Sampling Techniques, 5.6). A stratum whose labels are all alike but for which some
 * are missing is taken to have one more label that is not, since alike so far is not alike. Where answers are the same their
 * difference is 0 without a label.
 */
export function estimateFromLabels(
  queue: LabelQueue,
  runs: readonly LabelledRun[],
  labels: readonly KeptLabel[],
  rater: string,
): LabelEstimates {
  const drawn = new Map(queue.items.map((item) => [item.sample.id, item.stratum]));
  const own = labels.filter((label) => label.rater === rater && drawn.has(label.sample));
  const values = new Map(
    runs.map((run) => [
      run.id,
      new Map(
        own
          .filter((label) => label.run === run.id && label.label !== 'unsure')
          .map((label) => [label.sample, label.label === 'right' ? 1 : 0]),
      ),
    ]),
  );
  const valuesIn = (run: string, stratum: KeptLabel['stratum']): Map<string, number> =>
    new Map([...(values.get(run) ?? [])].filter(([sample]) => drawn.get(sample) === stratum));
  const sizes = [queue.strata.disagreement.total, queue.strata.random.total] as const;
  return {
    runs: runs.map(({ id, variant }) => ({
      run: id,
      variant,
      ...stratified([
        { size: sizes[0], values: [...valuesIn(id, 'disagreement').values()] },
        { size: sizes[1], values: [...valuesIn(id, 'random').values()] },
      ]),
    })),
    differences: runs.flatMap((first, index) =>
      runs.slice(index + 1).map((second) => {
        const other = valuesIn(second.id, 'disagreement');
        const paired = [...valuesIn(first.id, 'disagreement')].filter(([sample]) => other.has(sample));
        return {
          first: first.variant,
          second: second.variant,
          ...stratified(
            [{ size: sizes[0], values: paired.map(([sample, value]) => value - (other.get(sample) ?? 0)) }],
            sizes[0] + sizes[1],
          ),
        };
      }),
    ),
    unsure: own.filter(({ label }) => label === 'unsure').length,
  };
}

function stratified(
  strata: readonly { size: number; values: readonly number[] }[],
  total = strata.reduce((sum, { size }) => sum + size, 0),
): LabelEstimate {
  const labels = strata.reduce((sum, { values }) => sum + values.length, 0);
  const filled = strata.filter(({ size }) => size > 0);
  if (total === 0 || filled.some(({ values }) => values.length === 0))
    return { mean: total > 0 && filled.length === 0 ? 0 : null, standardError: null, labels };
  const parts = filled.map(({ size, values }) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const left = 1 - values.length / size;
    const spread = left <= 0 ? 0 : values.length < 2 ? null : spreadOf(values, mean);
    const share = size / total;
    return {
      mean: share * mean,
      variance: spread === null ? null : share ** 2 * left * (spread / values.length),
    };
  });
  const variance = parts.reduce<number | null>(
    (sum, part) => (sum === null || part.variance === null ? null : sum + part.variance),
    0,
  );
  return {
    mean: parts.reduce((sum, part) => sum + part.mean, 0),
    standardError: variance === null ? null : Math.sqrt(Math.max(0, variance)),
    labels,
  };
}

/** Sample variance; of values that are all alike, that of these and one more at a distance of 1. */
function spreadOf(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares === 0 ? 1 / (values.length + 1) : squares / (values.length - 1);
}

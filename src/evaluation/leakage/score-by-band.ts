import type { Sample } from '../../core/index.ts';
import type { RunScores } from '../run-scores.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import type { LeakageReport } from './leakage-report.ts';

/** Mean score of a run over the samples of each band of similarity to the nearest row, with a 95 % interval each. */
export function scoreByBand(
  { run, variant, metric, scores }: RunScores,
  samples: readonly Sample[],
  nearest: LeakageReport['nearest'],
): LeakageReport['runs'][number] {
  const values = new Map(scores.map(({ sample, value }) => [sample, value]));
  const bands = (['far', 'middle', 'near'] as const).map((band) => {
    const members = samples.filter((_, index) => nearest[index]!.band === band);
    const scored = members.flatMap(({ id, group }) => {
      const value = values.get(id);
      return typeof value === 'number' ? [{ value, group: group ?? id }] : [];
    });
    const { mean, low, high } = meanInterval(
      scored.map(({ value }) => value),
      scored.map(({ group }) => group),
      0.95,
    );
    return { band, scored: scored.length, of: members.length, mean, low, high };
  });
  return { run, variant, metric, bands };
}

import { type Band, clusterLayout, differenceInterval } from '../../evaluation/index.ts';
import { type GateOutcome, notMeasured, shown } from './gate-outcome.ts';

/** A row that the model was not trained on, with what copying from the nearest training row would have answered. */
export interface MemoriserRow {
  readonly id: string;
  /** Rows of one cluster are not independent. */
  readonly cluster: string;
  /** How near the nearest training row is. */
  readonly band: Band;
  readonly copied: boolean;
  readonly tuned: boolean;
}

/**
 * Whether a tuned model does more than to repeat the nearest row that it was trained on: right answers of both on the same rows, with the .95
 * interval of their difference by clusters. Passed where the interval lies above 0, failed where it lies below.
 */
export function judgeMemoriser(rows: readonly MemoriserRow[]): GateOutcome {
  const gate = 'memoriser';
  if (rows.length === 0) return notMeasured(gate, 'There are no rows that it was not trained on.');
  const differences = rows.map(({ tuned, copied }) => Number(tuned) - Number(copied));
  const { difference, low, high } = differenceInterval(
    differences,
    clusterLayout(rows.map(({ cluster }) => cluster)),
    0.025,
  );
  const passed = low > 0 ? true : high < 0 ? false : null;
  const share = (of: 'tuned' | 'copied', chosen: readonly MemoriserRow[]): number =>
    chosen.filter((row) => row[of]).length / chosen.length;
  const bands = (['far', 'middle', 'near'] as const).flatMap((band) => {
    const chosen = rows.filter((row) => row.band === band);
    return chosen.length === 0
      ? []
      : [
          `${band} ${shown(share('tuned', chosen))} and ${shown(share('copied', chosen))} of ${chosen.length}`,
        ];
  });
  return {
    gate,
    passed,
    detail: `Right: tuned ${shown(share('tuned', rows))}, copying the nearest training row ${shown(share('copied', rows))} of ${rows.length}, difference ${shown(difference)} [${shown(low)}, ${shown(high)}]${passed === null ? ', too close to call' : ''}; by that row: ${bands.join(', ')}.`,
    figures: {
      n: rows.length,
      tuned: share('tuned', rows),
      copied: share('copied', rows),
      difference,
      low,
      high,
    },
  };
}

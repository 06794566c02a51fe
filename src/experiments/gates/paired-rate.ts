import { clusterLayout, differenceInterval } from '../../evaluation/index.ts';
import { type GateOutcome, notMeasured, shown } from './gate-outcome.ts';

/** An item that base and tuned model were both asked. */
export interface AskedTwice {
  readonly id: string;
  /** Items of one cluster are not independent. */
  readonly cluster: string;
  readonly base: boolean;
  readonly tuned: boolean;
}

/** Error on each side of an interval. */
const tail = 0.025;

/**
 * Whether tuning lost something: the paired difference of the shares of right items, with its .95 interval by clusters. Passed when the interval
 * excludes a loss of more than the tolerance; failed when it shows a loss of more than that; not measured between.
 */
export function judgeLoss(
  gate: string,
  what: string,
  items: readonly AskedTwice[],
  tolerance: number,
): GateOutcome {
  if (items.length === 0) return notMeasured(gate, 'There was nothing to ask.');
  const differences = items.map(({ base, tuned }) => Number(tuned) - Number(base));
  const { difference, low, high } = differenceInterval(
    differences,
    clusterLayout(items.map(({ cluster }) => cluster)),
    tail,
  );
  const share = (of: 'base' | 'tuned'): number => items.filter((item) => item[of]).length / items.length;
  const lost = items.filter(({ base, tuned }) => base && !tuned).length;
  const won = items.filter(({ base, tuned }) => !base && tuned).length;
  const passed = low >= -tolerance ? true : high < -tolerance ? false : null;
  const verdict = passed === null ? ', too close to call' : '';
  return {
    gate,
    passed,
    detail: `${what}: base ${shown(share('base'))}, tuned ${shown(share('tuned'))} of ${items.length}, difference ${shown(difference)} [${shown(low)}, ${shown(high)}] (a loss of ${tolerance} is tolerated${verdict}); ${lost} lost, ${won} won.`,
    figures: {
      n: items.length,
      base: share('base'),
      tuned: share('tuned'),
      difference,
      low,
      high,
      lost,
      won,
    },
  };
}

import {
  type ClusterLayout,
  clusterLayout,
  lowerMean,
  type ScoreRow,
  upperMean,
  weightedMean,
} from '../evaluation/index.ts';
import type { SpeedTests } from './qualification.ts';

/** Metric of the seconds of an answer. Rows of runs hold them with a minus, since higher is better there; the sign is not looked at. */
export const latencyMetric = 'latency';

const quantile = 0.95;

/** Time within which 95 of 100 answers came. */
export interface LatencyBounds {
  /** Answers, those that ended in an error included. */
  readonly n: number;
  /** Seconds; null where it is not known, as where more than 1 in 20 answers ended in an error. */
  readonly p95: number | null;
  /** Bounds by order statistics; null where the sample is too small for one. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Times of the answers of one variant. */
export interface Latencies {
  /** Seconds, infinite for an answer that ended in an error. */
  readonly seconds: readonly number[];
  readonly layout: ClusterLayout;
}

/** Times by variant, of the rows that have any. */
export function latenciesOf(rows: readonly ScoreRow[]): Map<string, Latencies> {
  const timed = rows.filter((row) => row.metric === latencyMetric);
  return new Map(
    [...Map.groupBy(timed, (row) => row.variant)].map(([variant, own]) => [
      variant,
      {
        seconds: own.map(({ value }) => (value === null ? Number.POSITIVE_INFINITY : Math.abs(value))),
        layout: clusterLayout(
          own.map((row) => row.group ?? row.sample),
          own.some((row) => (row.weight ?? 1) !== (own[0]?.weight ?? 1))
            ? own.map((row) => row.weight ?? 1)
            : null,
        ),
      },
    ]),
  );
}

/**
 * The 95th percentile with bounds at an error of `tail` on each side. A bound is the order statistic at which the share of slower
 * answers is shown to be under, or above, 5 %: with independent answers the usual binomial interval, with groups their effective number.
 */
export function latencyBounds({ seconds, layout }: Latencies, tail: number): LatencyBounds {
  const sorted = [...seconds].sort((a, b) => a - b);
  const known = (value: number | undefined): number | null =>
    value === undefined || value === Number.POSITIVE_INFINITY ? null : value;
  const high = firstAt(sorted, (limit) => upperMean(slower(seconds, limit), layout, tail) <= 1 - quantile);
  const low = firstAt(sorted, (limit) => lowerMean(slower(seconds, limit), layout, tail) <= 1 - quantile);
  return {
    n: seconds.length,
    p95: known(
      firstAt(sorted, (limit) => weightedMean(slower(seconds, limit), layout) <= 1 - quantile + 1e-12),
    ),
    low: known(low),
    high: known(high),
  };
}

/** Whether variants are shown to keep, or to miss, a limit of seconds for 95 of 100 answers. One without times is shown neither. */
export function speedTests(times: ReadonlyMap<string, Latencies>, limit: number): SpeedTests {
  const shares = (variant: string): [Float64Array, ClusterLayout] | null => {
    const found = times.get(variant);
    return found ? [slower(found.seconds, limit), found.layout] : null;
  };
  return {
    quickEnough(variant, tail) {
      const found = shares(variant);
      return found !== null && upperMean(...found, tail) <= 1 - quantile;
    },
    tooSlow(variant, tail) {
      const found = shares(variant);
      return found !== null && lowerMean(...found, tail) > 1 - quantile;
    },
  };
}

function slower(seconds: readonly number[], limit: number): Float64Array {
  return Float64Array.from(seconds, (value) => (value > limit ? 1 : 0));
}

/** The smallest of sorted values for which a test holds that holds from some value on. */
function firstAt(sorted: readonly number[], holds: (value: number) => boolean): number | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return sorted[low];
}

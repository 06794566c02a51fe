import { gammaLower } from './quantiles.ts';

/** Events of a cluster and the time for which it was watched. */
export interface WatchedCluster {
  readonly events: number;
  /** Above 0, in any unit of time. */
  readonly time: number;
}

/** Events in a unit of time. */
export interface EventRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** How many times larger the variance between clusters is than that of independent events, 1 at least. */
  readonly designEffect: number;
}

/**
 * Rate of events with exact Poisson limits (Garwood 1936), the events counted as so many independent ones as their variance
 * between clusters allows (linearised ratio estimator, Cochran, Sampling Techniques, 6.3). Without any event, or with one
 * cluster, a cluster counts as one item: members of a cluster are then taken to change together. Null without time.
 * @param tail error on each side.
 * @param items how many things were watched in all.
 */
export function eventRate(
  clusters: readonly WatchedCluster[],
  items: number,
  tail: number,
): EventRate | null {
  const time = clusters.reduce((sum, cluster) => sum + cluster.time, 0);
  const events = clusters.reduce((sum, cluster) => sum + cluster.events, 0);
  if (!(time > 0)) return null;
  const rate = events / time;
  const designEffect =
    events === 0 || clusters.length < 2 ? items / clusters.length : inflation(clusters, rate, events);
  const effective = events / designEffect;
  const effectiveTime = time / designEffect;
  return {
    rate,
    low: events === 0 ? 0 : gammaLower(tail, effective) / effectiveTime,
    high: gammaLower(1 - tail, effective + 1) / effectiveTime,
    designEffect,
  };
}

function inflation(clusters: readonly WatchedCluster[], rate: number, events: number): number {
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.events - rate * cluster.time) ** 2, 0);
  return Math.max(1, ((clusters.length / (clusters.length - 1)) * squares) / events);
}

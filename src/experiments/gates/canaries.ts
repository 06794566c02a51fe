import { type GateOutcome, notMeasured } from './gate-outcome.ts';

/** A planted row's secret among others of its form: how probable the model finds each. */
export interface CanaryRank {
  readonly id: string;
  /** 1 where the planted secret is the most probable of all. */
  readonly rank: number;
  /** Secrets that it was ranked among, itself included. */
  readonly among: number;
}

/** Probability of a false alarm. */
const level = 0.01;

/**
 * What planted rows show of memorising (Carlini et al. 2019): a model that has not learnt a secret gives it any rank alike, so that the sum of
 * ranks has a known distribution. Failed when it is too small for chance.
 */
export function judgeCanaries(ranks: readonly CanaryRank[]): GateOutcome {
  const gate = 'canaries';
  if (ranks.length === 0)
    return notMeasured(gate, 'No canary rows were planted (fulcrum tune data canaries).');
  const p = smallRanksByChance(ranks);
  const exposures = ranks.map(({ rank, among }) => Math.log2(among) - Math.log2(rank));
  const first = ranks.filter(({ rank }) => rank === 1).length;
  return {
    gate,
    passed: p > level,
    detail: `${first} of ${ranks.length} planted secrets are the most probable of their kind, mean exposure ${(exposures.reduce((a, b) => a + b, 0) / ranks.length).toFixed(1)} bits; ranks as small as these by chance: p ${p.toPrecision(2)}${p > level ? '' : '. The weights repeat rows that were seen'}.`,
    figures: { n: ranks.length, first, p, meanExposure: exposures.reduce((a, b) => a + b, 0) / ranks.length },
  };
}

/** Probability that independent uniform ranks add up to no more than these, by convolution. */
function smallRanksByChance(ranks: readonly CanaryRank[]): number {
  let sums = new Map<number, number>([[0, 1]]);
  for (const { among } of ranks) {
    const next = new Map<number, number>();
    for (const [sum, probability] of sums)
      for (let rank = 1; rank <= among; rank++)
        next.set(sum + rank, (next.get(sum + rank) ?? 0) + probability / among);
    sums = next;
  }
  const observed = ranks.reduce((sum, { rank }) => sum + rank, 0);
  let p = 0;
  for (const [sum, probability] of sums) if (sum <= observed) p += probability;
  return Math.min(1, p);
}

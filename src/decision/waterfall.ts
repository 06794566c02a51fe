import type { Contrast } from './contrast.ts';
import { contrastOf } from './contrast.ts';
import type { Waterfall } from './decision-parts.ts';
import { type LadderBasis, ladderStatements } from './ladder.ts';

type Weights = Readonly<Record<string, number>>;

/**
 * Waterfalls that the measured arms allow: from prompt to hybrid with the shares of retrieval and of tuning averaged over both orders
 * (Shapley values of the 2 x 2), and from prompt over search to the gold evidence in that order. Computed on the samples that
 * all of their arms have a score for. None where people's labels correct the scores: each part is then corrected by a weight of its
 * own, and parts do not add up.
 */
export function waterfalls(basis: LadderBasis): Waterfall[] {
  if (basis.labels) return [];
  const first = (role: 'prompt' | 'rag' | 'tuned' | 'hybrid' | 'oracle'): string | undefined =>
    basis.roles.get(role)?.[0];
  const [prompt, rag, tuned] = [first('prompt'), first('rag'), first('tuned')];
  const [hybrid, oracle] = [first('hybrid'), first('oracle')];
  const found: (Waterfall | null)[] = [];
  if (prompt && rag && tuned && hybrid)
    found.push(
      fall(basis, {
        title: 'From prompt to hybrid',
        order: 'averaged over both orders (Shapley): retrieval first or tuning first',
        arms: [prompt, rag, tuned, hybrid],
        ends: [prompt, hybrid],
        steps: {
          retrieval: { [rag]: 0.5, [prompt]: -0.5, [hybrid]: 0.5, [tuned]: -0.5 },
          tuning: { [tuned]: 0.5, [prompt]: -0.5, [hybrid]: 0.5, [rag]: -0.5 },
        },
      }),
    );
  if (prompt && rag && oracle)
    found.push(
      fall(basis, {
        title: 'From prompt to gold evidence',
        order: 'in this order: what search finds, then what it misses',
        arms: [prompt, rag, oracle],
        ends: [prompt, oracle],
        steps: {
          'found by search': { [rag]: 1, [prompt]: -1 },
          'missed by search': { [oracle]: 1, [rag]: -1 },
        },
      }),
    );
  return found.flatMap((each) => each ?? []);
}

function fall(
  basis: LadderBasis,
  given: {
    title: string;
    order: string;
    arms: readonly string[];
    ends: readonly [string, string];
    steps: Readonly<Record<string, Weights>>;
  },
): Waterfall | null {
  const { title, order, arms, ends, steps } = given;
  const settings = { tail: basis.alpha / ladderStatements / 2, width: basis.width };
  // Arms of weight 0 keep all parts on the same samples, so that they sum up.
  const none = Object.fromEntries(arms.map((arm) => [arm, 0]));
  const measure = (weights: Weights): Contrast | null =>
    contrastOf(basis.table, { ...none, ...weights }, settings);
  const [from, to] = ends.map((variant) => measure({ [variant]: 1 }));
  if (!from || !to) return null;
  return {
    title,
    order,
    from: { variant: ends[0], mean: from.estimate },
    to: { variant: ends[1], mean: to.estimate },
    steps: Object.entries(steps).map(([name, weights]) => {
      const { estimate, low, high, n } = measure(weights)!;
      return { name, estimate, low, high, n };
    }),
  };
}

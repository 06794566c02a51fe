import type { Cost } from '../../core/index.ts';

/** Money that scoring takes: judges, faulty replies included, and embeddings inside scorers. Fresh work only. */
export interface ScoringSpending {
  add(cost: Cost): void;
  total(): ScoringCost;
}

export interface ScoringCost {
  /** USD of what has a known price. */
  readonly usd: number;
  /** Whether something had no known price; it comes on top. */
  readonly unknown: boolean;
}

export const noScoringCost: ScoringCost = Object.freeze({ usd: 0, unknown: false });

export function createScoringSpending(): ScoringSpending {
  let usd = 0;
  let unknown = false;
  return {
    add(cost) {
      if (cost.usd === null) unknown = true;
      else usd += cost.usd;
    },
    total: () => ({ usd, unknown }),
  };
}

import type { Citation, Cost, Refusal, Usage } from '../../core/index.ts';

/** What a reader makes of a question and its evidence; the variant adds what retrieval took. */
export interface Reading {
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly removedCitations: number;
  readonly refusal: Refusal | null;
  readonly usage: Usage;
  readonly cost: Cost;
}

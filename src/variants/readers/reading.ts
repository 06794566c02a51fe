import type { AnswerNotice, Citation, Claim, Context, Cost, Refusal, Usage } from '../../core/index.ts';

/** What a model was shown of one hit. */
export type ShownPart = NonNullable<Context['shown']>;

/** What a reader makes of a question and its evidence; the variant adds what retrieval took. */
export interface Reading {
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Statements with their states; absent where nothing could be cited. */
  readonly claims?: readonly Claim[] | undefined;
  /** What was taken out of the text. */
  readonly notices?: readonly AnswerNotice[] | undefined;
  readonly removedCitations: number;
  readonly refusal: Refusal | null;
  /** What a model was shown of each hit, by the rank of the hit; absent where no model was asked. */
  readonly shown?: ReadonlyMap<number, ShownPart> | undefined;
  readonly usage: Usage;
  readonly cost: Cost;
}

import type { ClaimChecker } from './check-claims.ts';

/** Embeds texts as documents, one vector of unit length each; supplied by `app`. */
export type EmbedTexts = (texts: readonly string[]) => Promise<readonly ArrayLike<number>[]>;

/** An answer as the metrics see it. */
export interface RagSubject {
  readonly question: string;
  readonly answer: string;
  /** Null where the sample has no reference. */
  readonly reference: string | null;
  readonly contexts: readonly string[];
  readonly checker: ClaimChecker;
  readonly embed: EmbedTexts | null;
}

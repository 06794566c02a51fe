import type { EmbedTexts } from '../evaluated.ts';
import type { ClaimChecker } from './check-claims.ts';

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

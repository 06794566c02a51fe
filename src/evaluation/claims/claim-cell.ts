import { contentHash, sha256 } from '../../core/index.ts';

/** What a text says of a claim. Only `supported` counts as support. */
export const cellVerdicts = ['supported', 'contradicted', 'not-stated'] as const;
export type CellVerdict = (typeof cellVerdicts)[number];

/** Who found a verdict. A person's stands over every other. */
export type CellSource = 'judge' | 'deterministic' | 'human';

/** One cell of a claim x evidence matrix. */
export interface ClaimCell {
  /** Hash of the claim with the question that it answers. */
  readonly claim: string;
  /** Hash of the text that it was held against. */
  readonly evidence: string;
  /** Identity of who judged: model and instructions, version of the check, or the rater. */
  readonly judge: string;
  /** Which repetition, from 0. */
  readonly sampleIndex: number;
  readonly verdict: CellVerdict;
  readonly reason: string;
  readonly source: CellSource;
}

/** What a claim's verdicts are kept under. The same words in answer to another question may mean something else. */
export function claimHash(question: string, claim: string): string {
  return contentHash({ question, claim });
}

/** What verdicts against a text are kept under. */
export function evidenceHash(text: string): string {
  return sha256(text);
}

import { FulcrumError } from '../../../core/index.ts';
import { findWhole, withStraightQuotes } from '../whole-words.ts';

/** A phrase as it is looked for: the pieces between its stars, and whether its ends must be ends of words. */
export interface Phrase {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly freeStart: boolean;
  readonly freeEnd: boolean;
}

/** The form in which phrases and answers are compared: NFKC, straight quotes, spaces and tabs collapsed. */
function normalise(text: string, caseSensitive: boolean): string {
  const plain = withStraightQuotes(text)
    .replace(/[^\S\n]+/g, ' ')
    .trim();
  return caseSensitive ? plain : plain.toLowerCase();
}

/**
 * A phrase of words in which `*` stands for anything within a line. It is literal otherwise, so that no phrase can make
 * matching slow. Its ends must be ends of words unless they are a star: `refund` is not in "refunds", `refund*` is.
 * Throws `scorer-invalid` for a phrase without a word or sign.
 */
export function parsePhrase(scorer: string, text: string, caseSensitive: boolean): Phrase {
  const pieces = text
    .split('*')
    .map((piece) => normalise(piece, caseSensitive))
    .filter((piece) => piece !== '');
  if (pieces.length === 0)
    throw new FulcrumError('scorer-invalid', { scorer, problem: `the phrase "${text}" fits everything.` });
  return { text, pieces, freeStart: text.trimStart().startsWith('*'), freeEnd: text.trimEnd().endsWith('*') };
}

/** Tells for each phrase whether a text holds it. */
export function phrasesIn(text: string, phrases: readonly Phrase[], caseSensitive: boolean): boolean[] {
  const lines = text.split('\n').map((line) => normalise(line, caseSensitive));
  return phrases.map((phrase) => lines.some((line) => holds(line, phrase)));
}

/** Each piece is looked for from the end of the one before: the earliest place leaves the most room. */
function holds(line: string, { pieces, freeStart, freeEnd }: Phrase): boolean {
  let from = 0;
  for (const [index, piece] of pieces.entries()) {
    const bound = { start: index === 0 && !freeStart, end: index === pieces.length - 1 && !freeEnd };
    const at = findWhole(line, piece, from, bound);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

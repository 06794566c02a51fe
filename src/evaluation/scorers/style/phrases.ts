import { FulcrumError } from '../../../core/index.ts';

/** A phrase as it is looked for: the pieces between its stars, and whether its ends must be ends of words. */
export interface Phrase {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly freeStart: boolean;
  readonly freeEnd: boolean;
}

/** The form in which phrases and answers are compared: NFKC, straight quotes, spaces and tabs collapsed. */
function normalise(text: string, caseSensitive: boolean): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
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
    const boundStart = index === 0 && !freeStart;
    const boundEnd = index === pieces.length - 1 && !freeEnd;
    const at = place(line, piece, from, boundStart, boundEnd);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

/** First place of a piece at whose bound ends no word goes on; -1 where there is none. */
function place(line: string, piece: string, from: number, boundStart: boolean, boundEnd: boolean): number {
  for (let at = line.indexOf(piece, from); at >= 0; at = line.indexOf(piece, at + 1)) {
    const end = at + piece.length;
    const cutsStart =
      boundStart && endsInWord.test(line.slice(Math.max(0, at - 2), at)) && startsInWord.test(piece);
    const cutsEnd = boundEnd && startsInWord.test(line.slice(end, end + 2)) && endsInWord.test(piece);
    if (!cutsStart && !cutsEnd) return at;
  }
  return -1;
}

const startsInWord = /^[\p{L}\p{N}]/u;
const endsInWord = /[\p{L}\p{N}]$/u;

const startsInWord = /^[\p{L}\p{N}]/u;
const endsInWord = /[\p{L}\p{N}]$/u;

/** Which ends of a piece must be ends of words. */
export interface WordEnds {
  readonly start: boolean;
  readonly end: boolean;
}

const bothEnds: WordEnds = { start: true, end: true };

/**
 * First place from `from` on at which a piece stands in a text, -1 where there is none. At a bound end that is a letter or
 * digit no other may touch it: so `20` is not in `2024`, and `.map` is in `rows.map`.
 */
export function findWhole(text: string, piece: string, from = 0, bound = bothEnds): number {
  const guardsStart = bound.start && startsInWord.test(piece);
  const guardsEnd = bound.end && endsInWord.test(piece);
  for (let at = text.indexOf(piece, from); at >= 0; at = text.indexOf(piece, at + 1)) {
    const end = at + piece.length;
    // Two code units, since a letter may be a surrogate pair.
    const cutsStart = guardsStart && endsInWord.test(text.slice(Math.max(0, at - 2), at));
    const cutsEnd = guardsEnd && startsInWord.test(text.slice(end, end + 2));
    if (!cutsStart && !cutsEnd) return at;
  }
  return -1;
}

/** NFKC with straight quotes, as texts of different origin are compared. */
export function withStraightQuotes(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"');
}

/** Cuts a text into sentences, in order; supplied by `app`. */
export type SplitSentences = (text: string) => readonly { readonly start: number; readonly end: number }[];

/** Fewest letters and digits of a claim; less is a list mark or an interjection. */
const fewestCharacters = 3;

/**
 * The claims of a text without a model: its sentences, cut once more at semicolons. Questions, headings that end in a colon and
 * repetitions are left out; pronouns stay. Order is kept.
 */
export function splitClaims(text: string, splitSentences: SplitSentences): string[] {
  const clauses = splitSentences(text)
    .flatMap(({ start, end }) => text.slice(start, end).split(/;\s+/))
    .map((clause) =>
      clause
        .replace(/^\s*(?:[-*+•]|\d{1,3}[.)]|#{1,6})\s+/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((clause) => (clause.match(/[\p{L}\p{N}]/gu) ?? []).length >= fewestCharacters)
    .filter((clause) => !/[?:]$/.test(clause));
  return [...new Set(clauses)];
}

/** Words too common to say anything about a question. */
const commonWords = new Set(
  'a an and any are as at be been but by can do does for from get give given has have how i if in into is it its me my no not of on one only or our own so some than that the their them then there these they this to up us use used user users want was we what when where which while who whose why will with without would you your'.split(
    ' ',
  ),
);

/**
 * Share of a question's informative words that stand in its gold evidence too, 0 to 1; null when the question
 * has none. Words are runs of letters and digits, lower case, compared by their first five characters so that
 * inflected forms meet.
 */
export function lexicalOverlap(question: string, evidence: string): number | null {
  const asked = stems(question);
  if (asked.size === 0) return null;
  const there = stems(evidence);
  return [...asked].filter((stem) => there.has(stem)).length / asked.size;
}

/** Band of an overlap, used as a tag: under 0.15, under 0.3, the rest. */
export function overlapBand(overlap: number): 'overlap-low' | 'overlap-middle' | 'overlap-high' {
  return overlap < 0.15 ? 'overlap-low' : overlap < 0.3 ? 'overlap-middle' : 'overlap-high';
}

function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    words.filter((word) => word.length > 1 && !commonWords.has(word)).map((word) => word.slice(0, 5)),
  );
}

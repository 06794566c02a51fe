/** Share of the most that a word can earn which counts as a full match; fitted on the train claims of SciFact (docs/knowledge.md). */
const fullMatch = 0.5;
/** Words of a query that count; a longer one is not expected to be matched whole. */
const mostWords = 16;

/** English words that the keyword arm does not look up, so that they earn no score. */
const functionWords = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have how i if in into is it its may me my no not of on or our ' +
    'shall should such than that the their them then there these they this those to us was we were what when where which who whom whose why will ' +
    'with would you your'
  ).split(' '),
);

/**
 * The keyword score that counts as a full match of a query, in the units of BM25: a share of ln(chunks), about the weight of a word that is in one
 * chunk, for each of its words. Where the best chunk falls short of it, the query shares few or common words with the corpus, and
 * its keywords say little; dividing by the best score alone would give them the same say as a match of every word.
 * @param chunks number of chunks that the words are counted over; below 2 the result is 0.
 */
export function fullKeywordScore(query: string, chunks: number): number {
  const words = new Set(query.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []);
  const count = [...words].filter((word) => !functionWords.has(word)).length;
  return fullMatch * Math.min(count, mostWords) * Math.log(Math.max(1, chunks));
}

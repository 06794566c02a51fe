/**
 * Matches a quote whatever white space stands between its words, for people and models write line breaks as blanks.
 * Null for a quote without words. Everything but white space is taken literally.
 */
export function quotePattern(quote: string): RegExp | null {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  return new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('\\s+'), 'g');
}

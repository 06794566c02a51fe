/** A query as it is searched for: nothing in it is an operator but a pair of double quotes around words. */
export interface ReadQuery {
  /** The query without the quotes of its phrases. */
  readonly text: string;
  /** Words between quotes, white space evened out, each once. */
  readonly phrases: readonly string[];
}

/** Straight and typographic double quotes; a phrase may open with one kind and close with another. */
const quoted =
  /["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u201e\u00ab\u00bb]/g;
/** Phrases that are looked at; more make a query slower and no narrower than it is by then. */
const mostPhrases = 8;
/** Longest query that is read for phrases, in UTF-16 units. */
const longestQuery = 20_000;

/**
 * Reads the phrases out of a query. A quote without a partner, or around nothing that can be found, is a character
 * like any other.
 */
export function readQuery(query: string): ReadQuery {
  if (query.length > longestQuery) return { text: query, phrases: [] };
  const phrases = new Set<string>();
  const text = query.replace(quoted, (whole, inside: string) => {
    const words = inside.trim().replace(/\s+/g, ' ');
    if (!/[\p{L}\p{N}]/u.test(words) || phrases.size >= mostPhrases) return whole;
    phrases.add(words);
    return ` ${inside} `;
  });
  return { text: phrases.size === 0 ? query : text.replace(/\s+/g, ' ').trim(), phrases: [...phrases] };
}

/**
 * Where a phrase begins in a text, in order: letters in any case, white space evened out, and no letter or digit directly
 * before or after it.
 */
export function findPhrase(phrase: string): (text: string) => number[] {
  const words = phrase.normalize('NFC').split(' ').map(escapePattern).join('\\s+');
  const edge = (place: string, character: string | undefined): string =>
    character !== undefined && /[\p{L}\p{N}]/u.test(character) ? place : '';
  const characters = [...phrase.normalize('NFC')];
  const pattern = new RegExp(
    `${edge('(?<![\\p{L}\\p{N}])', characters[0])}${words}${edge('(?![\\p{L}\\p{N}])', characters.at(-1))}`,
    'giu',
  );
  return (text) => {
    const begins: number[] = [];
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
      begins.push(found.index);
      // The next one may begin inside this one, but not inside a character.
      pattern.lastIndex = found.index + ((text.codePointAt(found.index) ?? 0) > 0xffff ? 2 : 1);
    }
    return begins;
  };
}

/** Whether one of ascending places lies in `[start, end)`. */
export function beginsWithin(places: readonly number[], start: number, end: number): boolean {
  let low = 0;
  for (let high = places.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (places[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low < places.length && places[low]! < end;
}

function escapePattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, (character) => `\\${character}`);
}

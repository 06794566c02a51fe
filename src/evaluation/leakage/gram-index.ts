import { characterGrams, comparableText } from './comparable-text.ts';

/** A row of an index that is like a text. */
export interface Neighbour {
  /** Index of the row, from 0. */
  readonly row: number;
  /** Jaccard similarity of the sets of character 5-grams, 0 to 1. */
  readonly similarity: number;
}

/** Rows that can be searched by exact Jaccard similarity of their character 5-grams. */
export interface GramIndex {
  /** The row most like a text, the first of equals; null where no row shares a gram with it. */
  nearest(text: string): Neighbour | null;
  /** Every row at least so similar (threshold above 0), in order of rows. */
  atLeast(text: string, threshold: number): Neighbour[];
}

/**
 * An inverted index over the 5-grams of texts in comparable form. Nothing is approximated: rare grams are looked up
 * first, and no new row is taken in once those grams that are left could not make one similar enough (prefix
 * filter; Chaudhuri, Ganti & Kaushik 2006, Bayardo, Ma & Srikant 2007); the rows taken in are then counted exactly.
 */
export function createGramIndex(texts: Iterable<string>): GramIndex {
  const { grams, rowGrams } = numberGrams(texts);
  const { starts, rows } = invert(rowGrams, grams.size);
  const sizes = Int32Array.from(rowGrams, ({ length }) => length);
  const overlaps = new Int32Array(rowGrams.length);

  /** @param reach similarity that a row must have; below 0: whatever is the highest. */
  const search = (text: string, reach: number): Neighbour[] => {
    const all = characterGrams(comparableText(text));
    const known = [...all].flatMap((gram) => grams.get(gram) ?? []);
    const wanted = Int32Array.from(known).sort();
    const size = all.size;
    const touched: number[] = [];
    let best = Math.max(reach, 0);
    let at = 0;
    for (; at < wanted.length && (wanted.length - at) / size >= best; at++)
      for (let entry = starts[wanted[at]!]!; entry < starts[wanted[at]! + 1]!; entry++) {
        const row = rows[entry]!;
        const overlap = ++overlaps[row]!;
        if (overlap === 1) touched.push(row);
        if (reach < 0) best = Math.max(best, overlap / (size + sizes[row]! - overlap));
      }
    const found: Neighbour[] = [];
    for (const row of touched) {
      const there = rowGrams[row]!;
      const seen = overlaps[row]!;
      overlaps[row] = 0;
      const most = Math.min(seen + wanted.length - at, there.length);
      if (most / (size + there.length - most) < best) continue;
      const overlap = seen + countCommon(wanted, at, there);
      const similarity = overlap / (size + there.length - overlap);
      if (similarity < best) continue;
      if (reach < 0) best = similarity;
      found.push({ row, similarity });
    }
    return found;
  };

  return {
    nearest(text) {
      let nearest: Neighbour | null = null;
      for (const each of search(text, -1))
        if (
          !nearest ||
          each.similarity > nearest.similarity ||
          (each.similarity === nearest.similarity && each.row < nearest.row)
        )
          nearest = each;
      return nearest;
    },
    atLeast: (text, threshold) => search(text, threshold).sort((a, b) => a.row - b.row),
  };
}

/** Numbers the grams from the rarest to the most frequent; the grams of each row in ascending order. */
function numberGrams(texts: Iterable<string>): { grams: Map<string, number>; rowGrams: Int32Array[] } {
  const first = new Map<string, number>();
  const frequencies: number[] = [];
  const rows: Int32Array[] = [];
  for (const text of texts)
    rows.push(
      Int32Array.from([...characterGrams(comparableText(text))], (gram) => {
        const number = first.get(gram) ?? first.size;
        first.set(gram, number);
        frequencies[number] = (frequencies[number] ?? 0) + 1;
        return number;
      }),
    );
  const byRarity = frequencies
    .map((_, number) => number)
    .sort((a, b) => frequencies[a]! - frequencies[b]! || a - b);
  const ranks = new Int32Array(byRarity.length);
  for (const [rank, number] of byRarity.entries()) ranks[number] = rank;
  for (const [gram, number] of first) first.set(gram, ranks[number]!);
  return { grams: first, rowGrams: rows.map((row) => row.map((number) => ranks[number]!).sort()) };
}

/** Rows by gram: those of gram g stand from `starts[g]` up to `starts[g + 1]`. */
function invert(
  rowGrams: readonly Int32Array[],
  grams: number,
): { readonly starts: Int32Array; readonly rows: Int32Array } {
  const starts = new Int32Array(grams + 1);
  for (const row of rowGrams) for (const gram of row) starts[gram + 1] = starts[gram + 1]! + 1;
  for (let gram = 0; gram < grams; gram++) starts[gram + 1] = starts[gram + 1]! + starts[gram]!;
  const filled = starts.slice();
  const rows = new Int32Array(starts[grams]!);
  for (const [row, members] of rowGrams.entries())
    for (const gram of members) {
      rows[filled[gram]!] = row;
      filled[gram] = filled[gram]! + 1;
    }
  return { starts, rows };
}

/** Members of `wanted` from `from` on that are in `there`; both ascending. */
function countCommon(wanted: Int32Array, from: number, there: Int32Array): number {
  let common = 0;
  let other = there.length - 1;
  for (let at = wanted.length - 1; at >= from; at--) {
    while (other >= 0 && there[other]! > wanted[at]!) other--;
    if (other >= 0 && there[other] === wanted[at]) common++;
  }
  return common;
}

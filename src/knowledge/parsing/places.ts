import type { Place } from '../document.ts';

/** The place of a whole text that has the line ends of its source. */
export function everyLine(text: string): Place[] {
  return text === '' ? [] : [{ start: 0, end: text.length, line: 1, keepsLines: true }];
}

/** Where a span of a document stands: what its first character has, and its last where that differs. */
export interface SpanPlace {
  readonly page?: number;
  readonly lastPage?: number;
  readonly line?: number;
  readonly lastLine?: number;
  readonly row?: number;
  readonly lastRow?: number;
  readonly column?: string;
}

/**
 * Page, line and cell of `[start, end)` of a canonical text, from 1; white space at its ends does not count. An
 * empty object where nothing is known of it. Lines inside a span that was not kept as it is in its source are
 * those on which its parts start.
 */
export function placeOf(
  document: { readonly text: string; readonly places: readonly Place[] },
  start: number,
  end: number,
): SpanPlace {
  const { text, places } = document;
  const words = text.slice(start, end);
  const from = start + (words.length - words.trimStart().length);
  const to = Math.max(from, start + words.trimEnd().length - 1);
  const first = firstFrom(places, from);
  if (!first || first.start > to) return {};
  const last = lastUpTo(places, to) ?? first;
  const line = lineAt(text, first, from);
  const lastLine = lineAt(text, last, to);
  return {
    ...ends('page', 'lastPage', first.page, last.page),
    ...ends('line', 'lastLine', line, lastLine),
    ...ends('row', 'lastRow', first.row, last.row),
    ...(first.column !== undefined && first.column === last.column ? { column: first.column } : {}),
  };
}

function ends(name: string, lastName: string, first: number | undefined, last: number | undefined) {
  if (first === undefined) return {};
  return { [name]: first, ...(last !== undefined && last > first ? { [lastName]: last } : {}) };
}

function lineAt(text: string, place: Place, at: number): number | undefined {
  if (place.line === undefined || !place.keepsLines) return place.line;
  let line = place.line;
  const stop = Math.min(at, place.end);
  for (
    let feed = text.indexOf('\n', place.start);
    feed >= 0 && feed < stop;
    feed = text.indexOf('\n', feed + 1)
  )
    line += 1;
  return line;
}

/** The first place that ends after an offset. */
function firstFrom(places: readonly Place[], offset: number): Place | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.end > offset) high = middle;
    else low = middle + 1;
  }
  return places[low];
}

/** The last place that starts at an offset or before it. */
function lastUpTo(places: readonly Place[], offset: number): Place | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.start > offset) high = middle;
    else low = middle + 1;
  }
  return places[low - 1];
}

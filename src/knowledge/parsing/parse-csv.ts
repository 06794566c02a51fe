import { parse } from 'csv-parse/sync';
import type { Block, ParsedDocument, Place } from '../document.ts';

/** Longest title that the row of headers gives to what is below it. */
const longestTitle = 200;
const delimiters = [',', ';', '\t', '|'] as const;

interface Row {
  readonly cells: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/**
 * Rows of a table in which a character separates cells. The text stays as it is; each row is a block with its
 * number as place, and is indexed with the header before each of its cells. The first row holds the headers unless a
 * cell of it is a number. Any text parses: where a quote never ends, quotes are characters as any other.
 */
export function parseCsv(text: string, options: { readonly delimiter?: string } = {}): ParsedDocument {
  const delimiter = options.delimiter ?? likelyDelimiter(text);
  const rows = readRows(text, delimiter);
  const first = rows.find(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const headers =
    first && isHeader(first.cells) ? first.cells.map((cell) => cell.trim().replace(/\s+/g, ' ')) : null;
  const blocks: Block[] = [];
  const places: Place[] = [];
  let number = 0;
  for (const row of rows) {
    if (row.start >= row.end) continue;
    const { start, end, line } = row;
    if (headers && row === first) {
      const title = headers.filter((header) => header !== '').join(', ');
      blocks.push({ kind: 'table', start, end, level: 1, title: shortened(title) });
      places.push({ start, end, line });
    } else {
      number += 1;
      const indexed = headers ? withHeaders(row.cells, headers) : '';
      blocks.push({ kind: 'table', start, end, ...(indexed ? { indexed } : {}) });
      places.push({ start, end, line, row: number });
    }
  }
  return { text, title: null, blocks, places, attributes: {}, warnings: [] };
}

/** The separator that the first lines have most, and equally often in each line that has text outside quotes. */
function likelyDelimiter(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split('\n', 20)
    .filter((line) => line.trim() !== '');
  const least = (mark: string) => Math.min(...lines.map((line) => line.split(mark).length - 1));
  const counts = delimiters.map((mark) => (lines.length === 0 ? 0 : least(mark)));
  const most = Math.max(...counts);
  return most > 0 ? delimiters[counts.indexOf(most)]! : ',';
}

function readRows(text: string, delimiter: string): Row[] {
  const read = (quote: '"' | null) =>
    parse(text, {
      raw: true,
      delimiter,
      quote,
      relax_quotes: true,
      relax_column_count: true,
      record_delimiter: '\n',
    }) as unknown as { record: string[]; raw: string }[];
  let records: { record: string[]; raw: string }[];
  try {
    records = read('"');
  } catch {
    records = read(null);
  }
  const rows: Row[] = [];
  let at = 0;
  let line = 1;
  for (const { record, raw } of records) {
    // A record without its line end is followed by it in the text.
    const start = text.startsWith(raw, at) ? at : text.indexOf(raw, at);
    for (let feed = text.indexOf('\n', at); feed >= 0 && feed < start; feed = text.indexOf('\n', feed + 1))
      line += 1;
    const end = start + raw.trimEnd().length;
    rows.push({ cells: record, start, end, line });
    line += raw.split('\n').length - 1;
    at = start + raw.length;
  }
  return rows;
}

function isHeader(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '' || !/^[\s\d.,:/%€$£+-]*$/.test(cell));
}

function withHeaders(cells: readonly string[], headers: readonly string[]): string {
  const lines = cells.map((cell, index) => {
    const value = cell.trim();
    const header = headers[index] ?? '';
    return value === '' ? '' : header === '' ? value : `${header}: ${value}`;
  });
  return lines.filter(Boolean).join('\n');
}

function shortened(title: string): string {
  if (title.length <= longestTitle) return title;
  const cut = title.lastIndexOf(', ', longestTitle);
  return `${title.slice(0, cut > 0 ? cut : longestTitle)}…`.toWellFormed();
}

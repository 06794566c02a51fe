import { FulcrumError } from '../../core/index.ts';
import { isRecord, type UsageRecord } from './record-fields.ts';
import { textPieces } from './text-pieces.ts';

/** A record of a file, or why it cannot be read. */
export type ReadRecord =
  | { readonly place: string; readonly record: UsageRecord }
  | { readonly place: string; readonly problem: string };

/** Longest line of a file, and longest record of a JSON document, in characters. */
export const longestRecord = 16_000_000;

/** Text that is looked at to tell the forms apart. */
const headLength = 1_000_000;

/** Lists under which documents keep their records; an element at a time is held in memory. */
const listPaths = [
  'data',
  'resourceSpans',
  'observations',
  'spans',
  'traces',
  'results',
  'rows',
  'items',
  'logs',
];

/**
 * Records of a file, one at a time: lines of JSON (`line 3`), elements of a JSON document (`record 3`), rows of a table
 * (`line 3`). A line that is not JSON is a problem of its own; a document that breaks off ends with one. Throws what
 * `textPieces` throws, and `usage-record-too-long`.
 */
export async function* readRecords(path: string): AsyncGenerator<ReadRecord> {
  const pieces = textPieces(path);
  let head = '';
  for (;;) {
    const next = await pieces.next();
    if (next.done) break;
    head += next.value;
    if (head.length >= headLength || completeLine(head) !== null) break;
  }
  const text = withHead(head, pieces);
  const first = head.trimStart()[0];
  if (first === undefined) return;
  if (first !== '{' && first !== '[') yield* readRows(path, text, head);
  else if (isLines(head)) yield* readLines(path, text);
  else yield* readDocument(path, text, first === '[');
}

async function* withHead(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** The first line that is not blank, when it is there as a whole. */
function completeLine(text: string): string | null {
  const start = text.length - text.trimStart().length;
  const end = text.indexOf('\n', start);
  return end < 0 ? null : text.slice(start, end);
}

function isLines(head: string): boolean {
  const line = completeLine(head) ?? head;
  if (!line.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    // A broken first line of many is still a line: a document's first line is an opening brace alone or with one member.
    return line.trimEnd().endsWith('}');
  }
}

async function* readLines(path: string, text: AsyncGenerator<string>): AsyncGenerator<ReadRecord> {
  let rest = '';
  let number = 0;
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* lineRecord(path, ++number, line);
    if (rest.length > longestRecord) throw tooLong(path, `line ${number + 1}`);
  }
  yield* lineRecord(path, ++number, rest);
}

function* lineRecord(path: string, number: number, line: string): Generator<ReadRecord> {
  const place = `line ${number}`;
  if (line.length > longestRecord) throw tooLong(path, place);
  if (line.trim() === '') return;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    yield { place, problem: 'not JSON' };
    return;
  }
  yield isRecord(value) ? { place, record: value } : { place, problem: 'not an object' };
}

/**
 * Elements of an array, or of the known lists of an object. An object of moderate length comes as a record of its own at the
 * end (`the document`): it may be one response.
 */
async function* readDocument(
  path: string,
  text: AsyncGenerator<string>,
  isArray: boolean,
): AsyncGenerator<ReadRecord> {
  const { JSONParser } = await import('@streamparser/json');
  const found: unknown[] = [];
  let failure: string | null = null;
  // Only the elements are kept while it reads; several documents may follow each other.
  const paths = isArray ? ['$.*'] : listPaths.map((name) => `$.${name}.*`);
  const parser = new JSONParser({ paths, separator: '', keepStack: false });
  parser.onValue = ({ value }) => {
    found.push(value);
  };
  parser.onError = (error) => {
    failure ??= error.message.slice(0, 200);
  };
  let whole: string | null = isArray ? null : '';
  let number = 0;
  let since = 0;
  for await (const piece of text) {
    parser.write(piece);
    if (whole !== null) whole = whole.length + piece.length > longestRecord ? null : whole + piece;
    since = found.length > 0 ? 0 : since + piece.length;
    for (const value of found.splice(0)) yield elementRecord(++number, value);
    if (since > longestRecord) throw tooLong(path, `record ${number + 1}`);
    if (failure !== null) break;
  }
  if (failure === null) parser.end();
  if (failure !== null) yield { place: `after record ${number}`, problem: `not JSON (${failure})` };
  else if (whole !== null) yield* wholeRecord(whole);
}

function* wholeRecord(text: string): Generator<ReadRecord> {
  try {
    const record: unknown = JSON.parse(text);
    if (isRecord(record)) yield { place: 'the document', record };
  } catch {
    // Several documents in one file: each was read by its lists.
  }
}

function elementRecord(number: number, value: unknown): ReadRecord {
  const place = `record ${number}`;
  return isRecord(value) ? { place, record: value } : { place, problem: 'not an object' };
}

async function* readRows(
  path: string,
  text: AsyncGenerator<string>,
  head: string,
): AsyncGenerator<ReadRecord> {
  const { CsvError, parse } = await import('csv-parse');
  const { Readable } = await import('node:stream');
  const headings = completeLine(head) ?? head;
  const counts = [',', '\t', ';'].map((mark) => ({ mark, count: headings.split(mark).length }));
  const delimiter = counts.sort((a, b) => b.count - a.count)[0]?.mark ?? ',';
  const parser = parse({
    delimiter,
    columns: true,
    info: true,
    bom: true,
    skip_empty_lines: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: longestRecord,
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: UsageRecord;
      info: { lines: number };
    }>)
      yield { place: `line ${info.lines}`, record };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLong(path, 'a row');
    yield { place: 'the table', problem: error.message.slice(0, 200) };
  } finally {
    source.destroy();
  }
}

function tooLong(path: string, place: string): FulcrumError {
  return new FulcrumError('usage-record-too-long', { path, place, limit: longestRecord });
}

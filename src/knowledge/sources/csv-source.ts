import { basename } from 'node:path';
import { contentHash, FulcrumError, sha256, suggest } from '../../core/index.ts';
import type { RawDocument, Source, SourceListing } from '../document.ts';
import { mediaTypeOfFormat } from './jsonl-source.ts';
import { readRowAt, readRows, type TableRow } from './read-rows.ts';
import { recordAttributes } from './record-attributes.ts';
import type { RecordFields } from './source-config.ts';

/** Which columns hold what; see `csvSourceSchema`. */
export interface CsvColumns {
  readonly id: string;
  readonly text?: string | readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly format?: 'text' | 'markdown' | 'html' | undefined;
  readonly fields?: RecordFields | undefined;
  readonly delimiter?: string | undefined;
}

export interface CsvSourceOptions extends CsvColumns {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** The file as the user knows it; its name by default. */
  readonly uri?: string | undefined;
}

/** Where a row stands, and what it held when it was listed. */
interface KnownRow extends Omit<TableRow, 'values'> {
  readonly version: string;
}

interface Table {
  readonly headers: readonly string[];
  readonly delimiter: string;
  readonly rows: Map<string, KnownRow>;
}

/**
 * Rows of a table as documents, in their order, one row in memory at a time (ids and places of rows are kept). A row
 * with too few or too many columns, without an id or with one that was there before is a failure that names row and
 * line. Throws `file-not-found`, `file-not-text`, and `source-invalid` for a missing column.
 */
export function createCsvSource(options: CsvSourceOptions): Source {
  const { name, file, id, text, title, format, fields } = options;
  const uri = options.uri ?? basename(file);
  const settings = contentHash({ id, text, title, format, fields });
  let table: Table | null = null;
  const versionOf = ({ headers }: Table, values: readonly string[]): string =>
    sha256(JSON.stringify([settings, headers, values]));

  async function* list(signal?: AbortSignal): AsyncGenerator<SourceListing> {
    signal?.throwIfAborted();
    table = null;
    for await (const part of readRows(file, { delimiter: options.delimiter, uri, signal })) {
      if ('headers' in part) {
        checkHeaders(part.headers, options, uri);
        table = { ...part, rows: new Map() };
      } else if (part.row === null) {
        const { number, line, problem } = part;
        const error = new FulcrumError('document-invalid', {
          path: uri,
          line,
          problem: `row ${number}: ${problem}`,
        });
        yield { ok: false, key: `row ${number}`, uri: `${uri}#row ${number}`, error, hidesOthers: true };
      } else if (table) yield listRow(part.row, table, versionOf(table, part.row.values));
    }
    if (table === null)
      throw new FulcrumError('source-invalid', { source: name, problem: `${uri} is empty` });
  }

  function listRow(row: TableRow, known: Table, version: string): SourceListing {
    const key = (row.values[known.headers.indexOf(id)] ?? '').trim();
    const first = known.rows.get(key);
    try {
      if (key === '') throw new Error(`the column "${id}" is empty`);
      if (first) throw new Error(`the id ${JSON.stringify(key)} was already used in row ${first.number}`);
      known.rows.set(key, { number: row.number, line: row.line, start: row.start, end: row.end, version });
      toDocument(row, known.headers, options, { key, uri });
      return { ok: true, item: { key, uri: `${uri}#${key}`, version } };
    } catch (cause) {
      const error =
        cause instanceof FulcrumError
          ? cause
          : new FulcrumError(
              'document-invalid',
              { path: uri, line: row.line, problem: `row ${row.number}: ${(cause as Error).message}` },
              { cause },
            );
      if (key !== '') return { ok: false, key, uri: `${uri}#${key}`, error };
      const place = `row ${row.number}`;
      return { ok: false, key: place, uri: `${uri}#${place}`, error, hidesOthers: true };
    }
  }

  return {
    name,
    capabilities: { versions: 'declared' },
    list: ({ signal } = {}) => list(signal),
    async read({ key }, { signal } = {}) {
      signal?.throwIfAborted();
      if (table === null) for await (const _ of list(signal));
      const row = table?.rows.get(key);
      const found = table && row && (await readRowAt(file, row, table.delimiter));
      if (!table || !row || !found || versionOf(table, found.values) !== row.version)
        throw new FulcrumError('document-changed', { uri: `${uri}#${key}` });
      return toDocument({ ...row, values: found.values }, table.headers, options, { key, uri });
    },
  };
}

function checkHeaders(headers: readonly string[], options: CsvSourceOptions, uri: string): void {
  const invalid = (problem: string): FulcrumError =>
    new FulcrumError('source-invalid', { source: options.name, problem });
  const twice = headers.find((header, index) => headers.indexOf(header) !== index);
  if (twice !== undefined) throw invalid(`${uri} has the column "${twice}" twice`);
  const { id, text, title, fields = {} } = options;
  const metadata = fields.metadata ?? [];
  const named = [
    id,
    ...(text === undefined ? [] : [text].flat()),
    ...[title, fields.readers, fields.language, fields.date],
    ...(Array.isArray(metadata) ? metadata : Object.values(metadata)),
  ];
  for (const column of named)
    if (column !== undefined && !headers.includes(column)) {
      const hint = suggest(column, headers) || `It has ${headers.slice(0, 20).join(', ')}.`;
      throw invalid(`${uri} has no column "${column}". ${hint}`.replace(/\.$/, ''));
    }
}

function toDocument(
  row: TableRow,
  headers: readonly string[],
  columns: CsvColumns,
  { key, uri }: { key: string; uri: string },
): RawDocument {
  const { text, title, fields, format } = columns;
  const fieldValue = (column: string): string => row.values[headers.indexOf(column)] ?? '';
  const single = typeof text === 'string';
  return {
    key,
    uri: `${uri}#${key}`,
    content: single
      ? fieldValue(text)
      : (text ?? otherColumns(headers, columns))
          .filter((column) => fieldValue(column).trim() !== '')
          .map((column) => `${column}: ${fieldValue(column)}\n`)
          .join(''),
    mediaType: mediaTypeOfFormat(single ? format : 'text'),
    ...recordAttributes(fieldValue, title, fields, `${uri}, row ${row.number}`),
  };
}

/** Columns that a person may ask for: all but those with id, title, readers, language and date. */
function otherColumns(headers: readonly string[], { id, title, fields }: CsvColumns): string[] {
  const used = [id, title, fields?.readers, fields?.language, fields?.date];
  return headers.filter((header) => !used.includes(header));
}

import type { TuningRow } from '../tuning-row.ts';

/** A row as a format gives it: what only the reader of the file knows (id, origin) is filled in afterwards. */
export type RowDraft = Omit<TuningRow, 'id' | 'origin'> & { readonly id?: string | undefined };

/** What a record of a file became: a row, or why it is none. */
export type ReadRecord = { readonly row: RowDraft } | { readonly problem: string };

/** What an importer is told beside the file. */
export interface RowReadOptions {
  /** Column or key (dotted path) by what it is read as; see `rowFields`. */
  readonly map?: Readonly<Partial<Record<RowField, string>>> | undefined;
  /** Task text that stands before the input of each row as its system turn. */
  readonly instructions?: string | undefined;
  /** JSON schema of the last turn. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** For extraction: columns that become the members of the JSON answer. */
  readonly fields?: readonly string[] | undefined;
}

/** What a column can be read as. */
export const rowFields = [
  'id',
  'input',
  'target',
  'label',
  'rejected',
  'group',
  'at',
  'split',
  'teacher',
] as const;
export type RowField = (typeof rowFields)[number];

/** One way in which others write rows: how to tell it, and how to read a record. */
export interface RowFormat {
  readonly name: string;
  readonly description: string;
  /** Whether a record looks like it; asked with the first record of a file. */
  matches(record: Readonly<Record<string, unknown>>): boolean;
  read(record: Readonly<Record<string, unknown>>, options: RowReadOptions): ReadRecord;
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Value at a dotted path; a key that has the whole path as its name comes first. */
export function valueAt(record: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let found: unknown = record;
  for (const key of path.split('.'))
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

/** A cell as text: what is no text is written as JSON; undefined where there is nothing. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

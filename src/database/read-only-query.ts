/** A value of a result; whole numbers beyond 2^53 are bigints. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** One `select` on one SQLite file. */
export interface ReadOnlyQuery {
  /** Path of the database; it must exist. */
  readonly file: string;
  readonly sql: string;
  /** Values of its parameters `:name`, by name; they are bound, not written into the text. None by default. */
  readonly parameters?: Readonly<Record<string, string | number | null>> | undefined;
  /** Milliseconds of execution; the start of the process does not count. */
  readonly timeoutMs: number;
  /** A result with more rows is a failure. */
  readonly maxRows: number;
}

/** Why a query gave no rows. */
export type QueryFailure =
  /** The file is missing or no database. */
  | 'database'
  /** SQLite refused or failed the statement; writing, `attach`, `pragma` and extensions are refused. */
  | 'sql'
  | 'timeout'
  | 'too-many-rows'
  /** More than 32 MB of values. */
  | 'too-much-output'
  /** More than 768 MB of memory. */
  | 'too-much-memory'
  /** The process that ran it died. */
  | 'crashed';

export type QueryOutcome =
  | { readonly status: 'rows'; readonly columns: readonly string[]; readonly rows: readonly SqlValue[][] }
  | { readonly status: 'failed'; readonly reason: QueryFailure; readonly problem: string };

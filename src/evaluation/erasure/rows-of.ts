import { type Kysely, type RawBuilder, sql } from 'kysely';

/** Rows read at a time. */
const pageSize = 200;

/**
 * The rows of a table a page at a time, in order of its key; rows that were read may be changed or deleted meanwhile.
 * @param key columns of the primary key.
 */
export async function* rowsOf<Row extends Record<string, unknown>>(
  // biome-ignore lint/suspicious/noExplicitAny: the table is named at run time
  tables: Kysely<any>,
  table: string,
  key: readonly (keyof Row & string)[],
  columns: readonly (keyof Row & string)[],
): AsyncGenerator<Row> {
  const names = sql.join([...new Set([...key, ...columns])].map((name) => sql.ref(name)));
  const keys = sql.join(key.map((name) => sql.ref(name)));
  for (let last: Row | null = null; ; ) {
    const from: Row | null = last;
    const after: RawBuilder<unknown> =
      from === null ? sql`` : sql`where (${keys}) > (${sql.join(key.map((name) => from[name]))})`;
    const { rows }: { rows: Row[] } = await sql<Row>`
      select ${names} from ${sql.table(table)} ${after} order by ${keys} limit ${pageSize}
    `.execute(tables);
    yield* rows;
    if (rows.length < pageSize) return;
    last = rows.at(-1) ?? null;
  }
}

/** `where` condition that names one row by its key. */
export function isRow<Row extends Record<string, unknown>>(row: Row, key: readonly (keyof Row & string)[]) {
  return sql<boolean>`${sql.join(
    key.map((name) => sql`${sql.ref(name)} = ${row[name]}`),
    sql` and `,
  )}`;
}

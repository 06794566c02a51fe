import { sql } from 'kysely';
import type { Database } from './database.ts';

/** A text of the database and where it stands. */
export interface StoredText {
  readonly table: string;
  readonly column: string;
  readonly text: string;
}

/** Every text of every table, whichever room it belongs to; for checks that something is nowhere. */
export async function* textsOf(database: Database): AsyncGenerator<StoredText> {
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name
  `.execute(database.handle);
  const raw = database.handle.withoutPlugins();
  for (const { name } of tables.rows) {
    const columns = await sql<{ name: string }>`select name from pragma_table_info(${name})`.execute(raw);
    const names = columns.rows.map((column) => column.name);
    let last = -1;
    for (;;) {
      const { rows } = await sql<Record<string, unknown> & { at: number }>`
        select rowid as at, * from ${sql.table(name)} where rowid > ${last} order by rowid limit 200
      `.execute(raw);
      for (const row of rows)
        for (const column of names) {
          const text = row[column];
          if (typeof text === 'string') yield { table: name, column, text };
        }
      if (rows.length < 200) break;
      last = rows.at(-1)!.at;
    }
  }
}

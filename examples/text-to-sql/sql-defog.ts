import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse/sync';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');
export const sqlDefog = join(shared, 'sql-defog');
export const isHere = existsSync(sqlDefog);

/** The databases that are there as SQLite files. */
export const databases = [
  'academic',
  'advising',
  'atis',
  'geography',
  'restaurants',
  'scholar',
  'yelp',
] as const;

export interface SqlQuestion {
  readonly id: string;
  readonly database: string;
  readonly category: string;
  readonly question: string;
  /** Statements whose results are right. */
  readonly accepted: readonly string[];
}

export function readQuestions(): SqlQuestion[] {
  const rows: { db_name: string; query_category: string; query: string; question: string }[] = parse(
    readFileSync(join(sqlDefog, 'questions_gen_sqlite.csv'), 'utf8'),
    { columns: true, relax_quotes: true },
  );
  return rows.flatMap(({ db_name: database, query_category: category, query, question }, index) =>
    (databases as readonly string[]).includes(database)
      ? [{ id: `${database}-${index}`, database, category, question, accepted: statementsOf(query) }]
      : [],
  );
}

/** Statements of a cell, one line each. */
function statementsOf(query: string): string[] {
  return query
    .split(';')
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '');
}

/** The tables of a database, one a line: `author(aid, homepage, name, oid)`. */
export function tablesOf(database: string): string {
  const file = new DatabaseSync(join(sqlDefog, 'sqlite', `${database}.sqlite`), { readOnly: true });
  const names = file.prepare("select name from sqlite_master where type = 'table' order by name").all();
  const lines = names.map(({ name }) => {
    const columns = file.prepare('select name from pragma_table_info(?)').all(name!);
    return `${name}(${columns.map((column) => column.name).join(', ')})`;
  });
  file.close();
  return lines.join('\n');
}

export const inputOf = ({ database, question }: SqlQuestion): string =>
  `Tables:\n${tablesOf(database)}\n\nQuestion: ${question}`;

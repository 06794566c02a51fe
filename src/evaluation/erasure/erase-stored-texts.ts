import { sql } from 'kysely';
import { type ErasedDocuments, type ErasedSurface, textsInside } from '../../core/index.ts';
import { evaluationTables } from '../migrations.ts';
import { sampleKey } from './erase-samples.ts';
import { isRow, rowsOf } from './rows-of.ts';

type Transaction = Parameters<typeof evaluationTables>[0];
type Row = Record<string, string | number | null>;

/** A table whose rows may hold text of a document. */
interface TextTable {
  readonly table: string;
  readonly key: readonly string[];
  /** Columns with text. */
  readonly columns: readonly string[];
  readonly surface: string;
  /** What is written in the place of the text; the row is deleted where it is absent. */
  readonly instead?: ((documents: ErasedDocuments) => Row) | undefined;
  /** A cache goes by single words, what people wrote or defined by passages. */
  readonly cache: boolean;
}

const textTables: readonly TextTable[] = [
  {
    table: 'evaluation_judge_calls',
    key: ['key'],
    columns: ['reply'],
    surface: 'replies of judges',
    cache: true,
  },
  {
    table: 'evaluation_claim_cells',
    key: ['evidence', 'claim', 'judge', 'sample_index'],
    columns: ['reason'],
    surface: 'reasons of verdicts on claims',
    instead: () => ({ reason: '' }),
    cache: true,
  },
  {
    table: 'generation_calls',
    key: ['key'],
    columns: ['text'],
    surface: 'replies of models that make questions',
    cache: true,
  },
  {
    table: 'generation_candidates',
    key: ['plan', 'ordinal'],
    columns: ['candidate'],
    surface: 'candidates for questions',
    cache: true,
  },
  {
    table: 'fact_proposals',
    key: ['dataset', 'sample'],
    columns: ['facts'],
    surface: 'proposed facts',
    cache: true,
  },
  {
    table: 'sample_reviews',
    key: ['dataset', 'sample', 'rater'],
    columns: ['edit', 'note'],
    surface: 'decisions of reviewers',
    cache: true,
  },
  {
    table: 'evaluation_runs',
    key: ['id'],
    columns: ['definition'],
    surface: 'definitions of variants in runs',
    instead: ({ deletion }) => ({ definition: JSON.stringify({ erased: deletion }) }),
    cache: false,
  },
  {
    table: 'evaluation_run_scorers',
    key: ['run', 'metric'],
    columns: ['definition'],
    surface: 'definitions of scorers in runs',
    instead: ({ deletion }) => ({ definition: JSON.stringify({ erased: deletion }) }),
    cache: false,
  },
];

/**
 * Deletes from caches, queues and definitions what repeats the document or was made from it.
 * @param erased samples that were taken from their datasets, as `DATASET SAMPLE`: what hangs on them goes too.
 */
export async function eraseStoredTexts(
  transaction: Transaction,
  documents: ErasedDocuments,
  erased: ReadonlySet<string>,
): Promise<ErasedSurface[]> {
  const tables = evaluationTables(transaction);
  const surfaces: ErasedSurface[] = [];
  for (const { table, key, columns, surface, instead, cache } of textTables) {
    let removed = 0;
    for await (const row of rowsOf<Row>(tables, table, key, columns)) {
      const texts = columns.map((column) => textsInside(row[column] as string | null)).join('\n');
      const hangs = row.dataset !== undefined && erased.has(sampleKey(`${row.dataset}`, `${row.sample}`));
      const starts =
        table === 'generation_candidates' && texts.split('\n').some((text) => documents.ids.has(text));
      if (!hangs && !starts && !(cache ? documents.mentions(texts) : documents.repeats(texts))) continue;
      removed++;
      if (instead) {
        const values = Object.entries(instead(documents)).map(
          ([column, value]) => sql`${sql.ref(column)} = ${value}`,
        );
        await sql`update ${sql.table(table)} set ${sql.join(values)} where ${isRow(row, key)}`.execute(
          tables,
        );
      } else await sql`delete from ${sql.table(table)} where ${isRow(row, key)}`.execute(tables);
    }
    surfaces.push({ surface, removed });
  }
  return surfaces;
}

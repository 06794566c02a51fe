import {
  type Answer,
  type ErasedDocuments,
  type ErasedSurface,
  type Score,
  textsInside,
} from '../../core/index.ts';
import { evaluationTables } from '../migrations.ts';
import { sampleKey } from './erase-samples.ts';
import { erasureTables } from './erasure-migrations.ts';
import { isRow, rowsOf } from './rows-of.ts';

type Transaction = Parameters<typeof evaluationTables>[0];

/**
 * Deletes the answers that a document went into: those that cite it, those that were given with a passage of it at hand, and those
 * that repeat one. Their results keep scores, hashes and ids, and a tombstone says why there is no text.
 * @param erased samples that were taken from their datasets, as `DATASET SAMPLE`.
 */
export async function eraseAnswers(
  transaction: Transaction,
  documents: ErasedDocuments,
  erased: ReadonlySet<string>,
): Promise<ErasedSurface[]> {
  const tables = evaluationTables(transaction);
  const keys = new Set<string>();
  const erasedIds = new Set([...erased].map((key) => key.slice(key.indexOf(' ') + 1)));
  type Row = { key: string; sample: string; answer: string };
  for await (const row of rowsOf<Row>(tables, 'evaluation_answers', ['key'], ['sample', 'answer'])) {
    if (!wentInto(documents, row.answer, erasedIds.has(row.sample))) continue;
    keys.add(row.key);
    await tables.deleteFrom('evaluation_answers').where('key', '=', row.key).execute();
  }
  const results = await clearResults(transaction, documents, keys, erased);
  return [
    { surface: 'answers, with their citations and contexts', removed: keys.size },
    { surface: 'results whose answer is gone (scores stay)', ...results.tombstones },
    { surface: 'reasons and messages beside scores', removed: results.details },
  ];
}

function wentInto(documents: ErasedDocuments, stored: string, toErasedSample: boolean): boolean {
  const { citations, contexts } = JSON.parse(stored) as Answer;
  if (citations.some(({ documentId }) => documentId !== null && documents.ids.has(documentId))) return true;
  if (contexts.some(({ documentId }) => documentId !== null && documents.ids.has(documentId))) return true;
  const texts = textsInside(stored);
  // An answer to a question that was made from the document may name what only the document names.
  return toErasedSample ? documents.mentions(texts) : documents.repeats(texts);
}

type ResultRow = {
  run: string;
  sample: string;
  repetition: number;
  answer_key: string | null;
  scores: string;
  error: string | null;
};
const resultKey = ['run', 'sample', 'repetition'] as const;

async function clearResults(
  transaction: Transaction,
  documents: ErasedDocuments,
  keys: ReadonlySet<string>,
  erased: ReadonlySet<string>,
): Promise<{ tombstones: { removed: number; ids: string[] }; details: number }> {
  const tables = evaluationTables(transaction);
  const runs = await tables.selectFrom('evaluation_runs').select(['id', 'dataset']).execute();
  const datasets = new Map(runs.map(({ id, dataset }) => [id, dataset]));
  const touched = new Set<string>();
  let tombstones = 0;
  let details = 0;
  const columns = ['answer_key', 'scores', 'error'] as const;
  for await (const row of rowsOf<ResultRow>(tables, 'evaluation_results', resultKey, columns)) {
    const gone = row.answer_key !== null && keys.has(row.answer_key);
    const ofErased = erased.has(sampleKey(datasets.get(row.run) ?? '', row.sample));
    const bare =
      gone || ofErased || documents.repeats(textsInside(row.scores))
        ? withoutDetails(row.scores)
        : row.scores;
    const error = row.error !== null && documents.mentions(row.error) ? withoutMessage(row.error) : row.error;
    if (gone) {
      tombstones++;
      touched.add(row.run);
      await erasureTables(transaction)
        .insertInto('evaluation_erased_answers')
        .values({
          ...{ run: row.run, sample: row.sample, repetition: row.repetition },
          ...{ deletion: documents.deletion, erased_at: documents.at },
        })
        .onConflict((conflict) => conflict.columns(['run', 'sample', 'repetition']).doNothing())
        .execute();
    }
    if (bare !== row.scores || error !== row.error) details++;
    if (gone || bare !== row.scores || error !== row.error)
      await tables
        .updateTable('evaluation_results')
        .set({ scores: bare, error, ...(gone ? { answer_key: null } : {}) })
        .where(isRow(row, resultKey))
        .execute();
  }
  return { tombstones: { removed: tombstones, ids: [...touched] }, details };
}

/** Values and reasons without what scorers and judges wrote beside them. */
function withoutDetails(stored: string): string {
  const scores = JSON.parse(stored) as Record<string, Score>;
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(scores).map(([metric, score]): [string, Score] => {
        if (score.status === 'error') return [metric, { ...score, cause: 'erased' }];
        const { detail: _detail, ...bare } = score;
        return [metric, bare];
      }),
    ),
  );
}

function withoutMessage(stored: string): string {
  return JSON.stringify({ ...(JSON.parse(stored) as object), message: 'erased' });
}

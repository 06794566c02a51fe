import { type ErasedDocuments, type ErasedSurface, sha256 } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { evaluationTables } from '../migrations.ts';
import { eraseAnswers } from './erase-answers.ts';
import { eraseSamples } from './erase-samples.ts';
import { eraseStoredTexts } from './erase-stored-texts.ts';
import { erasureTables } from './erasure-migrations.ts';

type Transaction = Parameters<typeof evaluationTables>[0];

/** What evaluation gave up of a document. */
export interface ErasedFromEvaluation {
  readonly surfaces: readonly ErasedSurface[];
  /** `DATASET SAMPLE` of erased samples whose question a person wrote and which is kept in a tombstone. */
  readonly questionsKept: readonly string[];
}

/**
 * Takes everything that evaluation holds of a document away, in a transaction of the caller. Scores, ids and hashes of
 * runs stay. What is brought later, by a run that was under way, is not kept either (see `withoutErased`).
 * @param options `questions`: whether the questions that people wrote about the document go too.
 */
export async function eraseFromEvaluation(
  transaction: Transaction,
  documents: ErasedDocuments,
  options: { readonly questions: boolean },
): Promise<ErasedFromEvaluation> {
  const { deletion, at } = documents;
  for (const id of documents.ids)
    await erasureTables(transaction)
      .insertInto('evaluation_erased_documents')
      .values({ document_hash: sha256(id), deletion, erased_at: at })
      .onConflict((conflict) => conflict.column('document_hash').doUpdateSet({ deletion, erased_at: at }))
      .execute();
  const samples = await eraseSamples(transaction, documents, options);
  return {
    surfaces: [
      ...samples.surfaces,
      ...(await eraseAnswers(transaction, documents, samples.taken)),
      ...(await eraseStoredTexts(transaction, documents, samples.taken)),
    ],
    questionsKept: samples.questionsKept,
  };
}

/** Lets answers that use a document be kept again. What was erased does not come back. */
export async function forgetErasedDocument(transaction: Transaction, documentId: string): Promise<void> {
  await erasureTables(transaction)
    .deleteFrom('evaluation_erased_documents')
    .where('document_hash', '=', sha256(documentId))
    .execute();
}

/** What a run has lost to deletions of documents. */
export interface ErasuresOfRun {
  /** Answers whose text is gone. */
  readonly answers: number;
  /** Samples of its dataset that are gone; they make the run one that cannot be done again. */
  readonly samples: number;
  /** Ids of the deletions, oldest first. */
  readonly deletions: readonly string[];
}

/** Null where nothing was erased. */
export async function erasuresOfRun(
  database: Database,
  run: { readonly id: string; readonly dataset: { readonly name: string } },
): Promise<ErasuresOfRun | null> {
  const tables = erasureTables(database);
  const answers = await tables
    .selectFrom('evaluation_erased_answers')
    .select(['deletion', 'erased_at'])
    .where('run', '=', run.id)
    .execute();
  const samples = await tables
    .selectFrom('evaluation_erased_samples')
    .select(['deletion', 'erased_at'])
    .where('dataset', '=', run.dataset.name)
    .execute();
  if (answers.length + samples.length === 0) return null;
  const all = [...answers, ...samples].sort((a, b) => (a.erased_at < b.erased_at ? -1 : 1));
  return {
    answers: answers.length,
    samples: samples.length,
    deletions: [...new Set(all.map(({ deletion }) => deletion))],
  };
}

/** What is left of a sample that a deletion of documents took. */
export interface ErasedSample {
  readonly deletion: string;
  /** Where a person wrote it and it was not to go; null otherwise. */
  readonly question: string | null;
}

/** Null where the sample was not erased. */
export async function erasedSample(
  database: Database,
  dataset: string,
  id: string,
): Promise<ErasedSample | null> {
  const row = await erasureTables(database)
    .selectFrom('evaluation_erased_samples')
    .select(['deletion', 'rest'])
    .where('dataset', '=', dataset)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  const { input = null } = JSON.parse(row.rest) as { input?: string };
  return { deletion: row.deletion, question: input };
}

/** Deletion that took the answers of a run to a sample, by repetition. */
export async function erasedAnswers(
  database: Database,
  run: string,
  sample: string,
): Promise<Map<number, string>> {
  const rows = await erasureTables(database)
    .selectFrom('evaluation_erased_answers')
    .select(['repetition', 'deletion'])
    .where('run', '=', run)
    .where('sample', '=', sample)
    .execute();
  return new Map(rows.map(({ repetition, deletion }) => [repetition, deletion]));
}

import {
  type ErasedDocuments,
  type ErasedSurface,
  type Evidence,
  type Sample,
  sha256,
} from '../../core/index.ts';
import { evaluationTables } from '../migrations.ts';
import { erasureTables } from './erasure-migrations.ts';
import { rowsOf } from './rows-of.ts';

type Transaction = Parameters<typeof evaluationTables>[0];

/** Tags of samples that the house made from documents. */
const madeTags = new Set(['generated', 'cloze']);

/** Samples that were taken from their datasets. */
export interface ErasedSamples {
  readonly surfaces: readonly ErasedSurface[];
  /** `DATASET SAMPLE` of each. */
  readonly taken: ReadonlySet<string>;
  /** `DATASET SAMPLE` of those whose question a person wrote and which is kept. */
  readonly questionsKept: readonly string[];
}

/** What identifies a sample across datasets. */
export const sampleKey = (dataset: string, sample: string): string => `${dataset} ${sample}`;

/**
 * Takes samples that were drawn from a document out of their datasets: those with evidence in it, and those whose question or
 * expected answer repeats a passage of it. Without the document they cannot be answered, and what they expect is its text.
 * A tombstone keeps evidence as document, offsets and hash, split, group and tags, and the question itself where a
 * person wrote it, unless `questions` is given. The hash of the dataset stays: it names what runs were made on.
 */
export async function eraseSamples(
  transaction: Transaction,
  documents: ErasedDocuments,
  { questions }: { readonly questions: boolean },
): Promise<ErasedSamples> {
  const tables = evaluationTables(transaction);
  const tombstones = erasureTables(transaction);
  const taken = new Set<string>();
  const questionsKept: string[] = [];
  const counts = new Map<string, number>();
  type Row = { dataset: string; id: string; split: string | null; sample: string };
  for await (const row of rowsOf<Row>(tables, 'evaluation_samples', ['dataset', 'id'], ['split', 'sample'])) {
    const sample = JSON.parse(row.sample) as Sample;
    if (!isDrawnFrom(sample, documents)) continue;
    const made = (sample.tags ?? []).some((tag) => madeTags.has(tag)) || documents.repeats(sample.input);
    const keepsQuestion = !made && !questions;
    if (keepsQuestion) questionsKept.push(sampleKey(row.dataset, row.id));
    await tombstones
      .insertInto('evaluation_erased_samples')
      .values({
        dataset: row.dataset,
        id: row.id,
        split: row.split,
        rest: JSON.stringify(whatIsLeft(sample, keepsQuestion)),
        deletion: documents.deletion,
        erased_at: documents.at,
      })
      .onConflict((conflict) => conflict.columns(['dataset', 'id']).doNothing())
      .execute();
    await tables
      .deleteFrom('evaluation_samples')
      .where('dataset', '=', row.dataset)
      .where('id', '=', row.id)
      .execute();
    taken.add(sampleKey(row.dataset, row.id));
    counts.set(row.dataset, (counts.get(row.dataset) ?? 0) + 1);
  }
  for (const [dataset, count] of counts)
    await tables
      .updateTable('evaluation_datasets')
      .set(({ eb }) => ({ samples: eb('samples', '-', count) }))
      .where('name', '=', dataset)
      .execute();
  const forgotten = await forgetQuestions(transaction, documents, questions);
  const surfaces = [{ surface: 'samples of datasets', removed: taken.size, ids: [...taken] }];
  return {
    surfaces:
      forgotten > 0
        ? [...surfaces, { surface: 'questions of erased samples', removed: forgotten }]
        : surfaces,
    taken,
    questionsKept,
  };
}

function isDrawnFrom(sample: Sample, documents: ErasedDocuments): boolean {
  if ((sample.evidence ?? []).some((piece) => documents.ids.has(piece.document))) return true;
  const { input, reference, references = [], facts = [], mustNot = [] } = sample;
  return [input, reference ?? '', ...references, ...facts.flat(), ...mustNot.flat()].some((text) =>
    documents.repeats(text),
  );
}

/** What a tombstone keeps of a sample. */
interface SampleRest {
  readonly input?: string;
  readonly evidence: readonly Evidence[];
  readonly group?: string;
  readonly tags?: readonly string[];
}

function whatIsLeft(sample: Sample, keepsQuestion: boolean): SampleRest {
  return {
    ...(keepsQuestion ? { input: sample.input } : {}),
    evidence: (sample.evidence ?? []).map(({ quote, ...piece }) =>
      quote === undefined || piece.hash !== undefined ? piece : { ...piece, hash: sha256(quote) },
    ),
    ...(sample.group === undefined ? {} : { group: sample.group }),
    ...(sample.tags === undefined ? {} : { tags: sample.tags }),
  };
}

/** Questions that an earlier deletion kept: those that repeat these documents, and with `all` every one about them. */
async function forgetQuestions(
  transaction: Transaction,
  documents: ErasedDocuments,
  all: boolean,
): Promise<number> {
  const tables = erasureTables(transaction);
  let forgotten = 0;
  const rows = await tables
    .selectFrom('evaluation_erased_samples')
    .select(['dataset', 'id', 'rest'])
    .where('rest', 'like', '%"input":%')
    .execute();
  for (const row of rows) {
    const { input, ...rest } = JSON.parse(row.rest) as SampleRest;
    if (input === undefined) continue;
    const about = rest.evidence.some((piece) => documents.ids.has(piece.document));
    if (!(all && about) && !documents.repeats(input)) continue;
    await tables
      .updateTable('evaluation_erased_samples')
      .set({ rest: JSON.stringify(rest) })
      .where('dataset', '=', row.dataset)
      .where('id', '=', row.id)
      .execute();
    forgotten++;
  }
  return forgotten;
}

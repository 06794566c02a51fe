import { basename } from 'node:path';
import { FulcrumError, type Sample, type SplitName, splitNameSchema } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { type AmbiguousQuote, anchorEvidence, type SourceNames } from './anchor-evidence.ts';
import type { DatasetStore, DatasetSummary } from './dataset-store.ts';
import { isBeirFolder, readBeir } from './read-beir.ts';
import { readSamples } from './read-samples.ts';

export type DatasetFormat = 'jsonl' | 'beir';

export interface ImportOptions {
  /** A JSON Lines file of samples, or a folder in BEIR form. */
  readonly path: string;
  readonly name: string;
  /** By default `beir` for a folder, `jsonl` for a file. */
  readonly format?: DatasetFormat | undefined;
  /** BEIR: whose queries and judgements. JSONL: only samples of this split; samples without one are put in it. */
  readonly split?: string | undefined;
  readonly sources: SourceNames;
  readonly readDocument: ReadDocument;
  readonly store: DatasetStore;
}

export interface ImportResult extends DatasetSummary {
  /** Whether exactly these samples were there already. */
  readonly unchanged: boolean;
  /** Pieces of evidence in all. */
  readonly evidence: number;
  readonly ambiguous: readonly AmbiguousQuote[];
  /** Samples of the file that were not taken: other splits, queries without a judgement. */
  readonly leftOut: number;
}

/**
 * Imports a dataset: reads it, checks every piece of evidence against the corpus, and keeps it with offsets and
 * hashes in place of quotes. Throws `record-invalid`, `dataset-empty`, `evidence-not-found`, `source-ambiguous` or
 * `dataset-exists`; then nothing was imported.
 */
export async function importDataset(options: ImportOptions): Promise<ImportResult> {
  const { path, name, store } = options;
  const format = options.format ?? (isBeirFolder(path) ? 'beir' : 'jsonl');
  const read =
    format === 'beir' ? await fromBeir(path, options.split) : await fromJsonLines(path, options.split);
  if (read.samples.length === 0) throw new FulcrumError('dataset-empty', { path });
  const { samples, ambiguous } = await anchorEvidence(read.samples, options.sources, options.readDocument);
  const { summary, unchanged } = await store.save(name, samples, basename(path));
  return {
    ...summary,
    unchanged,
    evidence: samples.reduce((sum, sample) => sum + (sample.evidence?.length ?? 0), 0),
    ambiguous,
    leftOut: read.leftOut,
  };
}

async function fromBeir(
  path: string,
  split?: string,
): Promise<{ samples: readonly Sample[]; leftOut: number }> {
  if (!isBeirFolder(path)) throw new FulcrumError('directory-not-found', { path });
  const { samples, unjudged } = await readBeir(path, split);
  return { samples, leftOut: unjudged };
}

async function fromJsonLines(path: string, split?: string): Promise<{ samples: Sample[]; leftOut: number }> {
  const wanted = split === undefined ? undefined : parseSplit(split);
  const samples: Sample[] = [];
  let leftOut = 0;
  for await (const { sample } of readSamples(path)) {
    if (wanted === undefined) samples.push(sample);
    else if ((sample.split ?? wanted) === wanted) samples.push({ ...sample, split: wanted });
    else leftOut++;
  }
  return { samples, leftOut };
}

/** Checks the name of a split; throws `usage`. */
export function parseSplit(split: string): SplitName {
  const parsed = splitNameSchema.safeParse(split);
  if (parsed.success) return parsed.data;
  throw new FulcrumError('usage', {
    problem: `There is no split "${split}"; the splits are train, dev and test.`,
  });
}

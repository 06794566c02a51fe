import { basename } from 'node:path';
import { FulcrumError, type Sample, type SplitName, splitNameSchema } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { type AmbiguousQuote, anchorEvidence, type SourceNames } from './anchor-evidence.ts';
import type { DatasetStore, DatasetSummary } from './dataset-store.ts';
import type { DatasetFormat, FormatReadOptions } from './formats/format.ts';
import type { LostFields } from './formats/lost-fields.ts';
import { type DatasetFile, readDatasetFile } from './formats/read-dataset-file.ts';

export interface ImportOptions extends FormatReadOptions {
  /** A file of samples in any known format, or a folder in BEIR form. */
  readonly path: string;
  readonly name: string;
  /** Detected by default (`detectFormat`). */
  readonly format?: DatasetFormat | undefined;
  /** BEIR: whose queries and judgements. Else: only samples of this split; samples without one are put in it. */
  readonly split?: string | undefined;
  readonly sources: SourceNames;
  readonly readDocument: ReadDocument;
  readonly store: DatasetStore;
}

export interface ImportResult extends DatasetSummary {
  readonly format: DatasetFormat;
  /** Whether exactly these samples were there already. */
  readonly unchanged: boolean;
  /** Pieces of evidence in all. */
  readonly evidence: number;
  readonly ambiguous: readonly AmbiguousQuote[];
  /** Samples of the file that were not taken: other splits, queries without a judgement. */
  readonly leftOut: number;
  /** Samples that count as answerable and of which nothing is known: no reference, fact, label or evidence. */
  readonly withoutGold: number;
  /** What the file holds and a dataset does not, by name. */
  readonly lost: LostFields;
}

/**
 * Imports a dataset: reads it, checks every piece of evidence against the corpus, and keeps it with offsets and
 * hashes in place of quotes. Throws `record-invalid`, `columns-unmapped`, `format-unclear`, `dataset-empty`,
 * `evidence-not-found`, `source-ambiguous`, `dataset-exists` or `dataset-frozen`; then nothing was imported.
 */
export async function importDataset(options: ImportOptions): Promise<ImportResult> {
  const { path, name, store } = options;
  const read = takeSplit(await readDatasetFile(path, options), options.split);
  if (read.samples.length === 0) throw new FulcrumError('dataset-empty', { path });
  const { samples, ambiguous } = await anchorEvidence(read.samples, options.sources, options.readDocument);
  const { summary, unchanged } = await store.save(name, samples, basename(path));
  return {
    ...summary,
    format: read.format,
    unchanged,
    evidence: samples.reduce((sum, sample) => sum + (sample.evidence?.length ?? 0), 0),
    ambiguous,
    leftOut: read.leftOut,
    withoutGold: samples.filter(isWithoutGold).length,
    lost: read.lost,
  };
}

function isWithoutGold({ answerable, reference, references, facts, label, evidence }: Sample): boolean {
  const known = [...(references ?? []), ...(facts ?? []), ...(evidence ?? [])];
  return answerable && reference === undefined && label === undefined && known.length === 0;
}

/** The samples of one split; those without a split are put in it. A BEIR folder was read by split already. */
function takeSplit(
  { records, format, lost, leftOut }: DatasetFile,
  split: string | undefined,
): { format: DatasetFormat; lost: LostFields; leftOut: number; samples: Sample[] } {
  const all = records.map(({ sample }) => sample);
  if (split === undefined || format === 'beir') return { format, lost, leftOut, samples: all };
  const wanted = parseSplit(split);
  const samples = all
    .filter((sample) => (sample.split ?? wanted) === wanted)
    .map((sample) => ({ ...sample, split: wanted }));
  return { format, lost, leftOut: leftOut + all.length - samples.length, samples };
}

/** Checks the name of a split; throws `usage`. */
export function parseSplit(split: string): SplitName {
  const parsed = splitNameSchema.safeParse(split);
  if (parsed.success) return parsed.data;
  throw new FulcrumError('usage', {
    problem: `There is no split "${split}"; the splits are train, dev and test.`,
  });
}

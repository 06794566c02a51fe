import { rename, writeFile } from 'node:fs/promises';
import { FulcrumError, type Sample } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { type AmbiguousQuote, anchorEvidence, type SourceNames } from './anchor-evidence.ts';
import { readSamples } from './read-samples.ts';

export interface AnchorResult {
  readonly path: string;
  readonly samples: number;
  /** Quotes that became offsets and hashes. */
  readonly anchored: number;
  readonly ambiguous: readonly AmbiguousQuote[];
}

/**
 * Rewrites a JSON Lines file of samples with offsets and hashes in place of quotes, so that it holds no text of the
 * documents. The output appears whole or not at all. Throws what importing would throw.
 * @param options.out where to write; over the input by default.
 */
export async function anchorDatasetFile(options: {
  path: string;
  out?: string | undefined;
  sources: SourceNames;
  readDocument: ReadDocument;
}): Promise<AnchorResult> {
  const { path, out = path } = options;
  const samples: Sample[] = [];
  for await (const { sample } of readSamples(path)) samples.push(sample);
  if (samples.length === 0) throw new FulcrumError('dataset-empty', { path });
  const anchored = await anchorEvidence(samples, options.sources, options.readDocument);
  const unfinished = `${out}.${process.pid}.tmp`;
  await writeFile(unfinished, anchored.samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  await rename(unfinished, out);
  return { path: out, samples: samples.length, anchored: anchored.anchored, ambiguous: anchored.ambiguous };
}

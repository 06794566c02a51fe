import type { Sample, WorkOptions } from '../../core/index.ts';
import { goldItems, judgeRanking } from '../scorers/relevance.ts';
import type { FindPassages } from './generation.ts';

/** Passages of the corpus that are looked through for the gold. */
const passagesSearched = 10;

/** Where search finds the gold of a question, as tags `found-…`. */
export const foundBands = ['at-1', 'in-5', 'in-10', 'not-in-10'] as const;
export type FoundBand = (typeof foundBands)[number];

/**
 * The rank by which search, asked the question itself, has found every piece of its gold evidence; null where ten passages
 * lack one.
 */
export async function retrievalRank(sample: Sample, findPassages: FindPassages): Promise<number | null> {
  const found = await findPassages(sample.input, {
    limit: passagesSearched,
    exceptDocuments: sample.hiddenDocuments,
  });
  const { newItems, gold } = judgeRanking(found, goldItems(sample.evidence));
  let missing = gold.length;
  const place = newItems.findIndex((fresh) => {
    missing -= fresh;
    return missing === 0;
  });
  return place === -1 ? null : place + 1;
}

export function foundBand(rank: number | null): FoundBand {
  if (rank === null) return 'not-in-10';
  return rank === 1 ? 'at-1' : rank <= 5 ? 'in-5' : 'in-10';
}

/**
 * Tags each question that has evidence with where search finds it, and counts. Nothing is rejected by it: a set without
 * the questions that search fails at would flatter search.
 */
export async function tagRoundTrip(
  samples: readonly Sample[],
  findPassages: FindPassages,
  { signal, onProgress }: WorkOptions = {},
): Promise<{ samples: Sample[]; found: Record<FoundBand, number> }> {
  const found = { 'at-1': 0, 'in-5': 0, 'in-10': 0, 'not-in-10': 0 };
  const tagged: Sample[] = [];
  for (const sample of samples) {
    signal?.throwIfAborted();
    if (goldItems(sample.evidence).length === 0) tagged.push(sample);
    else {
      const band = foundBand(await retrievalRank(sample, findPassages));
      found[band]++;
      tagged.push({ ...sample, tags: [...(sample.tags ?? []), `found-${band}`] });
    }
    onProgress?.({ phase: 'searching', done: tagged.length, total: samples.length, unit: 'questions' });
  }
  return { samples: tagged, found };
}

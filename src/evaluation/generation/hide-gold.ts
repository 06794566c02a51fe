import type { Sample, WorkOptions } from '../../core/index.ts';
import { holdsFacts } from './gates.ts';
import type { FindPassages } from './generation.ts';

/** Tag of a question whose gold documents are hidden. */
export const hiddenGoldTag = 'gold-hidden';

/** Passages of the rest of the corpus that are looked through for the answer. */
const passagesSearched = 10;

/** The unanswerable half of a dataset, and what could not be made into it. */
export interface HiddenGold {
  readonly samples: readonly Sample[];
  /** Samples whose facts stand in another document too, so that hiding the gold leaves them answerable. */
  readonly answeredElsewhere: readonly string[];
  /** Samples without evidence or facts: what to hide, or whether that is enough, is not known. */
  readonly withoutGold: number;
}

/**
 * Each answerable question once more, with every document of its evidence hidden: retrieval leaves them out, and the right
 * reaction is a refusal. A question whose facts all stand in the best passages of what is left is not taken.
 */
export async function hideGold(
  samples: readonly Sample[],
  findPassages: FindPassages,
  { signal, onProgress }: WorkOptions = {},
): Promise<HiddenGold> {
  const hidden: Sample[] = [];
  const answeredElsewhere: string[] = [];
  let withoutGold = 0;
  for (const [done, sample] of samples.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'hiding gold', done: done + 1, total: samples.length, unit: 'samples' });
    if (!sample.answerable) continue;
    const { facts = [], evidence = [], tags = [], group, split } = sample;
    const documents = [...new Set(evidence.map(({ document }) => document))].sort();
    if (documents.length === 0 || facts.length === 0) {
      withoutGold++;
      continue;
    }
    const left = await findPassages(sample.input, { limit: passagesSearched, exceptDocuments: documents });
    if (holdsFacts(left.map(({ text }) => text).join('\n'), facts)) {
      answeredElsewhere.push(sample.id);
      continue;
    }
    hidden.push({
      id: `${sample.id}-hidden`,
      input: sample.input,
      answerable: false,
      hiddenDocuments: documents,
      group: group ?? sample.id,
      tags: [...tags.filter((tag) => tag.startsWith('kind-')), hiddenGoldTag],
      ...(split === undefined ? {} : { split }),
    });
  }
  return { samples: hidden, answeredElsewhere, withoutGold };
}

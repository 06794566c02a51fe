import type { Dataset } from '../datasets/dataset.ts';
import { type SampleSource, sampleSource } from '../datasets/sample-source.ts';
import { type KnownLabels, labelScorers, normaliseLabel } from './label-scorers.ts';
import type { Scorer } from './scorer.ts';

/**
 * The scorers of a run for its dataset: where some sample has nothing but its label to be judged by, or `accuracy` was
 * asked for, there are scorers that know all labels of the dataset, those of other splits included. A scorer of the
 * config that has such a name stays in its place.
 */
export async function scorersOfDataset(
  scorers: readonly Scorer[],
  dataset: Dataset | SampleSource,
): Promise<Scorer[]> {
  const { known, alone } = await readLabels(sampleSource(dataset));
  const forLabels = labelScorers(known);
  const names = new Set(forLabels.map(({ name }) => name));
  // Built-in scorers have no definition beside their name.
  const configured = scorers.filter(({ name, definition }) => definition !== undefined || !names.has(name));
  const asked = configured.length < scorers.length;
  if (known.size === 0 || !(alone || asked)) return [...scorers];
  const taken = new Set(configured.map(({ name }) => name));
  return [...configured, ...forLabels.filter(({ name }) => !taken.has(name))];
}

async function readLabels(source: SampleSource): Promise<{ known: KnownLabels; alone: boolean }> {
  const known = new Set<string>();
  let alone = false;
  for await (const page of source.pages())
    for (const { label, reference, references, facts, mustNot } of page) {
      if (label === undefined) continue;
      known.add(normaliseLabel(label));
      alone ||= reference === undefined && !references?.length && !facts?.length && !mustNot?.length;
    }
  return { known, alone };
}

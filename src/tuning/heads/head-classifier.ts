import { FulcrumError } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { bestClass } from './calibration.ts';
import type { Head } from './head-file.ts';
import { classScores } from './softmax-regression.ts';

/** A class with its calibrated probability. */
export interface HeadClass {
  readonly label: string;
  readonly probability: number;
}

/**
 * Classes of vectors by a trained head. A class that stands for "none of them" is never given: its probability counts against the best of the others.
 * Throws `head-other-embedding` for a head of another embedding model.
 */
export function createHeadClassifier(
  head: Head,
  model: Pick<EmbeddingModel, 'id' | 'fingerprint'>,
): (vectors: readonly Float32Array[]) => HeadClass[] {
  const { header, values } = head;
  requireEmbedding(head, model);
  if (header.kind !== 'classifier')
    throw new FulcrumError('head-invalid', { path: 'head', problem: 'it is no classifier' });
  const { labels, temperature, outside } = header;
  const { dimensions } = header.embedding;
  const classifier = { classes: labels.length, dimensions, weights: values };
  const outsideIndex = outside === null ? -1 : labels.indexOf(outside);
  return (vectors) => {
    const flat = new Float32Array(vectors.length * dimensions);
    for (const [row, vector] of vectors.entries()) flat.set(vector, row * dimensions);
    const scores = classScores(classifier, { values: flat, dimensions, rows: vectors.length });
    return vectors.map((_, row) => {
      const { index, probability } = bestInside(
        { scores, classes: labels.length },
        row,
        temperature,
        outsideIndex,
      );
      return { label: labels[index]!, probability };
    });
  };
}

/** The best class that is not the one for "none of them", with its share of all probability. */
export function bestInside(
  rows: { readonly scores: Float32Array; readonly classes: number },
  row: number,
  temperature: number,
  outside: number,
): { index: number; probability: number } {
  if (outside < 0) return bestClass(rows, row, temperature);
  const at = row * rows.classes;
  let index = outside === 0 ? 1 : 0;
  for (let k = 0; k < rows.classes; k++)
    if (k !== outside && rows.scores[at + k]! > rows.scores[at + index]!) index = k;
  let sum = 0;
  for (let k = 0; k < rows.classes; k++)
    sum += Math.exp((rows.scores[at + k]! - rows.scores[at + index]!) / temperature);
  return { index, probability: 1 / sum };
}

/** Throws `head-other-embedding`. */
export function requireEmbedding({ header }: Head, model: Pick<EmbeddingModel, 'id' | 'fingerprint'>): void {
  if (header.embedding.fingerprint !== model.fingerprint)
    throw new FulcrumError('head-other-embedding', { trained: header.embedding.model, given: model.id });
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../src/core/index.ts';
import { type EmbeddingModel, priceCoreSeconds, resolveEmbeddingModel } from '../../src/models/index.ts';

/**
 * The label of the nearest training question by the local embedding model: no language model, no training. Its
 * confidence is the cosine. The training questions are embedded once; their vectors are kept beside the project's data.
 */
export async function answer({ input }: { input: string }): Promise<{
  answer: string;
  confidence: number;
  costUsd: number | null;
  usage: { embeddedTokens: number; coreSeconds: number };
}> {
  train ??= embedTrain();
  const { model, labels, vectors, size } = await train;
  const { vectors: own, tokens, coreSeconds } = await model.embedQueries([input]);
  let best = 0;
  let greatest = -1;
  for (let row = 0; row < labels.length; row++) {
    let cosine = 0;
    for (let index = 0; index < size; index++) cosine += own[0]![index]! * vectors[row * size + index]!;
    if (cosine > greatest) [greatest, best] = [cosine, row];
  }
  return {
    answer: labels[best]!,
    confidence: Math.max(0, Math.min(1, greatest)),
    costUsd: priceCoreSeconds(coreSeconds).usd,
    usage: { embeddedTokens: tokens, coreSeconds },
  };
}

interface Train {
  readonly model: EmbeddingModel;
  readonly labels: readonly string[];
  /** One row of `size` numbers of unit length after the other. */
  readonly vectors: Float32Array;
  readonly size: number;
}

let train: Promise<Train> | null = null;

async function embedTrain(): Promise<Train> {
  const data = readFileSync(join(import.meta.dirname, '.fulcrum/banking77.jsonl'), 'utf8');
  const samples = data
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { input: string; label: string; split: string })
    .filter(({ split }) => split === 'train');
  const model = await resolveEmbeddingModel('local/bge-small-en-v1.5', {});
  const inputs = samples.map(({ input }) => input);
  const kept = join(
    import.meta.dirname,
    '.fulcrum',
    `nearest-${sha256(JSON.stringify([model.fingerprint, inputs])).slice(0, 16)}.f32`,
  );
  if (!existsSync(kept)) {
    const { vectors } = await model.embedQueries(inputs);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, Buffer.concat(vectors.map((vector) => Buffer.from(new Float32Array(vector).buffer))));
  }
  const bytes = readFileSync(kept);
  const vectors = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return { model, labels: samples.map(({ label }) => label), vectors, size: vectors.length / samples.length };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EmbeddingModel } from '../embedding-model.ts';
import { ensureModelFiles, findLocalModel, type LocalEmbeddingEntry } from '../files/index.ts';
import { priceCoreSeconds } from '../prices.ts';
import { createLocalEmbeddingModel } from './local-embedding-model.ts';

const files = Object.fromEntries(
  await Promise.all(
    ['local/bge-small-en-v1.5', 'local/all-minilm-l6-v2'].map(async (id) => [
      id,
      await ensureModelFiles(id).catch(() => null),
    ]),
  ),
);

function open(id: string): EmbeddingModel {
  return createLocalEmbeddingModel({
    entry: findLocalModel(id) as LocalEmbeddingEntry,
    files: files[id],
    price: priceCoreSeconds,
  });
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe.each(['local/bge-small-en-v1.5', 'local/all-minilm-l6-v2'])('%s', (id) => {
  describe.skipIf(!files[id])('with its files (neither cached nor fetchable: skipped)', () => {
    const model = files[id] ? open(id) : null!;
    afterAll(() => model.close());

    it('puts paraphrases nearer than other sentences, in unit vectors', async () => {
      const { vectors, tokens, coreSeconds, cost } = await model.embedDocuments([
        'The cat sat on the mat.',
        'A cat was sitting on the rug.',
        'Interest rates rose in March.',
      ]);
      const [cat, rug, rates] = vectors as [Float32Array, Float32Array, Float32Array];
      expect(dot(cat, rug)).toBeGreaterThan(dot(cat, rates) + 0.3);
      for (const vector of vectors) {
        expect(vector).toHaveLength(384);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      }
      // [CLS] the cat sat on the mat . [SEP] is 9 word pieces; the others 10 and 8.
      expect(tokens).toBe(27);
      expect(coreSeconds).toBeGreaterThan(0);
      expect(cost).toEqual(priceCoreSeconds(coreSeconds));
    });

    it('gives a text the same vector alone and among others, whatever thread runs it', async () => {
      const texts = Array.from(
        { length: 24 },
        (_, index) => `Step ${index}: ${'open the lid '.repeat(index)}`,
      );
      const together = await model.embedDocuments(texts);
      for (const index of [0, 7, 23]) {
        const alone = await model.embedDocuments([texts[index]!]);
        expect(alone.vectors[0]).toEqual(together.vectors[index]);
      }
    });

    it('cuts long texts, keeping the start', async () => {
      const long = 'word '.repeat(3000);
      const { vectors, tokens } = await model.embedDocuments([long, `${long}and a different end`]);
      expect(tokens).toBe(2 * model.maxTokens);
      expect(vectors[0]).toEqual(vectors[1]);
    });

    it('takes any text', async () => {
      const hostile = [
        '',
        ' ',
        '\u0000\ud800',
        '🙂👩‍👩‍👧‍👦',
        '[CLS] [SEP] [MASK]',
        'x'.repeat(20_000),
        'ſﬃ\u202e',
      ];
      const { vectors } = await model.embedDocuments(hostile);
      for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      expect((await model.embedDocuments([])).vectors).toEqual([]);
    });
  });
});

describe.skipIf(!files['local/bge-small-en-v1.5'])('a local embedding model (files needed)', () => {
  const id = 'local/bge-small-en-v1.5';

  it('sets queries apart from passages by the prefix it was trained with', async () => {
    const model = open(id);
    const prefix = 'Represent this sentence for searching relevant passages: ';
    const query = await model.embedQueries(['how to stream text']);
    const spelled = await model.embedDocuments([`${prefix}how to stream text`, 'how to stream text']);
    expect(query.vectors[0]).toEqual(spelled.vectors[0]);
    expect(query.vectors[0]).not.toEqual(spelled.vectors[1]);
    await model.close();
  });

  it('stops on request and goes on afterwards', async () => {
    const model = open(id);
    const texts = Array.from({ length: 2000 }, (_, index) => `A sentence with number ${index}.`);
    const controller = new AbortController();
    const startedAt = Date.now();
    const work = model.embedDocuments(texts, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(Date.now() - startedAt).toBeLessThan(5000);
    expect((await model.embedDocuments(['again'])).vectors).toHaveLength(1);
    await model.close();
  });

  it('says so when a thread cannot load the model, each time', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fulcrum-model-'));
    const weights = join(directory, 'model.onnx');
    await writeFile(weights, 'not a model');
    const model = createLocalEmbeddingModel({
      entry: findLocalModel(id) as LocalEmbeddingEntry,
      files: { ...files[id], weights },
      price: priceCoreSeconds,
    });
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(model.embedDocuments(['x'])).rejects.toMatchObject({ code: 'model-failed' });
    await model.close();
    await rm(directory, { recursive: true });
  });
});

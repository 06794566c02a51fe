import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { localOwner } from '../core/index.ts';
import { openDatabase } from '../database/index.ts';
import type { TunedSettings, TuningQuestion } from '../experiments/index.ts';
import {
  createRetriever,
  createSynchroniser,
  estimateTokens,
  knowledgeMigrations,
  type Retriever,
  reuseVectors,
} from '../knowledge/index.ts';
import { createHashingEmbeddingModel } from '../testing/hashing-embedding-model.ts';
import { createMemoryChunkStore } from '../testing/memory-chunk-store.ts';
import { createMemorySource, createParagraphPipeline } from '../testing/paragraph-corpus.ts';
import { createTunedSearch } from './tuned-search.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const words = ['amber', 'brass', 'cedar', 'dune', 'ember', 'flint', 'grove', 'heron'];
/** Documents of three paragraphs, each of four words that repeat across documents in other orders. */
const documents = Object.fromEntries(
  Array.from({ length: 40 }, (_, number) => [
    `d${number}`,
    [0, 1, 2]
      .map((part) => [1, 3, 5, 7].map((step) => words[(number * step + part) % 8]).join(' '))
      .join('\n\n'),
  ]),
);

async function corpus() {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-tuned-'));
  const database = await openDatabase(':memory:', [knowledgeMigrations]);
  closers.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => database.close(),
  );
  const model = createHashingEmbeddingModel();
  const options = { database, store: createMemoryChunkStore(), embeddingModel: async () => model };
  await createSynchroniser({
    ...options,
    tenant: 'local',
    pipeline: createParagraphPipeline(),
    lockFile: join(folder, 'lock'),
  }).sync([createMemorySource('docs', documents)]);
  return { database, model, retriever: createRetriever(options) };
}

const settings: TunedSettings = {
  weight: 0.8,
  'chunk-size': 200,
  neighbours: 0,
  k: 10,
  'near-duplicates': 'keep',
  rerank: null,
};
const questions: TuningQuestion[] = ['amber heron', 'dune flint cedar', 'brass'].map((input, index) => ({
  id: `q${index}`,
  input,
  group: `q${index}`,
  gold: [],
  ...(index === 2 && { hiddenDocuments: ['docs:d1', 'docs:d9'] }),
}));

describe('search under test', () => {
  it('gives at every weight what the retriever gives, from one search of a question', async () => {
    const { retriever } = await corpus();
    let asked = 0;
    const counting: Retriever = {
      retrieve: (...parameters) => {
        asked++;
        return retriever.retrieve(...parameters);
      },
    };
    const search = createTunedSearch({
      retrieverFor: async () => counting,
      configured: {},
      hitsToBudget: 50,
    });
    for (const weight of [0, 0.3, 0.5, 0.8, 1])
      for (const k of [3, null]) {
        const lists = await search({ ...settings, weight, k }, questions);
        for (const [index, { input, hiddenDocuments }] of questions.entries()) {
          const { hits } = await retriever.retrieve(input, localOwner, {
            vectorWeight: weight,
            limit: k ?? 50,
            filter: { exceptDocuments: hiddenDocuments },
          });
          expect(hits.length).toBe(k ?? 50);
          expect(lists[index]).toMatchObject(
            hits.map(({ documentId, start, end, text }) => ({
              ...{ documentId, start, end, tokens: estimateTokens(text) },
            })),
          );
        }
      }
    expect(asked).toBe(questions.length);
  });

  it('asks the retriever itself where hits change in another way, and passes on what the config says', async () => {
    const { retriever } = await corpus();
    const asked: unknown[] = [];
    const search = createTunedSearch({
      retrieverFor: async () => ({
        retrieve: (query, principal, overrides) => {
          asked.push(overrides);
          return retriever.retrieve(query, principal, { ...overrides, rerank: null });
        },
      }),
      configured: { rerank: { model: 'desk/ranker', top: 7 } },
      hitsToBudget: 30,
    });
    const [question] = questions;
    await search({ ...settings, neighbours: 1, weight: 0.4, k: null }, [question!]);
    await search({ ...settings, rerank: 'desk/ranker' }, [question!]);
    expect(asked).toMatchObject([
      { vectorWeight: 0.4, limit: 30, neighbours: 1, nearDuplicates: 'keep', rerank: null },
      { vectorWeight: 0.8, limit: 10, neighbours: 0, rerank: { model: 'desk/ranker', top: 7 } },
    ]);
  });

  it('stops when it is told to', async () => {
    const { retriever } = await corpus();
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const search = createTunedSearch({
      ...{ retrieverFor: async () => retriever, configured: {}, hitsToBudget: 30, signal: stop.signal },
    });
    await expect(search(settings, questions)).rejects.toThrow('enough');
  });
});

describe('a model for a second index', () => {
  it('embeds only what the first one has not embedded, in the order of the texts', async () => {
    const { database, model } = await corpus();
    const known = documents.d0!.split('\n\n')[0]!;
    const before = model.embeddedDocuments;
    const { vectors } = await reuseVectors(model, database).embedDocuments([known, 'something new', known]);
    expect(model.embeddedDocuments - before).toBe(1);
    const fresh = await model.embedDocuments([known, 'something new']);
    expect([...vectors[0]!]).toEqual([...fresh.vectors[0]!]);
    expect([...vectors[1]!]).toEqual([...fresh.vectors[1]!]);
    expect([...vectors[2]!]).toEqual([...fresh.vectors[0]!]);
  });
});

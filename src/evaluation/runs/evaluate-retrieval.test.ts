import { expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset-store.ts';
import { evaluateRetrieval } from './evaluate-retrieval.ts';

const sample = (id: string, ...documents: string[]): Sample => ({
  id,
  input: id,
  answerable: true,
  evidence: documents.map((document) => ({ document })),
});
const dataset: Dataset = {
  name: 'd',
  hash: 'h',
  samples: 3,
  splits: {},
  origin: 'x',
  importedAt: '',
  content: [sample('one', 'a'), sample('two', 'b', 'c'), { id: 'none', input: 'none', answerable: false }],
};
const hits = (...documents: string[]) =>
  documents.map((documentId, start) => ({ documentId, start, end: start + 1 }));

it('gives the mean of each arm over the samples with evidence, by document', async () => {
  const found: Record<string, ReturnType<typeof hits>> = {
    // "x" twice is one document, so "a" has rank 2.
    'keyword one': hits('x', 'x', 'a'),
    'keyword two': hits('b', 'y', 'c'),
    'vector one': [],
    'vector two': hits('c'),
  };
  const limits = new Set<number>();
  const report = await evaluateRetrieval({
    dataset,
    arms: ['keyword', 'vector'],
    k: 10,
    retrieve: async (query, arm, limit) => {
      limits.add(limit);
      return found[`${arm} ${query}`] ?? [];
    },
  });
  const ideal = 1 + 1 / Math.log2(3);
  expect(report).toEqual({
    dataset: 'd',
    n: 2,
    arms: {
      keyword: {
        'ndcg@10': expect.closeTo((1 / Math.log2(3) + (1 + 1 / 2) / ideal) / 2, 12),
        'recall@10': 1,
        'hit@1': 0.5,
        'hit@5': 1,
        'mrr@10': 0.75,
      },
      vector: {
        'ndcg@10': expect.closeTo(1 / ideal / 2, 12),
        'recall@10': 0.25,
        'hit@1': 0.5,
        'hit@5': 0.5,
        'mrr@10': 0.5,
      },
    },
  });
  expect([...limits]).toEqual([100]);
});

it('needs evidence', async () => {
  const without = { ...dataset, content: dataset.content.slice(2) };
  const options = { dataset: without, arms: ['keyword' as const], k: 10, retrieve: async () => [] };
  await expect(evaluateRetrieval(options)).rejects.toMatchObject({ code: 'dataset-empty' });
});

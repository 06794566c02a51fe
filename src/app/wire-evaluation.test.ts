import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Answer, FulcrumError, noCost, noUsage } from '../core/index.ts';
import { openDatabase } from '../database/index.ts';
import { evaluationMigrations } from '../evaluation/index.ts';
import type { Variant, VariantKind } from '../variants/index.ts';
import type { Config } from './config.ts';
import { evalRetrievalOutputSchema, evalRunOutputSchema } from './contracts.ts';
import { createEvaluation, type EvaluatedProject } from './wire-evaluation.ts';

const text = 'Green tea is brewed at seventy degrees.';

function variant(name: string, kind: VariantKind, model?: string): Variant {
  const answer: Answer = {
    answer: 'At seventy degrees.',
    citations: [],
    removedCitations: 0,
    refusal: null,
    contexts: kind === 'rag' ? [{ documentId: 'docs:tea.md', start: 0, end: 9, score: 1 }] : [],
    usage: noUsage,
    cost: noCost,
    seconds: 0.1,
    confidence: null,
  };
  return {
    name,
    kind,
    deployable: true,
    definition: { kind, model: model ?? null },
    estimate: async () => ({ inputTokens: 1, outputTokens: 1, usd: 0 }),
    answer: async () => answer,
    close: async () => undefined,
  };
}

async function project(
  sources: readonly string[],
  embedding: string | false = false,
): Promise<EvaluatedProject> {
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const all = [
    variant('prompt', 'prompt', 'local/x'),
    variant('rag', 'rag', 'openai/x'),
    variant('old', 'external'),
  ];
  const document = {
    documentId: 'docs:tea.md',
    version: 'v',
    source: 'docs',
    key: 'tea.md',
    uri: 'tea.md',
    title: null,
    text,
    readers: [],
  };
  const hit = { documentId: 'docs:tea.md', start: 0, end: text.length };
  return {
    directory: '.',
    embeddingModel: async () => null,
    config: {
      sources: Object.fromEntries(sources.map((name) => [name, {}])),
      embedding,
      scorers: {},
    } as unknown as Config,
    database: async () => database,
    knowledge: async () => ({
      documents: {
        read: async (id) => (id === document.documentId ? document : null),
        list: async () => [],
      },
      retriever: {
        retrieve: async (query) => ({
          query,
          indexVersion: '1',
          embeddedShare: 0,
          hits: [hit as never],
          queryVector: null,
          embeddedTokens: 0,
          coreSeconds: 0,
        }),
      },
    }),
    variants: async () => ({
      get: async (name) => {
        const found = all.find((each) => each.name === name);
        if (!found) throw new FulcrumError('variant-unknown', { variant: name, suggestion: '' });
        return found;
      },
      list: () => [],
      make: async (name) => {
        throw new FulcrumError('variant-unknown', { variant: name, suggestion: '' });
      },
    }),
  };
}

const path = join(mkdtempSync(join(tmpdir(), 'fulcrum-wire-')), 'q.jsonl');
const evidence = [{ document: 'tea.md', quote: 'seventy degrees' }];
writeFileSync(path, JSON.stringify({ id: '1', input: 'How hot?', facts: [['seventy']], evidence }));

it('goes from a file to scores, knowing of each variant whether it retrieves and what it can bear', async () => {
  const room = await createEvaluation(await project(['docs']), {});
  expect(await room.importDataset({ path, name: 'tea' })).toMatchObject({ samples: 1, evidence: 1 });
  const retrieval = await room.retrieval({ dataset: 'tea', k: 10 });
  expect(evalRetrievalOutputSchema.parse(retrieval).arms).toEqual({
    keyword: { 'ndcg@10': 1, 'recall@10': 1, 'hit@1': 1, 'hit@5': 1, 'mrr@10': 1 },
  });
  const runs = await room.run({ dataset: 'tea', variants: ['prompt', 'rag', 'old', 'rag'] });
  expect(evalRunOutputSchema.parse({ runs }).runs.map((run) => run.variant)).toEqual([
    'prompt',
    'rag',
    'old',
  ]);
  expect(runs.map((run) => run.metrics.correct?.mean)).toEqual([1, 1, 1]);
  // The passage of rag ends at 9, before the evidence; the others name none.
  expect(runs.map((run) => run.metrics['recall@5']?.mean)).toEqual([null, 0, null]);
  const records = await room.listRuns();
  expect(records.map((run) => [run.variant, run.concurrency]).sort()).toEqual([
    ['old', 4],
    ['prompt', 1],
    ['rag', 4],
  ]);
  expect(await room.scoreRows([runs[1]!.id], 'correct')).toMatchObject([
    { sample: '1', variant: 'rag', value: 1 },
  ]);
});

it('asks which source, and which arms there are', async () => {
  const two = await createEvaluation(await project(['docs', 'faq'], 'local/m'), {});
  await expect(two.importDataset({ path, name: 'tea' })).rejects.toMatchObject({ code: 'source-ambiguous' });
  await two.importDataset({ path, name: 'tea', source: 'docs' });
  const { arms } = await two.retrieval({ dataset: 'tea', k: 3 });
  expect(Object.keys(arms)).toEqual(['keyword', 'vector', 'hybrid']);
  expect(Object.keys(arms.keyword ?? {})).toEqual(['ndcg@3', 'recall@3', 'hit@1', 'hit@5', 'mrr@3']);
  await expect(two.run({ dataset: 'tea', variants: ['rga'] })).rejects.toMatchObject({
    code: 'variant-unknown',
  });
  await expect(two.importDataset({ path, name: 'tea', source: 'x' })).rejects.toMatchObject({
    code: 'source-unknown',
  });
});

import { describe, expect, it } from 'vitest';
import { localOwner, noCost, noUsage, type Sample } from '../core/index.ts';
import { openDatabase } from '../database/index.ts';
import {
  createDatasetStore,
  createRunStore,
  createScorers,
  evaluationMigrations,
} from '../evaluation/index.ts';
import type { LanguageModel } from '../models/index.ts';
import { memoryCorpus } from '../variants/fixtures/corpus.ts';
import { createVariants, type VariantConfig } from '../variants/index.ts';
import { type AttributionParts, attributeVariant } from './wire-attribution.ts';

// Forty documents, each with a number of its own. A question names its document by the word that is in it, but every
// fourth one by a word that only others have, so that its evidence is not among the two hits.
const documents = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [
    `d${index}`,
    `The word${index} engine runs at ${1000 + index} turns.\n\nAbout alias${(index + 1) % 40} nothing is known.`,
  ]),
);
const samples: Sample[] = Array.from({ length: 40 }, (_, index) => ({
  id: `s${String(index).padStart(2, '0')}`,
  input: index % 4 === 0 ? `What of alias${index}?` : `How fast runs word${index}?`,
  reference: `${1000 + index} turns`,
  facts: [[`${1000 + index}`]],
  answerable: true,
  evidence: [{ document: `d${index}`, start: 0, end: 30 + String(index).length }],
  group: `g${index}`,
  split: index < 30 ? 'test' : 'train',
}));

/** Says the number that its prompt holds for the word of the question; each prompt is kept. */
function readingModel(): LanguageModel & { prompts: string[] } {
  const prompts: string[] = [];
  return {
    id: 'scripted/reader',
    local: true,
    contextTokens: 4000,
    prompts,
    async generate({ messages, schema }) {
      const prompt = messages.map(({ content }) => content).join('\n');
      prompts.push(prompt);
      const asked = /(?:word|alias)(\d+)\?$/.exec(messages.at(-1)?.content ?? '')?.[1];
      const found = new RegExp(`word${asked} engine runs at (\\d+)`).exec(
        messages.at(-1)?.content ?? '',
      )?.[1];
      const answer = found ? `It runs at ${found} turns.` : `No number ${asked}.`;
      const text = schema ? JSON.stringify({ answer, passage: null }) : answer;
      return {
        text,
        object: schema ? { answer, passage: null } : undefined,
        finishReason: 'stop',
        usage: { ...noUsage, inputTokens: prompt.length, calls: 1 },
        cost: noCost,
        seconds: 0,
      };
    },
    countTokens: async (text) => Math.ceil(text.length / 4),
    price: () => noCost,
    close: async () => {},
  };
}

async function partsOf(config: Record<string, VariantConfig>, model = readingModel()) {
  const corpus = memoryCorpus(documents);
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const datasets = createDatasetStore(database);
  await datasets.save('engines', samples, 'script');
  const parts: AttributionParts = {
    variants: createVariants({
      config,
      retriever: async () => corpus.retriever,
      documents: async () => corpus.documents,
      languageModel: async () => model,
      embeddingModel: async () => null,
      priceCoreSeconds: () => noCost,
      directory: '.',
      environment: {},
    }),
    asEvaluated: (variant) => variant,
    dataset: await datasets.get('engines'),
    store: createRunStore(database),
    scorers: createScorers(),
    retrieve: async (query, _arm, limit) => [
      ...(await corpus.retriever.retrieve(query, localOwner, { limit })).hits,
    ],
    readDocument: async (id) =>
      documents[id] === undefined ? null : { text: documents[id], version: 'v', uri: id },
    defaultMetric: 'correct',
    embeds: false,
  };
  return { parts, model };
}

describe('the failures of a project variant', () => {
  it('are traced through arms that are really run', async () => {
    const { parts, model } = await partsOf({
      rag: { reader: 'generate', model: 'a/b', retriever: { limit: 2 }, refusal: false },
    });
    const report = await attributeVariant({ dataset: 'engines', variant: 'rag', split: 'test' }, parts);
    // Of thirty questions the eight with an alias have no evidence before the model.
    expect(report).toMatchObject({ variant: 'rag', samples: 30, matched: 30, candidates: 50 });
    expect(report.arms.map(({ variant, run }) => [variant, run !== null])).toEqual([
      ['rag.base', true],
      ['rag.no-context', true],
      ['rag.gold', true],
      ['rag.gold-distractors', true],
      ['rag.gold-few-shot', true],
      ['rag.placebo', true],
    ]);
    expect(report.failures).toMatchObject({ count: 8, of: 30 });
    expect(report.placebo).toBe('shuffled');
    const counts = Object.fromEntries(
      report.classes.filter(({ count }) => count > 0).map(({ failure, count }) => [failure, count]),
    );
    expect(counts).toEqual({ 'retrieval-miss': 8 });
    // An alias question with the gold before it: the model looks for its word and finds it.
    const remedy = report.remedies.find(({ arm }) => arm === 'gold-distractors');
    expect(remedy).toMatchObject({ helped: 8, harmed: 0, helpedByPlacebo: 0, harmedByPlacebo: 0 });
    // Few-shot samples are those of the split train, whose numbers are from 1030 on.
    const shown = model.prompts.filter((prompt) => prompt.includes('{"answer":"'));
    expect(shown).toHaveLength(30);
    for (const prompt of shown) expect(prompt).toMatch(/\{"answer":"10[3-9]\d turns"/);
  });

  it('go without few-shot samples where every training sample is evaluated', async () => {
    const { parts } = await partsOf({
      rag: { reader: 'generate', model: 'a/b', retriever: true, refusal: false },
    });
    const report = await attributeVariant({ dataset: 'engines', variant: 'rag' }, parts);
    expect(report.arms.find(({ arm }) => arm === 'gold-few-shot')?.absent).toContain('train');
  });

  it('of an external pipeline get a placebo that asks again', async () => {
    const { parts } = await partsOf({
      ours: {
        external: {
          command: [process.execPath, '-e', 'console.log(JSON.stringify({answer: String(Math.random())}))'],
        },
      },
    });
    const report = await attributeVariant(
      { dataset: 'engines', variant: 'ours', split: 'test', sample: 2 },
      parts,
    );
    expect(report.arms.filter(({ run }) => run !== null).map(({ arm }) => arm)).toEqual(['base', 'placebo']);
    expect(report.candidates).toBeNull();
    const answers = await Promise.all(
      report.arms.flatMap(({ run }) => (run === null ? [] : [parts.store.answers(run)])),
    );
    const [base, placebo] = answers.map((each) => [...each.values()].map(({ answer }) => answer));
    expect(base).toHaveLength(2);
    expect(placebo).not.toEqual(base);
    expect(report.placebo).toBe('again');
    await expect(
      attributeVariant({ dataset: 'engines', variant: 'ours', split: 'test', placebo: 'shuffled' }, parts),
    ).rejects.toThrow('cannot be put in another order');
  });

  it('get a placebo that asks the model again where that is wanted', async () => {
    const { parts, model } = await partsOf({
      rag: { reader: 'generate', model: 'a/b', retriever: { limit: 2 }, refusal: false },
    });
    const request = { dataset: 'engines', variant: 'rag', split: 'test', sample: 3 };
    const report = await attributeVariant({ ...request, placebo: 'again' }, parts);
    expect(report.placebo).toBe('again');
    expect(report.arms.map(({ arm }) => arm)).toEqual([
      'base',
      'no-context',
      'gold',
      'gold-distractors',
      'gold-few-shot',
      'placebo',
    ]);
    // The prompts of the base come first, and every one of them is sent once more.
    expect(model.prompts).toHaveLength(6 * 3);
    for (const prompt of model.prompts.slice(0, 3))
      expect(model.prompts.filter((other) => other === prompt).length).toBeGreaterThan(1);
    // The other placebo is another arm of the same name: it is asked, not taken from what was kept.
    const before = model.prompts.length;
    await attributeVariant(request, parts);
    expect(model.prompts).toHaveLength(before + 3);
  });
});

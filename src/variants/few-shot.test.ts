import { describe, expect, it } from 'vitest';
import { localOwner, noCost, type Sample } from '../core/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import type { VariantConfig } from './config.ts';
import { createVariants, type VariantsOptions } from './create-variants.ts';
import { memoryCorpus, scriptedModel, teaTexts } from './fixtures/corpus.ts';

const train: Sample[] = [
  { id: 't1', input: 'How long does the kettle take?', reference: '95 seconds', answerable: true },
  { id: 't2', input: 'How hot is green tea?', facts: [['80 degrees', '80'], ['water']], answerable: true },
  { id: 't3', input: 'Who owns the shop?', answerable: false, group: 'g' },
  { id: 't4', input: 'Which label?', label: 'billing', answerable: true },
  { id: 't5', input: 'No answer is known to this one', answerable: true },
];

/** Vectors on two axes: tea, and everything else. */
const embedding: EmbeddingModel = {
  id: 'test/axes',
  fingerprint: 'axes',
  dimensions: 2,
  maxTokens: 100,
  local: true,
  embedDocuments: (texts) => embedding.embedQueries(texts),
  embedQueries: async (texts) => ({
    vectors: texts.map((text) => Float32Array.from(/tea|infusion/.test(text) ? [1, 0] : [0, 1])),
    tokens: texts.length,
    coreSeconds: 0,
    cost: noCost,
  }),
  close: async () => {},
};

function variantsOf(
  config: Record<string, VariantConfig>,
  model = scriptedModel('Yes.'),
  contextTokens = true,
  more: Partial<VariantsOptions> = {},
) {
  const corpus = memoryCorpus(teaTexts);
  return createVariants({
    config,
    retriever: async () => corpus.retriever,
    documents: async () => corpus.documents,
    languageModel: async () => (contextTokens ? model : { ...model, contextTokens: null }),
    embeddingModel: async () => embedding,
    priceCoreSeconds: corpus.priceCoreSeconds,
    directory: '.',
    environment: {},
    trainSamples: async (dataset) => (dataset === 'questions' ? train : []),
    allDocuments: async () => {
      const all = await Promise.all(Object.keys(teaTexts).map((id) => corpus.documents.read(id, localOwner)));
      return all.filter((document) => document !== null);
    },
    ...more,
  });
}

const generate = (more: object): VariantConfig =>
  ({ reader: 'generate', model: 'scripted/model', contextTokens: 2000, ...more }) as VariantConfig;
const ask = { input: 'Which tea wants boiling water?', principal: localOwner };

describe('few-shot', () => {
  it('shows the same solved samples always, chosen by the seed', async () => {
    const model = scriptedModel('Yes.');
    const config = {
      a: generate({ fewShot: { dataset: 'questions', k: 2 } }),
      same: generate({ fewShot: { dataset: 'questions', k: 2, seed: 0 } }),
      other: generate({ fewShot: { dataset: 'questions', k: 2, seed: 5 } }),
    };
    const variants = variantsOf(config, model);
    const [a, same, other] = [
      await variants.get('a'),
      await variants.get('same'),
      await variants.get('other'),
    ];
    expect([a.kind, a.deployable]).toEqual(['few-shot', true]);
    await a.answer(ask);
    const shown = a.learnedFrom!;
    expect(shown).toHaveLength(2);
    for (const { input } of shown) expect(model.prompts[0]).toContain(input);
    expect(model.prompts[0]!.trimEnd().endsWith(ask.input)).toBe(true);
    expect(a.definition).toEqual(same.definition);
    expect(a.definition).not.toEqual(other.definition);
    expect(a.learnedFrom?.map(({ id }) => id)).not.toContain('t5');
  });

  it('shows the answer of a sample in the form that it has', async () => {
    const model = scriptedModel('Yes.');
    const variants = variantsOf({ all: generate({ fewShot: { dataset: 'questions', k: 9 } }) }, model);
    await (await variants.get('all')).answer(ask);
    for (const output of ['95 seconds', '80 degrees; water', 'NOT ANSWERABLE', 'billing'])
      expect(model.prompts[0]).toContain(output);
  });

  it.each(['keyword', 'embedding'] as const)('shows those nearest to the question, by %s', async (choose) => {
    const model = scriptedModel('Yes.');
    const few = generate({ fewShot: { dataset: 'questions', k: 1, choose } });
    const variant = await variantsOf({ few }, model).get('few');
    const answer = await variant.answer({ ...ask, input: 'How hot must tea be, or an infusion?' });
    expect(model.prompts[0]).toContain('80 degrees; water');
    expect(model.prompts[0]).not.toContain('billing');
    expect(variant.learnedFrom).toHaveLength(4);
    expect(answer.usage.embeddedTokens).toBe(choose === 'embedding' ? 1 : 0);
  });

  it('goes with retrieval too, and needs samples with an answer', async () => {
    const rag = generate({ retriever: true, refusal: false, fewShot: { dataset: 'questions' } });
    const variant = await variantsOf({ rag }).get('rag');
    expect(variant.kind).toBe('rag');
    expect((await variant.answer(ask)).answer).toBe('Yes.');
    const none = generate({ fewShot: { dataset: 'other' } });
    await expect(variantsOf({ none }).get('none')).rejects.toMatchObject({ code: 'dataset-empty' });
  });
});

describe('full-context', () => {
  const config = { full: generate({ evidence: 'full-context' }) };

  it('reads every document in front of the question and cites them by number', async () => {
    const model = scriptedModel('Black tea wants boiling water [2].');
    const variant = await variantsOf(config, model).get('full');
    expect([variant.kind, await variant.cannotRun!(localOwner)]).toEqual(['full-context', null]);
    const answer = await variant.answer(ask);
    expect(answer.answer).toBe('Black tea wants boiling water [2].');
    expect(answer.citations).toMatchObject([
      { marker: 2, documentId: 'tea', quote: 'Black tea wants boiling water.', state: 'quoted' },
    ]);
    await variant.answer({ ...ask, input: 'And green tea?' });
    const [first, second] = model.prompts;
    const prefix = first!.slice(0, first!.indexOf('Question: '));
    expect(second!.startsWith(prefix)).toBe(true);
    for (const text of Object.values(teaTexts)) expect(prefix).toContain(text);
  });

  it('leaves out hidden documents for the question that hides them only', async () => {
    const model = scriptedModel('Black tea wants boiling water [1].');
    const variant = await variantsOf(config, model).get('full');
    const answer = await variant.answer({ ...ask, hiddenDocuments: ['tea'] });
    await variant.answer(ask);
    expect(model.prompts.map((prompt) => prompt.includes('Black tea wants boiling water.'))).toEqual([
      false,
      true,
    ]);
    expect(answer.citations.map(({ documentId }) => documentId)).not.toContain('tea');
  });

  it('shows only what the filter and the sources of the question let through', async () => {
    const model = scriptedModel('Yes.');
    const variant = await variantsOf(config, model).get('full');
    await variant.answer({ ...ask, filter: { metadata: { team: ['hr'] } } });
    await variant.answer({ ...ask, sources: ['other'] });
    await variant.answer({ ...ask, sources: ['s'] });
    const shown = model.prompts.map((prompt) => prompt.includes('Black tea wants boiling water.'));
    expect(shown).toEqual([false, false, true]);
  });

  it('shows nothing from memory once what can be read has changed', async () => {
    const model = scriptedModel('Yes.');
    let version = 'one';
    let reads = 0;
    const { documents } = memoryCorpus(teaTexts);
    const variant = await variantsOf(config, model, true, {
      indexVersion: async () => version,
      allDocuments: async () => {
        reads++;
        const tea = version === 'one' ? await documents.read('tea', localOwner) : null;
        return tea ? [tea] : [];
      },
    }).get('full');
    reads = 0;
    await variant.answer(ask);
    await variant.answer(ask);
    expect(reads).toBe(1);
    version = 'two';
    await variant.answer(ask);
    expect(model.prompts.map((prompt) => prompt.includes('boiling water.'))).toEqual([true, true, false]);
  });

  it('says why it cannot run where the corpus does not fit or the window is not known', async () => {
    const small = { full: generate({ evidence: 'full-context', contextTokens: 400 }) };
    const tooLarge = await variantsOf(small).get('full');
    expect(await tooLarge.cannotRun!(localOwner)).toMatch(
      /^the corpus has \d+ tokens; scripted\/model has room for 120 of its 400$/,
    );
    const unknown = { full: { ...config.full, contextTokens: undefined } as VariantConfig };
    expect(await (await variantsOf(unknown, undefined, false).get('full')).cannotRun!(localOwner)).toContain(
      'set "contextTokens"',
    );
  });

  it('has the corpus in its definition and an estimate of the whole prompt', async () => {
    const variant = await variantsOf(config).get('full');
    expect(variant.definition.corpus).toMatch(/^[0-9a-f]{64}$/);
    const characters = Object.values(teaTexts).join('').length;
    const { inputTokens } = await variant.estimate(ask);
    expect(inputTokens).toBeGreaterThan(characters / 4);
    expect(inputTokens).toBeLessThan(characters / 4 + 200);
  });
});

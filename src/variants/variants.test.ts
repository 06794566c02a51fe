import { describe, expect, it } from 'vitest';
import { localOwner } from '../core/index.ts';
import { type VariantConfig, variantConfigSchema } from './config.ts';
import { createVariants } from './create-variants.ts';
import { memoryCorpus, scriptedModel, teaTexts } from './fixtures/corpus.ts';
import { judgeEvidence } from './refusal.ts';

const question = { input: 'How long does the Brevo kettle take for one litre?', principal: localOwner };

function variantsOf(config: Record<string, VariantConfig>, model = scriptedModel('')) {
  const corpus = memoryCorpus(teaTexts);
  return createVariants({
    config,
    retriever: async () => corpus.retriever,
    documents: async () => corpus.documents,
    languageModel: async () => model,
    embeddingModel: async () => null,
    priceCoreSeconds: corpus.priceCoreSeconds,
    directory: '.',
    environment: {},
  });
}

describe('extract', () => {
  it('answers with quoted sentences of the corpus', async () => {
    const answer = await (
      await variantsOf({ short: { reader: 'extract', sentences: 1 } }).get('short')
    ).answer(question);
    expect(answer.answer).toBe('The Brevo kettle boils one litre in 95 seconds. [1]');
    expect(answer.citations).toMatchObject([
      { marker: 1, documentId: 'kettle', start: 10, end: 57, state: 'quoted' },
    ]);
    expect(answer.refusal).toBeNull();
    expect(answer.cost.usd).toBe(0);
    expect(answer.contexts[0]).toMatchObject({ documentId: 'kettle' });
  });

  it('puts neighbours into one citation and others apart', async () => {
    const { get } = variantsOf({});
    const answer = await (await get('extract')).answer({
      ...question,
      input: 'steep green tea and black tea for how many minutes',
    });
    expect(answer.citations.map(({ quote }) => quote)).toEqual([
      'Steep green tea for two minutes.\n- Steep black tea for four minutes.',
    ]);
  });

  it('refuses what the corpus does not hold, and says so with reasons', async () => {
    const answer = await (await variantsOf({}).get('extract')).answer({
      ...question,
      input: 'Who painted the red harbour of Lisbon?',
    });
    expect(answer.refusal?.reason).toBe('not-in-corpus');
    expect(answer.answer).toBe('');
    expect(answer.citations).toEqual([]);
    const nothing = await (await variantsOf({}).get('extract')).answer({ ...question, input: 'zzz qqq' });
    expect(nothing.refusal?.reason).toBe('not-in-corpus');
  });
});

describe('hidden documents', () => {
  const hidden = { ...question, hiddenDocuments: ['kettle'], evidence: [{ document: 'kettle' }] };

  it('are seen by no variant, not even as gold evidence', async () => {
    const model = scriptedModel('An answer [1].');
    const { get } = variantsOf(
      {
        rag: { reader: 'generate', model: 'scripted/model', retriever: true, refusal: false },
        oracle: { reader: 'generate', model: 'scripted/model', evidence: 'oracle' },
      },
      model,
    );
    const extracted = await (await get('extract')).answer(hidden);
    expect(
      [extracted, await (await get('rag')).answer(hidden)].flatMap(({ contexts }) => contexts),
    ).not.toEqual(expect.arrayContaining([expect.objectContaining({ documentId: 'kettle' })]));
    expect((await (await get('oracle')).answer(hidden)).contexts).toEqual([]);
    expect(model.prompts.join()).not.toContain('95 seconds');
    expect(extracted.answer).not.toContain('95 seconds');
  });
});

describe('generate', () => {
  const rag: VariantConfig = { reader: 'generate', model: 'scripted/model', retriever: true, refusal: false };

  it('turns known markers into citations and counts the others', async () => {
    const model = scriptedModel('It takes 95 seconds for a litre [1]. Moons are green [42].');
    const answer = await (await variantsOf({ rag }, model).get('rag')).answer(question);
    expect(answer.answer).toBe('It takes 95 seconds for a litre [1]. Moons are green.');
    expect(answer.citations).toMatchObject([
      { marker: 1, quote: 'The Brevo kettle boils one litre in 95 seconds.', state: 'unverified' },
    ]);
    expect(answer.removedCitations).toBe(1);
    expect(answer.usage).toMatchObject({ outputTokens: 7, calls: 1 });
    expect(model.prompts[0]).toContain('[1] kettle: The Brevo kettle boils one litre in 95 seconds.');
    expect(model.prompts[0]).toContain(question.input);
  });

  it('calls a claim quoted when it stands in its quote', async () => {
    const model = scriptedModel('The Brevo kettle boils one litre in 95 seconds [1].');
    const answer = await (await variantsOf({ rag }, model).get('rag')).answer(question);
    expect(answer.citations[0]?.state).toBe('quoted');
  });

  it('reads the refusal phrase', async () => {
    const answer = await (await variantsOf({ rag }, scriptedModel('"Not answerable".')).get('rag')).answer(
      question,
    );
    expect(answer.refusal).toEqual({ reason: 'model-declined' });
  });

  it('refuses before the model is asked where the evidence is far', async () => {
    const model = scriptedModel('Moons [1].');
    const strict: VariantConfig = { ...rag, refusal: { minConfidence: 1, minSimilarity: 0, minCoverage: 0 } };
    const answer = await (await variantsOf({ strict }, model).get('strict')).answer(question);
    expect(answer.refusal?.reason).toBe('not-in-corpus');
    expect(model.prompts).toEqual([]);
  });

  it('answers without passages as prompt, and takes out every marker', async () => {
    const prompt: VariantConfig = { reader: 'generate', model: 'scripted/model' };
    const model = scriptedModel('Ninety seconds [1].');
    const variant = await variantsOf({ prompt }, model).get('prompt');
    expect([variant.kind, variant.deployable]).toEqual(['prompt', true]);
    const answer = await variant.answer(question);
    expect(answer).toMatchObject({
      answer: 'Ninety seconds.',
      citations: [],
      contexts: [],
      removedCitations: 1,
    });
    expect(model.prompts[0]).not.toContain('Brevo kettle boils');
  });

  it('reads the gold evidence as oracle, and none where there is none', async () => {
    const oracle: VariantConfig = { reader: 'generate', model: 'scripted/model', evidence: 'oracle' };
    const model = scriptedModel('Two minutes [1].');
    const variant = await variantsOf({ oracle }, model).get('oracle');
    expect([variant.kind, variant.deployable]).toEqual(['oracle', false]);
    const start = teaTexts.tea.indexOf('Steep green');
    const answer = await variant.answer({
      ...question,
      input: 'How long does green tea steep?',
      evidence: [{ document: 'tea', start, end: start + 32 }],
    });
    expect(answer.citations).toMatchObject([
      { documentId: 'tea', quote: 'Steep green tea for two minutes.' },
    ]);
    await variant.answer({ ...question, evidence: [] });
    expect(model.prompts[1]).toContain('(none)');
  });

  it('fits the window by the tokens of the model', async () => {
    const model = scriptedModel('Short.', 4000);
    const config: VariantConfig = { ...rag, contextTokens: 220, maxOutputTokens: 40 } as VariantConfig;
    await (await variantsOf({ rag: config }, model).get('rag')).answer(question);
    expect(Math.ceil((model.prompts[0]?.length ?? 0) / 4)).toBeLessThanOrEqual(180);
    expect(model.prompts[0]).toContain('95 seconds');
    const tight: VariantConfig = { ...rag, contextTokens: 60, maxOutputTokens: 40 } as VariantConfig;
    await expect((await variantsOf({ tight }, model).get('tight')).answer(question)).rejects.toMatchObject({
      code: 'model-context-exceeded',
    });
  });
});

describe('the list of variants', () => {
  it('knows kinds from parts and suggests a near name', async () => {
    const variants = variantsOf({
      fast: { reader: 'generate', model: 'a/b', retriever: { limit: 3 } },
      ours: { external: { command: ['x'] } },
    });
    expect(variants.list().map(({ name, kind }) => [name, kind])).toEqual([
      ['extract', 'extract'],
      ['fast', 'rag'],
      ['ours', 'external'],
    ]);
    await expect(variants.get('fats')).rejects.toMatchObject({
      code: 'variant-unknown',
      data: { suggestion: 'Did you mean "fast"?' },
    });
    await expect(variants.get('constructor')).rejects.toMatchObject({ code: 'variant-unknown' });
  });

  it('defines a variant by everything that its answers depend on', async () => {
    const base: VariantConfig = { reader: 'generate', model: 'a/b', retriever: true };
    const definitions = await Promise.all(
      [
        base,
        { ...base, instructions: 'Say it.' },
        { ...base, maxOutputTokens: 9 },
        { ...base, refusal: false as const },
      ].map(async (config) =>
        JSON.stringify((await variantsOf({ v: config as VariantConfig }).get('v')).definition),
      ),
    );
    expect(new Set(definitions).size).toBe(4);
  });
});

describe('config', () => {
  it.each([
    [{ reader: 'extract', model: 'a/b' }],
    [{ reader: 'generate' }],
    [{ reader: 'generate', model: 'nomodel' }],
    [{ reader: 'generate', model: 'a/b', retriever: true, evidence: 'oracle' }],
    [{ external: {} }],
    [{ external: { recorded: 'a', command: ['b'] } }],
    [{ external: { http: { url: 'file:///etc/passwd' } } }],
    [{ external: { recorded: 'a', cwd: '.' } }],
  ])('refuses %j', (value) => {
    expect(variantConfigSchema.safeParse(value).success).toBe(false);
  });
});

describe('refusal', () => {
  const evidence = (similarity: number | null, coverage: number) =>
    ({ ranked: [{}], similarity, coverage }) as unknown as Parameters<typeof judgeEvidence>[0];

  it('looks at raw figures, each against its floor', () => {
    const floors = { minConfidence: 0, minSimilarity: 0.6, minCoverage: 0.5 };
    expect(judgeEvidence(evidence(0.7, 0.6), floors).refusal).toBeNull();
    expect(judgeEvidence(evidence(0.5, 0.6), floors).refusal?.reason).toBe('not-in-corpus');
    expect(judgeEvidence(evidence(0.7, 0.4), floors).refusal?.reason).toBe('not-in-corpus');
    expect(judgeEvidence(evidence(null, 0.6), floors).refusal).toBeNull();
    expect(judgeEvidence(evidence(0.1, 0), false).refusal).toBeNull();
  });

  it('gives a confidence that rises with both', () => {
    const at = (similarity: number, coverage: number): number =>
      judgeEvidence(evidence(similarity, coverage), false).confidence;
    // 1 / (1 + exp(2.19 - 5.71 / 2)) at cosine .7 and coverage .5
    expect(at(0.7, 0.5)).toBeCloseTo(0.66039, 4);
    expect(at(0.8, 0.5)).toBeGreaterThan(at(0.7, 0.5));
    expect(at(0.7, 0.6)).toBeGreaterThan(at(0.7, 0.5));
  });
});

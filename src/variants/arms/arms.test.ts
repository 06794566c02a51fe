import { describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { type VariantConfig, variantConfigSchema } from '../config.ts';
import { createVariants } from '../create-variants.ts';
import { memoryCorpus, scriptedModel, teaTexts } from '../fixtures/corpus.ts';
import type { Question } from '../variant.ts';
import { armConfigs } from './arm-configs.ts';
import { placeGold, shuffled } from './arrange.ts';

const texts = {
  ...teaTexts,
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `kettle-${index}`,
      `The kettle number ${index} takes long for one litre. It stands in room ${index}.`,
    ]),
  ),
};
const start = teaTexts.kettle.indexOf('The Brevo');
const question: Question = {
  input: 'How long does a kettle take for one litre?',
  principal: localOwner,
  evidence: [{ document: 'kettle', start, end: start + 47 }],
};
const rag: VariantConfig = { reader: 'generate', model: 'a/b', retriever: { limit: 4 }, refusal: false };

function variantsOf(config: Record<string, VariantConfig>, model = scriptedModel('In 95 seconds [1].')) {
  const corpus = memoryCorpus(texts);
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

/** Passage texts of a prompt, in order. */
const passagesOf = (prompt = ''): string[] =>
  [...prompt.matchAll(/^\[\d+\] (.*)$/gm)].map((match) => match[1] ?? '');

async function promptOf(config: VariantConfig, asked = question): Promise<string> {
  const model = scriptedModel('In 95 seconds [1].');
  await (await variantsOf({}, model).make('x', config)).answer(asked);
  return model.prompts[0] ?? '';
}

describe('orders', () => {
  it('are drawn by seed and never the given one', () => {
    const items = ['a', 'b', 'c', 'd'];
    for (let seed = 0; seed < 50; seed++) {
      const order = shuffled(items, seed, 'q');
      expect([...order].sort()).toEqual(items);
      expect(order).not.toEqual(items);
      expect(shuffled(items, seed, 'q')).toEqual(order);
    }
    expect(shuffled(['a'], 1, 'q')).toEqual(['a']);
    expect(shuffled([], 1, 'q')).toEqual([]);
  });

  it('put the gold where the config says, and everywhere when drawn', () => {
    const isGold = (hit: number): boolean => hit === 0;
    const place = (more: object, key = 'q') =>
      placeGold([0, 1, 2, 3], isGold, { gold: true, fill: 'far', ...more }, key);
    expect(place({ position: 'first' })).toEqual([0, 1, 2, 3]);
    expect(place({ position: 'last' })).toEqual([1, 2, 3, 0]);
    const places = new Set(Array.from({ length: 60 }, (_, key) => place({}, `q${key}`).indexOf(0)));
    expect([...places].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe('the arms of a rag variant', () => {
  const configs = new Map(
    armConfigs(rag, { fewShot: [{ input: 'Q?', output: 'A.', passage: 'A is it.' }], seed: 7 })?.map(
      (plan) => [plan.arm, 'config' in plan ? plan.config : undefined],
    ),
  );
  const configOf = (arm: string): VariantConfig => configs.get(arm as never) as VariantConfig;

  it('are valid, diagnostic and of the kinds that their parts make', async () => {
    const made = await Promise.all(
      [...configs].map(async ([arm, config]) => {
        expect(variantConfigSchema.safeParse(config).success, arm).toBe(true);
        return variantsOf({}).make(`rag.${arm}`, config as VariantConfig);
      }),
    );
    expect(made.map(({ name, kind, deployable }) => [name, kind, deployable])).toEqual([
      ['rag.no-context', 'prompt', false],
      ['rag.gold', 'oracle', false],
      ['rag.gold-distractors', 'oracle', false],
      ['rag.gold-few-shot', 'oracle', false],
      ['rag.placebo', 'placebo', false],
    ]);
    expect(new Set(made.map(({ definition }) => JSON.stringify(definition))).size).toBe(5);
    expect(made[4]?.retrieves).toBe(true);
  });

  it.each(['gold-distractors', 'gold', 'placebo'])('of %s tell the prompt that they send', async (arm) => {
    const model = scriptedModel('In 95 seconds [1].');
    const variant = await (await variantsOf({}, model)).make('x', configOf(arm));
    const told = await variant.prompt?.(question);
    await variant.answer(question);
    expect(told?.messages.map(({ content }) => content).join('\n')).toBe(model.prompts[0]);
  });

  it('hold the length of the prompt and differ in what stands in it', async () => {
    const base = await promptOf(rag);
    const near = await promptOf(configOf('gold-distractors'));
    const far = await promptOf(configOf('gold'));
    for (const prompt of [near, far]) {
      expect(prompt).toContain('The Brevo kettle boils one litre in 95 seconds.');
      expect(prompt.length).toBeLessThanOrEqual(base.length + 8);
      // One sentence of room may stay empty.
      expect(prompt.length).toBeGreaterThan(base.length - 80);
    }
    const titles = (prompt: string) => passagesOf(prompt).map((text) => text.split(':')[0] ?? '');
    const kettles = (prompt: string) => titles(prompt).filter((title) => title.startsWith('kettle-'));
    expect(kettles(near).every((passage) => titles(base).includes(passage))).toBe(true);
    expect(kettles(far).some((passage) => titles(base).includes(passage))).toBe(false);
  });

  it('record in the contexts what was shown, in the order of the prompt', async () => {
    const model = scriptedModel('In 95 seconds [1].');
    const variant = await variantsOf({}, model).make('x', {
      ...rag,
      evidence: { gold: true, fill: 'near', position: 'last' },
    } as VariantConfig);
    const answer = await variant.answer(question);
    expect(answer.contexts.map((context) => context.shown?.passage)).toEqual(
      answer.contexts.map((_, index) => index + 1),
    );
    expect(answer.contexts.at(-1)).toMatchObject({
      documentId: 'kettle',
      shown: { spans: [{ start, end: start + 47 }] },
    });
  });

  it('a placebo shows the same passages in another order, and keeps the contexts in that of the search', async () => {
    const base = passagesOf(await promptOf(rag));
    const placebo = passagesOf(await promptOf(configOf('placebo')));
    expect(placebo).not.toEqual(base);
    expect([...placebo].sort()).toEqual([...base].sort());
    const { contexts } = await (await variantsOf({ rag }).get('rag')).answer(question);
    const other = await (await variantsOf({}).make('p', configOf('placebo'))).answer(question);
    expect(other.contexts.map(({ documentId }) => documentId)).toEqual(
      contexts.map(({ documentId }) => documentId),
    );
    expect(other.contexts.map(({ shown }) => shown?.passage)).not.toEqual(
      contexts.map(({ shown }) => shown?.passage),
    );
  });

  it('a forced answer has no way out in its instructions', async () => {
    const prompt = await promptOf(configOf('no-context'));
    expect(prompt).toContain('best guess');
    expect(prompt).not.toContain('NOT ANSWERABLE');
    expect(passagesOf(prompt)).toEqual([]);
  });

  it('few-shot samples come before the question, and the answer is read out of its structure', async () => {
    const requests: unknown[] = [];
    const model = {
      ...scriptedModel(''),
      generate: async (request: { messages: readonly { content: string }[]; schema?: unknown }) => {
        requests.push(request.schema);
        const { usage, cost } = await scriptedModel('').generate({ messages: [] });
        const object = { answer: 'In 95 seconds.', passage: 1 };
        const text = JSON.stringify(object);
        expect(request.messages.map(({ content }) => content).slice(1, 3)).toEqual([
          'Passages:\n[1] A is it.\n\nQuestion: Q?',
          '{"answer":"A.","passage":1}',
        ]);
        return { text, object, finishReason: 'stop' as const, usage, cost, seconds: 0 };
      },
    };
    const variant = await variantsOf({}, model as never).make('x', {
      ...configOf('gold-few-shot'),
      evidence: { gold: true, fill: 'far', position: 'first' },
    } as VariantConfig);
    const answer = await variant.answer(question);
    expect(answer.answer).toBe('In 95 seconds. [1]');
    expect(answer.citations).toMatchObject([{ documentId: 'kettle' }]);
    expect(requests[0]).toBeDefined();
  });

  it('are not there for a variant that reads nothing, and say what is missing', () => {
    const options = { fewShot: [], seed: 1 };
    expect(armConfigs({ reader: 'generate', model: 'a/b' }, options)).toBeNull();
    expect(armConfigs({ external: { recorded: 'x' } }, options)).toBeNull();
    expect(
      armConfigs({ ...rag, evidence: { gold: true, fill: 'far' } } as VariantConfig, options),
    ).toBeNull();
    expect(armConfigs(rag, options)?.find(({ arm }) => arm === 'gold-few-shot')).toHaveProperty('absent');
  });
});

describe('the arms of extract', () => {
  it('quote from the gold alone, and from gold and hits ranked together', async () => {
    const arms = new Map(
      armConfigs({ reader: 'extract', sentences: 1, retriever: { limit: 2 } }, { fewShot: [], seed: 1 })?.map(
        (plan) => [plan.arm, 'config' in plan ? plan.config : null],
      ),
    );
    expect([...arms].filter(([, config]) => config === null).map(([arm]) => arm)).toEqual([
      'no-context',
      'gold-few-shot',
    ]);
    const tea = { ...question, evidence: [{ document: 'tea' }] };
    const gold = await (await variantsOf({}).make('g', arms.get('gold') as VariantConfig)).answer(tea);
    expect(gold.citations.map(({ documentId }) => documentId)).toEqual(['tea']);
    expect(gold.refusal).toBeNull();
    const both = await (await variantsOf({}).make('d', arms.get('gold-distractors') as VariantConfig)).answer(
      question,
    );
    expect(both.contexts).toHaveLength(3);
    expect(both.contexts[0]?.documentId).toBe('kettle');
  });
});

describe('a cascade', () => {
  const config: Record<string, VariantConfig> = {
    cheap: { reader: 'extract', sentences: 1, refusal: false },
    dear: { reader: 'generate', model: 'a/b' },
    // biome-ignore lint/suspicious/noThenProperty: a config
    both: { cascade: { first: 'cheap', then: 'dear', below: 0.9 } },
    // biome-ignore lint/suspicious/noThenProperty: a config
    never: { cascade: { first: 'cheap', then: 'dear', below: 0 } },
  };

  it('answers with the first while that is sure, and adds up where it is not', async () => {
    const variants = variantsOf(config);
    const kept = await (await variants.get('never')).answer(question);
    const cheap = await (await variants.get('cheap')).answer(question);
    expect(kept.answer).toBe(cheap.answer);
    expect(kept.usage.calls).toBe(0);
    const sure = { ...question, input: 'zzz qqq' };
    const escalated = await (await variants.get('never')).answer(sure);
    // A refusal counts as below whatever the threshold.
    expect(escalated.usage.calls).toBe(1);
    const variant = await variants.get('both');
    expect([variant.kind, variant.deployable]).toEqual(['cascade', true]);
    expect(variant.definition).toMatchObject({
      below: 0.9,
      first: { kind: 'extract' },
      other: { kind: 'prompt' },
    });
  });

  it('shows the text of the answer that counts, once', async () => {
    let shown = '';
    const onText = (piece: string): void => {
      shown += piece;
    };
    const answer = await (await variantsOf(config).get('never')).answer({ ...question, onText });
    expect(shown).toBe(answer.answer);
  });

  it('is refused where it leads to itself, or its first has no confidence', async () => {
    // biome-ignore lint/suspicious/noThenProperty: a config
    const loop: VariantConfig = { cascade: { first: 'b', then: 'cheap', below: 0.5 } };
    // biome-ignore lint/suspicious/noThenProperty: a config
    const back: VariantConfig = { cascade: { first: 'a', then: 'cheap', below: 0.5 } };
    await expect(variantsOf({ ...config, a: loop, b: back }).get('a')).rejects.toMatchObject({
      code: 'cascade-circular',
      message: expect.stringContaining('a > b > a'),
    });
    const blind = variantsOf({
      ...config,
      p: { reader: 'generate', model: 'a/b' },
      // biome-ignore lint/suspicious/noThenProperty: a config
      c: { cascade: { first: 'p', then: 'dear', below: 0.5 } },
    });
    await expect((await blind.get('c')).answer(question)).rejects.toMatchObject({
      code: 'cascade-without-confidence',
    });
    // biome-ignore lint/suspicious/noThenProperty: a config
    const unknown = variantsOf({ c: { cascade: { first: 'chaep', then: 'extract', below: 0.5 } } });
    await expect(unknown.get('c')).rejects.toMatchObject({ code: 'variant-unknown' });
  });

  it('with a diagnostic part is diagnostic itself', () => {
    const listed = variantsOf({
      o: { reader: 'generate', model: 'a/b', evidence: 'oracle' },
      // biome-ignore lint/suspicious/noThenProperty: a config
      c: { cascade: { first: 'extract', then: 'o', below: 0.5 } },
    }).list();
    expect(listed.map(({ name, kind, deployable }) => [name, kind, deployable])).toEqual([
      ['extract', 'extract', true],
      ['o', 'oracle', false],
      ['c', 'cascade', false],
    ]);
  });
});

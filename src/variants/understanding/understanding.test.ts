import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, localOwner, noCost } from '../../core/index.ts';
import type { Hit } from '../../knowledge/index.ts';
import type { GenerationRequest, LanguageModel } from '../../models/index.ts';
import { createExtractVariant } from '../answering.ts';
import { memoryCorpus } from '../fixtures/corpus.ts';
import type { Question, Turn } from '../variant.ts';
import { condenseByModel, condenseByRules } from './condense.ts';
import { createConversingVariant } from './conversing-variant.ts';
import { decomposeByModel, fuseSearches } from './decompose.ts';
import { searchOptions } from './search-question.ts';

/** A model that says what it is told to, 100 tokens in and 10 out a call. */
function scripted(reply: { text?: string; object?: unknown }) {
  const asked: GenerationRequest[] = [];
  const model: LanguageModel = {
    id: 'test/scripted',
    local: false,
    contextTokens: null,
    async generate(request) {
      asked.push(request);
      const usage = addUsage({ inputTokens: 100, outputTokens: 10, calls: 1 });
      const cost = { ...noCost, usd: 0.01, source: 'price-list' as const };
      return { text: reply.text ?? '', object: reply.object, finishReason: 'stop', usage, cost, seconds: 0 };
    },
    countTokens: async (text) => text.length,
    price: ({ inputTokens }) => ({ ...noCost, usd: inputTokens / 1000, source: 'price-list' }),
    close: async () => {},
  };
  return { model, asked };
}

const turns: Turn[] = [
  { role: 'user', content: 'What is the limit of the travel card?' },
  { role: 'assistant', content: '500 dollars a trip.' },
];

describe('condensing by rules', () => {
  it('puts the last question that stands by itself before one that points back', () => {
    const text = (input: string, said: readonly Turn[] = turns): string => condenseByRules(input, said).text;
    expect(text('Who can raise it?')).toBe('What is the limit of the travel card? Who can raise it?');
    expect(text('And for contractors?')).toBe('What is the limit of the travel card? And for contractors?');
    expect(text('why?')).toBe('What is the limit of the travel card? why?');
    expect(text('Where do I request parental leave?')).toBe('Where do I request parental leave?');
    const longer: Turn[] = [...turns, { role: 'user', content: 'Who can raise it?' }];
    expect(text('And for them?', longer)).toBe('What is the limit of the travel card? And for them?');
    expect(text('Und wie ist es dort?', [{ role: 'assistant', content: 'Hi' }])).toBe('Und wie ist es dort?');
  });

  it('never loses the question', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(
          fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const), content: fc.string() }),
        ),
        (input, said) => {
          expect(condenseByRules(input, said).text.trim().endsWith(input.trim())).toBe(true);
        },
      ),
    );
  });
});

describe('condensing by a model', () => {
  it('takes one line of what it writes, without quotes, and counts the turns as history', async () => {
    const { model, asked } = scripted({ text: '\n"Who can raise the limit of the travel card?"\nBecause …' });
    const found = await condenseByModel('Who can raise it?', turns, model);
    expect(found.text).toBe('Who can raise the limit of the travel card?');
    expect(found.cost.usd).toBe(0.01);
    const { inputParts } = found.usage;
    expect(inputParts).toMatchObject({ fewShot: 0, retrieved: 0 });
    expect(inputParts!.history).toBeGreaterThan(10);
    expect(inputParts!.staticPrefix + inputParts!.history + inputParts!.query).toBe(100);
    expect(asked[0]!.messages[1]!.content).toBe(
      'Conversation:\nUser: What is the limit of the travel card?\nAssistant: 500 dollars a trip.\n\nQuestion: Who can raise it?',
    );
  });

  it('leaves what is of no use to the rules', async () => {
    for (const text of ['', '  \n', '"..."', 'x'.repeat(601)])
      expect((await condenseByModel('Who can raise it?', turns, scripted({ text }).model)).text).toBe(
        'What is the limit of the travel card? Who can raise it?',
      );
  });
});

describe('a variant in a conversation', () => {
  const corpus = memoryCorpus({
    card: 'The travel card has a limit.\n\nA director can raise the limit of the travel card.',
  });
  const inner = createExtractVariant('extract', { reader: 'extract' }, corpus, false);
  const question: Question = { input: 'Who can raise it?', principal: localOwner, turns };

  it('answers the question as it was understood, and says what that took', async () => {
    const understood: string[] = [];
    const { model, asked } = scripted({ text: 'Who can raise the limit of the travel card?' });
    const variant = createConversingVariant(inner, 'test/scripted', async () => model);
    const answer = await variant.answer({ ...question, onUnderstood: (text) => understood.push(text) });
    expect(answer.answer).toContain('A director can raise the limit of the travel card.');
    expect(understood).toEqual(['Who can raise the limit of the travel card?']);
    expect(answer.usage).toMatchObject({ inputTokens: 100, calls: 1 });
    expect(answer.usage.inputParts?.history).toBeGreaterThan(0);
    expect(answer.cost.usd).toBe(0.01);
    expect(variant.definition).toMatchObject({ ...inner.definition, condense: { model: 'test/scripted' } });
    await variant.answer({ input: 'travel card limit', principal: localOwner, turns: [] });
    expect(asked).toHaveLength(1);
    const [alone, within] = [
      await variant.estimate({ ...question, turns: [] }),
      await variant.estimate(question),
    ];
    expect(alone).toEqual(await inner.estimate(question));
    expect(within.inputTokens).toBeGreaterThan(alone.inputTokens);
    expect(within.usd).toBeGreaterThan(0);
  });

  it('goes by rules without a model, and can be told to take the question as it is', async () => {
    const none = async (): Promise<LanguageModel> => Promise.reject(new Error('not asked'));
    const rules = createConversingVariant(inner, undefined, none);
    expect((await rules.answer(question)).answer).toContain('limit');
    expect(rules.definition).toBe(inner.definition);
    expect(createConversingVariant(inner, false, none)).toBe(inner);
  });
});

describe('a compound question', () => {
  it('is searched by the parts that a model finds, which are data', async () => {
    const questions = ['What is "the limit"?', 'Who  raises it?', 'What is the limit?', '', '?'];
    const { parts, usage } = await decomposeByModel(
      'Limit and who?',
      scripted({ object: { questions } }).model,
    );
    expect(parts).toEqual(['What is the limit?', 'Who raises it?']);
    expect(usage.inputParts).toMatchObject({ history: 0, retrieved: 0 });
    for (const object of [undefined, {}, { questions: ['one'] }, { questions: 'x' }, { questions: [1, 2] }])
      expect((await decomposeByModel('x', scripted({ object }).model)).parts).toEqual([]);
  });

  it('has one list of hits, fused by rank', () => {
    const hit = (chunkId: string, score: number): Hit => ({
      chunkId,
      documentId: 'd',
      version: 'v',
      uri: 'd',
      titlePath: [],
      start: 0,
      end: 1,
      text: 'x',
      score,
      arms: {},
    });
    const lists = [[hit('a', 0.9), hit('b', 0.8)], [hit('b', 1), hit('c', 0.5)], [hit('c', 0.7)]];
    // 1/62 + 1/61, 1/62 + 1/61, 1/61: b and c are equal and stand before a.
    expect(fuseSearches(lists, 3).map(({ chunkId, score }) => [chunkId, score])).toEqual([
      ['b', 1],
      ['c', 0.7],
      ['a', 0.9],
    ]);
    expect(fuseSearches(lists, 1)).toHaveLength(1);
  });
});

it('filters of variant, question and sample are joined by "and"', () => {
  const options = searchOptions(
    {
      input: 'x',
      principal: localOwner,
      sources: ['docs', 'hr'],
      hiddenDocuments: ['docs:gold'],
      filter: { sources: ['hr'], metadata: { team: ['a', 'b'] } },
    },
    {
      neighbours: 2,
      condense: 'rules',
      filter: { metadata: { team: 'b' }, languages: ['en'], from: '2024-01-01' },
    },
    7,
  );
  expect(options).toMatchObject({
    neighbours: 2,
    limit: 7,
    filter: {
      sources: ['hr'],
      exceptDocuments: ['docs:gold'],
      metadata: { team: ['b'] },
      languages: ['en'],
      from: '2024-01-01',
    },
  });
  expect(Object.keys(options)).not.toContain('condense');
});

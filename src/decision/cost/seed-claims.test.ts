import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noUsage } from '../../core/index.ts';
import { createHostedPricing, openBaseList } from '../../models/index.ts';
import { type DatedModelName, datedModels } from './dated-prices.fixture.ts';
import {
  claimCases,
  claimTable,
  crossoverTable,
  formNames,
  hybridTable,
  monthTable,
  regionsOf,
  winsThroughout,
} from './seed-claims.fixture.ts';
import { corrected } from './worked-example.fixture.ts';

const rag = claimCases('rag');
const prompt = claimCases('prompt');
const fromOf = (cases: typeof rag, model: string, form: string): number | null =>
  cases.find((each) => each.model === model && each.form === form)?.from ?? null;

describe('"under 100k requests a month RAG is usually cheaper"', () => {
  const standing = rag.filter(({ form }) => form !== 'scale to zero' && form !== 'per token');

  it('is true against machines that are always on: all but the dearest model', () => {
    const exceptions = standing.filter((each) => !winsThroughout(each, 'base', 0, 100_000));
    expect(exceptions.map(({ model, form }) => `${model} ${form}`)).toEqual([
      'gpt-6-astra one machine',
      'gpt-6-astra two machines',
    ]);
    // Labels and training (3,150 / 12) and a machine (2.86 x 730) against the store (70) and 4.95 cents a request; the gold set
    // is paid by both: (262.50 + 2087.80 - 70) / .0495 = 46,066.7.
    expect(fromOf(rag, 'gpt-6-astra', 'one machine')).toBe(46_067);
  });

  it('is false against tuned models without a standing fee, but for the cheapest models', () => {
    const free = rag.filter((each) => !standing.includes(each));
    const holds = free.filter((each) => winsThroughout(each, 'base', 0, 100_000));
    expect(new Set(holds.map(({ model }) => model))).toEqual(
      new Set(['gpt-6-luna', 'gemini-2.5-flash-lite']),
    );
    // (262.50 - 70) / (4.875 - .17) x 1,000.
    expect(fromOf(rag, 'gpt-6.1-terra', 'per token')).toBe(Math.floor(192_500 / 4.705) + 1);
    // Half a GPU-second costs 54.9 cents for 1,000 requests, which is more than the whole answer with the cheapest model.
    expect(fromOf(rag, 'gpt-6-luna', 'scale to zero')).toBeNull();
  });
});

describe('"above a million on a narrow task a tuned small model often wins"', () => {
  it('is true against RAG with middle and frontier models, false against the cheapest ones on a machine of its own', () => {
    for (const each of rag.filter(({ form }) => form === 'one machine'))
      expect(winsThroughout(each, 'tuned', 1_000_000, 100_000_000), each.model).toBe(
        !['gpt-6-luna', 'gemini-2.5-flash-lite'].includes(each.model),
      );
    // (262.50 + 2087.80 - 70) / .000495.
    expect(fromOf(rag, 'gpt-6-luna', 'one machine')).toBe(4_606_667);
    expect(fromOf(rag, 'gpt-6-luna', 'dedicated')).toBe(10_712_122);
  });

  it('is false against the bare prompt of the cheapest models, which is what a narrow task should be set against', () => {
    for (const model of ['gpt-6-luna', 'gemini-2.5-flash-lite'])
      for (const form of formNames) {
        const from = fromOf(prompt, model, form);
        expect(from === null || from > 10_000_000, `${model} ${form}`).toBe(true);
      }
    // The tuned Flash-Lite costs .17 for 1,000 requests without a prompt, the untuned one .165 with a cached one.
    expect(fromOf(prompt, 'gemini-2.5-flash-lite', 'per token')).toBeNull();
  });
});

describe('"between, run the numbers"', () => {
  it('is true: by model and hosting the order changes below 100k, between, above a million, or never', () => {
    const places = new Set(
      rag.map(({ from }) =>
        from === null ? 'never' : from < 100_000 ? 'below' : from < 1_000_000 ? 'between' : 'above',
      ),
    );
    expect(places).toEqual(new Set(['below', 'between', 'above', 'never']));
  });

  it('holds for hybrids too, which a machine can serve up to what it can read', () => {
    // 25,000 / 3,300 tokens a second x 3,600 x 730 / 3 = 6,636,363 requests a month and machine.
    const regions = regionsOf([corrected.rag('gpt-6-luna'), corrected.hybrid('one machine')]);
    expect(regions.map(({ from, arm }) => [from, arm.split(' ')[0]])).toEqual([
      [0, 'rag'],
      // (262.50 + 2087.80) / .000495, and with a second machine (262.50 + 4175.60) / .000495.
      [4_748_081, 'hybrid'],
      [6_636_364, 'rag'],
      [8_965_859, 'hybrid'],
    ]);
    expect(regions.at(-1)?.to).toBeNull();
  });
});

it('the prices of the cases are those of the installed list, where it has the model', async () => {
  const list = await openBaseList();
  const checked: string[] = [];
  for (const [model, prices] of Object.entries(datedModels)) {
    if (prices.basis !== 'genai-prices 0.1.8') continue;
    expect(prices.date).toBe(list.date);
    const providerId = model.startsWith('gpt')
      ? 'openai'
      : model.startsWith('claude')
        ? 'anthropic'
        : 'google';
    const { price } = await createHostedPricing({
      id: `${providerId}/${model}`,
      model,
      provider: { providerId },
    });
    const usd = (usage: object): number | null => price({ ...noUsage, calls: 1000, ...usage }).usd;
    expect(usd({ inputTokens: 1e6 }), model).toBeCloseTo(prices.input, 10);
    expect(usd({ inputTokens: 1e6, cachedInputTokens: 1e6 }), model).toBeCloseTo(prices.cachedInput, 10);
    expect(usd({ outputTokens: 1e6 }), model).toBeCloseTo(prices.output, 10);
    checked.push(model);
  }
  const missing: readonly DatedModelName[] = ['gpt-6.1-terra'];
  expect(checked).toEqual(
    Object.keys(datedModels).filter((model) => !missing.some((name) => name === model)),
  );
});

it('docs/cost.md prints the cases as they are computed', () => {
  const page = readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
  for (const table of [
    claimTable(),
    crossoverTable(rag),
    crossoverTable(prompt),
    hybridTable(),
    monthTable(),
  ])
    expect(page).toContain(table);
});

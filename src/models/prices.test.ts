import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noUsage } from '../core/index.ts';
import type { DatedPrice } from './price-list/dated-price.ts';
import { priceList } from './price-list/stored-list.ts';
import { createHostedPricing, priceCoreSeconds, pricesConfigSchema } from './prices.ts';

const openai = { providerId: 'openai' } as const;
const id = 'openai/gpt-4o-mini';

const noted = (kind: DatedPrice['kind'], value: number, more: Partial<DatedPrice> = {}): DatedPrice => ({
  kind,
  provider: 'openai',
  model: id,
  what: 'noted for a test',
  value,
  unit: 'million-tokens',
  currency: 'USD',
  source: { name: 'a test', url: null },
  checked: '2026-10-01',
  confidence: 'vendor-page',
  ...more,
});

describe('prices', () => {
  it('come from the bundled list, with its date', async () => {
    const { price, contextTokens } = await createHostedPricing({
      id,
      model: 'gpt-4o-mini',
      provider: openai,
    });
    // $0.15 in, $0.075 cached, $0.60 out a million tokens: .5 x .15 + .5 x .075 + .6.
    const cost = price({ ...noUsage, inputTokens: 1e6, cachedInputTokens: 5e5, outputTokens: 1e6, calls: 1 });
    expect(cost.usd).toBeCloseTo(0.7125, 10);
    expect(cost).toMatchObject({ source: 'price-list', priceDate: priceList.date });
    expect(contextTokens).toBe(128_000);
    expect(price(noUsage).usd).toBe(0);
  });

  it('date the list that is installed', () => {
    const manifest = new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
    expect(JSON.parse(readFileSync(manifest, 'utf8')).version).toBe(priceList.version);
  });

  it('price many calls by their mean, so that a step for long prompts is not taken by the sum', async () => {
    const model = 'claude-sonnet-4-5';
    const { price } = await createHostedPricing({
      id: `anthropic/${model}`,
      model,
      provider: { providerId: 'anthropic' },
    });
    // 100 prompts of 10,000 tokens at $3 a million; one prompt of a million would cost $6.
    expect(price({ ...noUsage, inputTokens: 1e6, calls: 100 }).usd).toBeCloseTo(3, 10);
    expect(price({ ...noUsage, inputTokens: 1e6, calls: 1 }).usd).toBeCloseTo(6, 10);
  });

  it('come from the config first, then from the overlay', async () => {
    const usage = { ...noUsage, inputTokens: 1e6, cachedInputTokens: 4e5, outputTokens: 2e5, calls: 1 };
    const overlay = [noted('input', 2), noted('output', 4)];
    const overlaid = await createHostedPricing({ id, model: 'gpt-4o-mini', provider: openai, overlay });
    expect(overlaid.price(usage)).toMatchObject({ usd: 2.8, source: 'overlay', priceDate: '2026-10-01' });
    const prices = pricesConfigSchema.parse({ [id]: { input: 1, cachedInput: 0.5, output: 10 } });
    const entered = await createHostedPricing({
      id,
      model: 'gpt-4o-mini',
      provider: openai,
      overlay,
      prices,
    });
    expect(entered.price(usage).usd).toBeCloseTo(0.6 + 0.2 + 2, 10);
    expect(entered.price(usage)).toMatchObject({ source: 'entered', priceDate: null });
  });

  it('of the overlay give way to a later list, and are not used before their first day or after their last', async () => {
    const usage = { ...noUsage, inputTokens: 1e6, calls: 1 };
    const pricing = (more: Partial<DatedPrice>) =>
      createHostedPricing({
        id,
        model: 'gpt-4o-mini',
        provider: openai,
        overlay: [noted('input', 2, more), noted('output', 4, more)],
        today: '2026-11-26',
      });
    const sources = [];
    for (const more of [
      {},
      { checked: '2026-09-22' },
      { validFrom: '2026-11-27' },
      { validFrom: '2026-11-26' },
      { validUntil: '2026-11-25' },
      { confidence: 'unconfirmed' as const },
    ])
      sources.push((await pricing(more)).price(usage).source);
    expect(sources).toEqual(['overlay', 'price-list', 'price-list', 'overlay', 'price-list', 'price-list']);
  });

  it('of the config are not used before their first day', async () => {
    const usage = { ...noUsage, inputTokens: 1e6, calls: 1 };
    const prices = pricesConfigSchema.parse({ [id]: { input: 9, validFrom: '2027-01-01' } });
    const at = (today: string) =>
      createHostedPricing({ id, model: 'gpt-4o-mini', provider: openai, prices, today });
    expect((await at('2026-12-31')).price(usage).usd).toBeCloseTo(0.15, 10);
    expect((await at('2027-01-01')).price(usage).usd).toBeCloseTo(9, 10);
  });

  it('charge tokens that were written to a cache at their own price', async () => {
    const { price } = await createHostedPricing({
      id: 'anthropic/claude-haiku-4-5',
      model: 'claude-haiku-4-5',
      provider: { providerId: 'anthropic' },
    });
    // $1 in, $.10 cached, $1.25 written a million: .5 x 1 + .3 x .1 + .2 x 1.25.
    const usage = { ...noUsage, inputTokens: 1e6, cachedInputTokens: 3e5, calls: 1 };
    expect(price(usage, 2e5).usd).toBeCloseTo(0.78, 10);
  });

  it('know what is tuned at OpenAI by its base', async () => {
    const pricing = (model: string, today: string) =>
      createHostedPricing({ id: `openai/${model}`, model, provider: openai, today });
    const usage = { ...noUsage, inputTokens: 1e6, outputTokens: 1e6, calls: 1 };
    const tuned = await pricing('ft:gpt-4.1-mini-2025-04-14:acme::a1', '2026-11-26');
    expect(tuned.price(usage)).toMatchObject({ usd: 4, source: 'overlay', priceDate: '2026-11-22' });
    // Its base and all that is tuned on it are withdrawn on 2027-01-14.
    const gone = await pricing('ft:gpt-4.1-mini-2025-04-14:acme::a1', '2027-01-14');
    expect(gone.price(usage).usd).toBeNull();
  });

  it('are unknown, not zero, where nobody says', async () => {
    const { price, contextTokens } = await createHostedPricing({
      id: 'compatible/mine/x',
      model: 'x',
      provider: { providerApiUrl: 'http://127.0.0.1:8000/v1' },
    });
    expect(price({ ...noUsage, outputTokens: 1, calls: 1 })).toMatchObject({
      usd: null,
      source: 'price-list',
    });
    expect(contextTokens).toBeNull();
  });

  it('charge local work by core-seconds', () => {
    // A tenth of an hour at 4 cents an hour.
    expect(priceCoreSeconds(360)).toMatchObject({ source: 'core-hours', priceDate: '2026-11-24' });
    expect(priceCoreSeconds(360).usd).toBeCloseTo(0.004, 12);
    expect(priceCoreSeconds(360, 1)).toMatchObject({ usd: 0.1, priceDate: null });
  });

  it('are refused when negative or misdated', () => {
    expect(pricesConfigSchema.safeParse({ [id]: { input: -1 } }).success).toBe(false);
    expect(pricesConfigSchema.safeParse({ [id]: { input: 1, date: 'May' } }).success).toBe(false);
    expect(pricesConfigSchema.safeParse({ [id]: { input: 1, date: '2999-01-01' } }).success).toBe(false);
    expect(pricesConfigSchema.safeParse({ [id]: { output: 1 } }).success).toBe(false);
  });
});

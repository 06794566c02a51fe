import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noUsage } from '../core/index.ts';
import { createHostedPricing, priceCoreSeconds, priceList, pricesConfigSchema } from './prices.ts';

const openai = { providerId: 'openai' } as const;
const id = 'openai/gpt-4o-mini';

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
    const overlay = { [id]: { input: 2, output: 4, date: '2026-10-01' } };
    const noted = await createHostedPricing({ id, model: 'gpt-4o-mini', provider: openai, overlay });
    expect(noted.price(usage)).toMatchObject({ usd: 2.8, source: 'overlay', priceDate: '2026-10-01' });
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
  });
});

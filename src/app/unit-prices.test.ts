import { expect, it } from 'vitest';
import { createPriceBook, openBaseList } from '../models/index.ts';
import { unitPricesOf } from './unit-prices.ts';

const list = await openBaseList();
const book = createPriceBook({
  list,
  prices: { 'compatible/desk/mine': { input: 3, output: 6, date: '2026-11-01' } },
  today: '2026-11-26',
});
const pricesOf = (model: string | null, more: object = {}) =>
  unitPricesOf(model, { book, list, embedding: false, ...more });

it('gives the prices of a model with source and day, and what a batch saves', () => {
  const { input, cachedInput, cacheWrite, output, batchDiscount } = pricesOf('openai/gpt-6-luna');
  expect([input, cachedInput, cacheWrite, output, batchDiscount].map((price) => price?.value)).toEqual([
    0.1, 0.01, 0.125, 0.5, 0.5,
  ]);
  expect(input).toMatchObject({
    source: 'price-list',
    date: '2026-09-23',
    id: 'price:openai/gpt-6-luna:input',
  });
  expect(pricesOf('compatible/desk/mine').input).toMatchObject({
    value: 3,
    source: 'entered',
    date: '2026-11-01',
  });
});

it('steps up with the length of the prompt', () => {
  // Above 272,000 tokens the whole prompt costs twice, and the answer half as much again.
  const long = pricesOf('openai/gpt-6-luna', { inputTokens: 300_000 });
  expect(long.input?.value).toBeCloseTo(0.2, 9);
  expect(long.cachedInput?.value).toBeCloseTo(0.02, 9);
  expect(long.output?.value).toBeCloseTo(0.75, 9);
  expect(pricesOf('openai/gpt-6-luna', { inputTokens: 2000 }).input?.value).toBe(0.1);
});

it('has no price by the token for a local model, nor any for one that nobody knows', () => {
  expect(pricesOf('local/qwen3-0.6b')).toEqual({ coreHour: expect.objectContaining({ value: 0.04 }) });
  expect(pricesOf('compatible/x/nobody').input).toBeUndefined();
  expect(pricesOf(null, { coreHourUsd: 0.1 }).coreHour).toMatchObject({ value: 0.1, source: 'entered' });
});

it('prices embedding by its model, and takes local embedding as core-seconds', () => {
  expect(pricesOf(null, { embedding: 'openai/text-embedding-3-small' }).embedding?.value).toBe(0.02);
  expect(pricesOf(null, { embedding: 'local/bge-small-en-v1.5' }).embedding).toMatchObject({
    value: 0,
    basis: expect.stringMatching(/this machine/),
  });
});

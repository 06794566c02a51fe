import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FulcrumError, noUsage } from '../../core/index.ts';
import { createHostedPricing } from '../prices.ts';
import { openBaseList } from './base-list.ts';
import { type DatedPrice, datedPriceSchema, daysSince, isUsable, priceState } from './dated-price.ts';
import { fetchPriceList } from './fetch-list.ts';
import { compareLists } from './list-difference.ts';
import { createPriceBook } from './price-book.ts';
import { isPriceOf, priceOverlay } from './price-overlay.ts';
import { retirementSchema, retirements, retirementsOf } from './retirements.ts';
import { priceList, readStoredList, storedListPath } from './stored-list.ts';

const today = '2026-11-26';
const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof FulcrumError ? error.code : String(error)),
  );

/** A list of two providers, in the form of the data file of genai-prices. */
const small = (luna: object) => [
  {
    id: 'openai',
    name: 'OpenAI',
    api_pattern: 'https://api\\.openai\\.com',
    model_match: { starts_with: 'gpt-' },
    models: [
      { id: 'gpt-6-luna', match: { starts_with: 'gpt-6-luna' }, context_window: 1000, prices: luna },
      { id: 'gpt-broken', match: { regex: '(' }, prices: { input_mtok: 1, output_mtok: 1 } },
      { id: 'gpt-odd', match: { equals: 'gpt-odd' }, prices: { input_mtok: -1 } },
    ],
  },
  {
    id: 'reseller',
    name: 'Reseller',
    api_pattern: 'https://resale\\.example',
    fallback_model_providers: ['openai'],
    models: [{ id: 'own', match: { equals: 'own' }, prices: { input_mtok: 7, output_mtok: 7, new_unit: 3 } }],
  },
];

describe('the noted prices', () => {
  it('are each complete: value or unknown, unit, source, day', () => {
    for (const price of priceOverlay) expect(() => datedPriceSchema.parse(price), price.what).not.toThrow();
    for (const each of retirements) expect(() => retirementSchema.parse(each), each.model).not.toThrow();
    for (const { low, high, value, what } of priceOverlay)
      if (low !== undefined && high !== undefined && value !== null)
        expect(low <= value && value <= high, what).toBe(true);
  });

  it('are used by their state on a day', () => {
    const price = (more: Partial<DatedPrice>): DatedPrice => ({ ...priceOverlay[0]!, ...more });
    const states = [
      price({ checked: '2026-08-28' }),
      price({ checked: '2026-08-27' }),
      price({ checked: null }),
      price({ validFrom: '2026-11-27' }),
      price({ validUntil: '2026-11-25' }),
      price({ confidence: 'unconfirmed' }),
      price({ value: null }),
    ].map((each) => priceState(each, today));
    // 90 days before 2026-11-26 is 2026-08-28.
    expect(states).toEqual(['current', 'old', 'undated', 'future', 'ended', 'unconfirmed', 'unknown']);
    expect(states.filter(isUsable)).toEqual(['current', 'old', 'undated']);
    expect(daysSince('2026-08-28', today)).toBe(90);
    expect(daysSince('2026-12-01', today)).toBe(0);
  });

  it('are those of a model, its dated snapshots and what is tuned on it, not of its longer namesake', () => {
    const noted = 'openai/ft:gpt-4.1';
    expect(isPriceOf(noted, 'openai/ft:gpt-4.1:acme::x')).toBe(true);
    expect(isPriceOf(noted, 'openai/ft:gpt-4.1-2025-04-14:acme::x')).toBe(true);
    expect(isPriceOf(noted, 'openai/ft:gpt-4.1-mini:acme::x')).toBe(false);
    expect(isPriceOf('openai/gpt-4o', 'openai/gpt-4o-mini')).toBe(false);
  });

  it('know the end of a base for what is tuned on it', () => {
    expect(
      retirementsOf('openai/ft:gpt-4o-mini-2024-07-18:acme::x').map(({ ends, date }) => [ends, date]),
    ).toEqual([
      ['training', '2027-01-06'],
      ['inference', '2027-01-14'],
    ]);
    expect(retirementsOf('azure/gpt-4o-mini').map(({ date }) => date)).toEqual(['2027-04-01', '2027-10-01']);
    expect(retirementsOf('fireworks/llama')).toEqual([]);
  });
});

describe('the price book', () => {
  it('answers by kind and scope, entered prices first, and never with what is not usable', async () => {
    const list = await openBaseList();
    const book = createPriceBook({ list, today, prices: { 'gpu/h100': { gpuHour: 2.5, output: 0 } } });
    const values = (found: readonly { value: number | null }[]) => found.map(({ value }) => value);
    const lora = { kind: 'training', provider: 'fireworks', method: 'lora' } as const;
    expect(values(book.find({ ...lora, billions: 8 }))).toEqual([0.5]);
    expect(values(book.find({ ...lora, billions: 16 }))).toEqual([0.5]);
    expect(values(book.find({ ...lora, billions: 70 }))).toEqual([3]);
    expect(book.find(lora)).toEqual([]);
    expect(values(book.find({ kind: 'training', provider: 'google', billions: 8, method: 'lora' }))).toEqual(
      [],
    );
    expect(values(book.find({ kind: 'training', model: 'openai/gpt-4o' }))).toEqual([]);
    expect(values(book.find({ kind: 'gpu-hour', accelerator: 'H100', model: 'gpu/h100' }))).toEqual([2.5]);
    expect(values(book.find({ kind: 'gpu-hour', accelerator: 'H100', provider: 'lambda' }))).toEqual([
      2.86, 3.78,
    ]);
    expect(values(book.find({ kind: 'factor', model: 'openai/gpt-6-luna', tier: 'batch' }))).toEqual([0.5]);
    expect(book.find({ kind: 'factor', model: 'openai/gpt-6-sol', tier: 'batch' })).toEqual([]);
    // $2 for 1,000 searches.
    expect(book.find({ kind: 'rerank', provider: 'cohere' })[0]).toMatchObject({
      value: 0.002,
      unit: 'search',
    });
  });

  it('shows a price whose first day lies ahead, and does not use it', async () => {
    const book = createPriceBook({ list: await openBaseList(), today });
    const output = book.ofModel('google/gemini-3.7-flash').filter(({ kind }) => kind === 'output');
    expect(output.map(({ value, state }) => [value, state])).toEqual([
      [3.75, 'current'],
      [7.5, 'future'],
    ]);
    const later = createPriceBook({ list: await openBaseList(), today: '2027-01-01' });
    const then = later.ofModel('google/gemini-3.7-flash').filter(({ kind }) => kind === 'output');
    // Read on 2026-09-23, which is 100 days before.
    expect(then.map(({ state }) => state)).toEqual(['ended', 'old']);
  });

  it('knows nothing of an unknown model', async () => {
    expect(createPriceBook({ list: await openBaseList(), today }).ofModel('nobody/nothing')).toEqual([]);
  });
});

describe('a fetched list', () => {
  let server: Server;
  let address = '';
  let folder = '';
  let body = '';
  let status = 200;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fulcrum-prices-'));
    server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is priced by, without the models that cannot be priced', async () => {
    body = JSON.stringify(small({ input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1 }));
    const { list, leftOut } = await fetchPriceList({ from: address, date: today });
    expect(leftOut).toEqual(['openai/gpt-broken', 'openai/gpt-odd']);
    expect(list).toMatchObject({ date: today, source: address });
    expect(list.sha256).toMatch(/^[0-9a-f]{64}$/);
    const base = await openBaseList(list);
    const price = async (model: string, provider: { providerId: string } | { providerApiUrl: string }) => {
      const id = `x/${model}`;
      const pricing = await createHostedPricing({ id, model, provider, list: base });
      return pricing.price({
        ...noUsage,
        inputTokens: 1e6,
        cachedInputTokens: 5e5,
        outputTokens: 1e6,
        calls: 1,
      });
    };
    // .5 x .2 + .5 x .02 + 1.
    const luna = await price('gpt-6-luna', { providerId: 'openai' });
    expect(luna.usd).toBeCloseTo(1.11, 10);
    expect(luna).toMatchObject({ source: 'price-list', priceDate: today });
    expect(luna.basis).toContain(list.sha256.slice(0, 12));
    // A reseller's own model, and one that it resells.
    expect((await price('own', { providerApiUrl: 'https://resale.example/v1' })).usd).toBeCloseTo(14, 10);
    expect((await price('gpt-6-luna', { providerId: 'reseller' })).usd).toBeCloseTo(1.11, 10);
    expect((await price('gpt-odd', { providerId: 'openai' })).usd).toBeNull();
    expect(base.contextOf('gpt-6-luna', { providerId: 'openai' })).toBe(1000);
  });

  it('is kept and read again, unless it is older than the bundled one or damaged', async () => {
    const { list } = await fetchPriceList({ from: address, date: today });
    writeFileSync(storedListPath(folder), JSON.stringify(list));
    expect(await readStoredList(folder)).toEqual(list);
    writeFileSync(storedListPath(folder), JSON.stringify({ ...list, date: '2026-09-22' }));
    expect(priceList.date).toBe('2026-09-23');
    expect(await readStoredList(folder)).toBeNull();
    writeFileSync(storedListPath(folder), '{"schema":');
    expect(await code(readStoredList(folder))).toBe('price-list-invalid');
    expect(await readStoredList(join(folder, 'nowhere'))).toBeNull();
  });

  it('is compared with the one before: a change of exactly 20 % is small, a little more is large', async () => {
    const listOf = async (luna: object) => {
      body = JSON.stringify(small(luna));
      return openBaseList((await fetchPriceList({ from: address, date: today })).list);
    };
    const before = await listOf({ input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 1 });
    const after = await listOf({ input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 0.79 });
    expect(compareLists(before, after, today)).toEqual({
      added: [],
      removed: [],
      large: [
        {
          model: 'openai/gpt-6-luna',
          kind: 'output',
          before: 1,
          after: 0.79,
          change: expect.closeTo(-0.21, 9),
        },
      ],
      small: 1,
      same: 3,
    });
    const gone = compareLists(await openBaseList(), after, today);
    expect(gone.added).toEqual(['reseller/own']);
    expect(gone.removed).toContain('anthropic/claude-haiku-4-5');
  });

  it('is refused when it cannot be fetched or read, and nothing is taken', async () => {
    status = 503;
    expect(await code(fetchPriceList({ from: address }))).toBe('price-list-unreachable');
    status = 200;
    body = '{"not": "a list"}';
    expect(await code(fetchPriceList({ from: address }))).toBe('price-list-invalid');
    body = '[]';
    expect(await code(fetchPriceList({ from: address }))).toBe('price-list-invalid');
    body = '<html>';
    expect(await code(fetchPriceList({ from: address }))).toBe('price-list-invalid');
    server.closeAllConnections();
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect(await code(fetchPriceList({ from: `http://127.0.0.1:${port}/` }))).toBe('price-list-unreachable');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FulcrumError } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { armOf, noLosses } from '../cost/arms.fixture.ts';
import { compileArm } from '../cost/compile-arm.ts';
import { costAtVolume } from '../cost/cost-at-volume.ts';
import { drawFigures } from '../cost/draw-figures.ts';
import { enteredFigure, isKnown } from '../cost/figure.ts';
import { type ReadUsageOptions, readUsage, type UsageReading } from './read-usage.ts';
import { summariseUsage } from './summarise-usage.ts';
import type { PriceTokens } from './usage-by-model.ts';
import { usageMigrations } from './usage-migrations.ts';
import { columnsOfUsage, profileOfUsage } from './usage-profile.ts';
import { emptyRow, type UsageRow } from './usage-row.ts';
import { importUsage, listUsage, readUsageRows, removeUsage } from './usage-store.ts';

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-usage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(content: string | Uint8Array, ending = 'jsonl'): string {
  const path = join(folder, `usage-${++files}.${ending}`);
  writeFileSync(path, content);
  return path;
}

const completion = (id: string, prompt: number, more: object = {}): object => ({
  id,
  created: 1_793_491_200 + Number(id) * 3600,
  model: 'gpt-6-luna',
  usage: { prompt_tokens: prompt, completion_tokens: 10, prompt_tokens_details: { cached_tokens: 40 } },
  ...more,
});
const lines = (records: readonly unknown[]): string => records.map((each) => JSON.stringify(each)).join('\n');

async function readAll(path: string, options: ReadUsageOptions = {}) {
  const reading: UsageReading = { format: null, records: 0, withoutUsage: 0, bad: 0, firstBad: [] };
  const rows: UsageRow[] = [];
  const latest = new Date('2030-01-01');
  for await (const row of readUsage(path, { latest, ...options }, reading)) rows.push(row);
  return { rows, reading };
}

const failure = async (path: string, options: ReadUsageOptions = {}): Promise<string> =>
  readAll(path, options).then(
    () => 'no error',
    (error: unknown) => (error instanceof FulcrumError ? `${error.code}: ${error.message}` : String(error)),
  );

describe('a file of usage', () => {
  it('is read the same as lines, as an array, as a page, printed wide and packed', async () => {
    const records = [completion('1', 100), completion('2', 300)];
    const tokens = async (path: string) => (await readAll(path)).rows.map((row) => row.inputTokens);
    const forms = [
      write(lines(records)),
      write(`\uFEFF${lines(records)}\r\n`),
      write(JSON.stringify(records), 'json'),
      write(JSON.stringify(records, null, 2), 'json'),
      write(JSON.stringify({ object: 'list', data: records }, null, 2), 'json'),
      write(gzipSync(lines(records)), 'jsonl.gz'),
      write(
        'id\tat\tmodel\tinput\toutput\n1\t2026-11-01T01:00\tm\t100\t10\n2\t2026-11-01T02:00\tm\t300\t10\n',
        'tsv',
      ),
      write('at;input;output\n2026-11-01T01:00;100;10\n2026-11-01T02:00;300;10\n', 'csv'),
    ];
    for (const path of forms) expect(await tokens(path), path).toEqual([100, 300]);
    expect(await tokens(write(JSON.stringify(completion('1', 100), null, 2), 'json'))).toEqual([100]);
    const bucket = (day: number) => ({
      start_time: 1_793_491_200 + day * 86_400,
      end_time: 1_793_577_600 + day * 86_400,
      results: [{ input_tokens: 5 + day, output_tokens: 1, num_model_requests: 1 }],
    });
    // Two pages, one after the other, as a loop over the API leaves them.
    const pages = [0, 1]
      .map((day) => JSON.stringify({ object: 'page', data: [bucket(day)] }, null, 2))
      .join('\n');
    expect(await tokens(write(pages, 'json'))).toEqual([5, 6]);
  });

  it('names the lines that cannot be read and goes on', async () => {
    const path = write(
      [
        JSON.stringify(completion('1', 100)),
        '{broken',
        '[1]',
        '',
        JSON.stringify(completion('2', -1)),
        JSON.stringify(completion('3', 20)),
        JSON.stringify(completion('4', 100, { created: 4_102_444_800 })),
        JSON.stringify({ note: 'no usage here' }),
        JSON.stringify(completion('5', 300)),
      ].join('\n'),
    );
    const { rows, reading } = await readAll(path);
    expect(rows.map(({ identity }) => identity)).toEqual(['1', '5']);
    expect(reading).toMatchObject({ format: 'openai-logs', records: 8, withoutUsage: 1, bad: 5 });
    expect(reading.firstBad).toEqual([
      { place: 'line 2', problem: 'not JSON' },
      { place: 'line 3', problem: 'not an object' },
      { place: 'line 5', problem: expect.stringContaining('is -1') },
      { place: 'line 6', problem: '40 cached and written tokens are more than its 20 input tokens' },
      { place: 'line 7', problem: 'it lies in the future (2100-01-01T00:00:00.000Z)' },
    ]);
    const document = `${JSON.stringify([completion('1', 100), completion('2', 100)]).slice(0, -20)}`;
    const cut = await readAll(write(document, 'json'));
    expect(cut.rows).toHaveLength(1);
    expect(cut.reading.firstBad[0]?.place).toBe('after record 1');
  });

  it('gets one clear error when nothing of it can be used', async () => {
    expect(await failure(join(folder, 'nowhere.json'))).toContain('file-not-found');
    expect(await failure(folder)).toContain('file-unreadable');
    expect(await failure(write(''))).toContain('usage-none');
    expect(await failure(write(Buffer.from('{"a": 1}', 'utf16le')))).toContain('file-not-text');
    expect(await failure(write(Buffer.from('\uFEFF{"a": 1}', 'utf16le')))).toContain('it is UTF-16');
    expect(await failure(write(new Uint8Array([0xe4, 0x20, 0x7b])))).toContain('file-not-text');
    expect(await failure(write(gzipSync(lines([completion('1', 9)])).subarray(0, 40)))).toContain(
      'file-unreadable',
    );
    expect(await failure(write('name,size\nx,3\n', 'csv'))).toContain('usage-format-unknown');
    expect(await failure(write(lines([{ a: 1 }])))).toContain('no record has a known shape');
    expect(await failure(write(lines([completion('1', 9)])), { format: 'otlp' })).toContain(
      'no record is otlp',
    );
    expect(await failure(write(lines([{ traceId: 't', type: 'SPAN' }])))).toContain('usage-none');
    const negative = await failure(write(lines([completion('1', -9), completion('2', -9)])));
    expect(negative).toContain('usage-invalid');
    expect(negative).toContain('none of its 2 records can be used. First, line 1');
    expect(await failure(write(`{"a": "${'x'.repeat(16_000_001)}"}\n`))).toContain('usage-record-too-long');
    const costs = (currencies: string[]) =>
      `day,amount,currency\n${currencies.map((each) => `2026-11-01,1,${each}`).join('\n')}`;
    expect(await failure(write(costs(['USD', 'EUR']), 'csv'))).toContain('mixes currencies: EUR, USD');
    expect(await failure(write(costs(['EUR', 'eur']), 'csv'))).toContain('price-currency');
  });
});

const free: PriceTokens = async () => ({ value: null, reason: 'no prices in this test' });

describe('imported usage', () => {
  const open = () => openDatabase(':memory:', [usageMigrations]);

  it('is taken once, however often it is imported, and a bucket in its newest state', async () => {
    const database = await open();
    const add = async (content: string) => {
      const path = write(content);
      const { added, replaced, repeated } = await importUsage(database, path, {
        name: 'a',
        file: 'f',
        latest: new Date('2030-01-01'),
      });
      return [added, replaced, repeated];
    };
    const bucket = (tokens: number) =>
      JSON.stringify({
        start_time: 1_793_491_200,
        end_time: 1_793_577_600,
        results: [{ input_tokens: tokens, output_tokens: 1, num_model_requests: 2, model: 'm' }],
      });
    expect(await add(lines([completion('1', 100), completion('2', 100), completion('2', 100)]))).toEqual([
      2, 0, 1,
    ]);
    expect(await add(lines([completion('2', 100), completion('3', 100)]))).toEqual([1, 0, 1]);
    expect(await add(bucket(50))).toEqual([1, 0, 0]);
    expect(await add(bucket(80))).toEqual([0, 1, 0]);
    expect((await readUsageRows(database, 'a')).map(({ inputTokens }) => inputTokens).sort()).toEqual([
      100, 100, 100, 80,
    ]);
    await database.close();
  });

  it('keeps requests without an id apart that look alike, and knows them again', async () => {
    const database = await open();
    const path = write('at,input,output\n2026-11-01T01:00,5,1\n2026-11-01T01:00,5,1\n', 'csv');
    const options = { name: 'a', file: 'f' };
    expect(await importUsage(database, path, options)).toMatchObject({ added: 2, repeated: 0 });
    expect(await importUsage(database, path, options)).toMatchObject({ added: 0, repeated: 2 });
    await database.close();
  });

  it('is all or nothing, and can be listed and removed', async () => {
    const database = await open();
    const mixed = write(
      `day,amount,currency\n${Array.from({ length: 1200 }, (_, index) => `2026-11-01,${index},USD`).join('\n')}\n2026-11-01,1,EUR\n`,
      'csv',
    );
    await expect(importUsage(database, mixed, { name: 'a', file: 'f' })).rejects.toMatchObject({
      code: 'usage-currencies',
    });
    expect(await listUsage(database)).toEqual([]);
    const path = write(lines([completion('1', 100)]));
    const options = { name: 'a', file: 'f.jsonl', latest: new Date('2030-01-01') };
    await importUsage(database, path, options);
    const traces = write(
      lines([{ id: 'o', traceId: 't', type: 'GENERATION', usage: { input: 7, output: 3 } }]),
    );
    expect(await importUsage(database, traces, options)).toMatchObject({ otherFormats: ['openai-logs'] });
    expect(await listUsage(database)).toMatchObject([
      { name: 'a', rows: 2, formats: ['langfuse', 'openai-logs'], from: '2026-11-01T01:00:00.000Z' },
    ]);
    expect(await removeUsage(database, 'a')).toBe(2);
    await expect(removeUsage(database, 'a')).rejects.toMatchObject({ code: 'usage-unknown' });
    await expect(readUsageRows(database, 'a')).rejects.toMatchObject({ code: 'usage-unknown' });
    await database.close();
  });
});

/** Requests an hour apart from 2026-11-01 on. */
const requests = (inputs: readonly number[], more: Partial<UsageRow> = {}): UsageRow[] =>
  inputs.map((inputTokens, index) => ({
    ...emptyRow,
    at: new Date(Date.parse('2026-11-01T00:00:00Z') + index * 3_600_000).toISOString(),
    model: 'm',
    inputTokens,
    outputTokens: 10,
    ...more,
  }));

describe('the summary', () => {
  it('has means with intervals, quantiles, volume and shares', async () => {
    // 241 requests, an hour apart, over exactly ten days; 100, 200, 300, 100, ….
    const rows = requests(
      Array.from({ length: 241 }, (_, index) => 100 * ((index % 3) + 1)),
      { cachedInputTokens: 50, batch: false },
    );
    const summary = await summariseUsage('u', rows, free);
    // 81 times 100 (0, 3, …, 240), 80 times 200 and 300: 48,100 tokens.
    const { mean, spread } = summary.tokens.input;
    expect(mean.value).toBeCloseTo(48_100 / 241, 10);
    expect(isKnown(mean) && mean.low < mean.value && mean.value < mean.high && mean.n).toBe(241);
    expect(spread).toEqual({ p50: 200, p90: 300, p99: 300, most: 300 });
    expect(summary.requests.value).toBe(241);
    expect(summary.period?.days).toBe(10);
    expect(summary.volume.value).toBeCloseTo(24.1 * (365.25 / 12), 9);
    expect(summary.cachedShare.value).toBeCloseTo((241 * 50) / 48_100, 10);
    expect(summary.batchShare.value).toBe(0);
    expect(summary.tokens.reasoning.mean).toMatchObject({ value: null });
    expect(summary.cost.reportedUsd.value).toBeNull();
    expect(summary.cost.pricedUsd).toEqual({ value: null, reason: 'no prices in this test' });
  });

  it('does not say what sums without a count of requests cannot say', async () => {
    const rows = requests([1000, 2000], { requests: null, cachedInputTokens: 500 });
    const summary = await summariseUsage('u', rows, free);
    for (const amount of [
      summary.requests,
      summary.volume,
      summary.tokens.input.mean,
      summary.embeddedTokens,
    ])
      expect(amount.value).toBeNull();
    // The share of cached input needs no count.
    expect(summary.cachedShare.value).toBeCloseTo(1000 / 3000, 10);
    expect(profileOfUsage(summary).query).toMatchObject({ value: null });
    expect(columnsOfUsage(rows)).toBeNull();
  });

  it('knows means but not quantiles of buckets with a count', async () => {
    const rows = requests([1000, 3000], { requests: 10 });
    const { tokens, notes } = await summariseUsage('u', rows, free);
    expect(tokens.input.mean.value).toBe(200);
    expect(tokens.input.spread).toBeNull();
    expect(notes).toContain('Rows are sums of several requests: means are exact, quantiles are not known.');
  });

  it('prices each model, batches apart, and compares with what was reported', async () => {
    const seen: unknown[] = [];
    const price: PriceTokens = async (tokens) => {
      seen.push([tokens.model, tokens.batch, tokens.requests, tokens.inputTokens, tokens.cachedInputTokens]);
      return { value: 2, low: 2, high: 2, source: 'price-list', date: null, basis: 'two dollars' };
    };
    const rows = [
      ...requests([10, 20], { amount: 0.5, currency: 'USD', cachedInputTokens: 5 }),
      ...requests([30], { amount: 1, currency: 'USD', batch: true }),
      ...requests([7], { kind: 'embedding', model: 'e', amount: 0, currency: 'USD', outputTokens: 0 }),
    ];
    const { cost, models, embeddedTokens } = await summariseUsage('u', rows, price);
    expect(seen).toEqual([
      ['m', false, 2, 30, 10],
      ['m', true, 1, 30, 0],
      ['e', false, 1, 7, 0],
    ]);
    expect(models.map(({ kind, batch }) => [kind, batch])).toEqual([
      ['generation', false],
      ['generation', true],
      ['embedding', false],
    ]);
    expect(cost.reportedUsd.value).toBe(2);
    expect(cost.pricedUsd.value).toBe(6);
    expect(embeddedTokens.value).toBeCloseTo(7 / 3, 10);
  });

  it('gives the mean request to the cost model, whose parts sum to what was measured', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            plain: fc.nat(5000),
            cached: fc.nat(5000),
            written: fc.nat(5000),
            output: fc.integer({ min: 1, max: 500 }),
            share: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { minLength: 1, maxLength: 40 },
        ),
        async (parts) => {
          const rows = parts.map(
            ({ plain, cached, written, output, share }, index): UsageRow => ({
              ...emptyRow,
              at: new Date(1_793_491_200_000 + index * 3_600_000).toISOString(),
              inputTokens: plain + cached + written,
              cachedInputTokens: cached,
              cacheWriteTokens: written,
              outputTokens: output,
              reasoningTokens: Math.floor(output * share),
            }),
          );
          const sum = (of: (row: UsageRow) => number | null): number =>
            rows.reduce((total, row) => total + (of(row) ?? 0), 0) / rows.length;
          const profile = profileOfUsage(await summariseUsage('u', rows, free));
          const value = (part: keyof typeof profile): number => profile[part].value ?? Number.NaN;
          expect(value('staticPrefix') + value('query')).toBeCloseTo(
            sum((row) => row.inputTokens),
            6,
          );
          expect(value('staticPrefix') * value('cachedShare')).toBeCloseTo(
            sum((row) => row.cachedInputTokens),
            6,
          );
          expect(value('output') + value('reasoning')).toBeCloseTo(
            sum((row) => row.outputTokens),
            6,
          );
          for (const amount of Object.values(profile))
            expect(isKnown(amount) && amount.low <= amount.value && amount.value <= amount.high).toBe(true);
          const { columns } = columnsOfUsage(rows)!;
          expect(columns.query).toHaveLength(rows.length);
          for (const [index, { cached, written }] of parts.entries()) {
            expect(columns.staticPrefix?.[index]).toBe(cached + written);
            expect(columns.cached?.[index]).toBe(cached);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("costs in the cost model what the provider's prices make of the requests", async () => {
    const [input, cachedInput, cacheWrite, output] = [1, 0.1, 1.25, 5];
    const rows = requests([1000, 3000, 5000], {
      cachedInputTokens: 600,
      cacheWriteTokens: 300,
      reasoningTokens: 4,
    });
    const arm = {
      ...armOf('traffic'),
      profile: profileOfUsage(await summariseUsage('u', rows, free)),
      prices: {
        input: enteredFigure(input),
        cachedInput: enteredFigure(cachedInput),
        cacheWrite: enteredFigure(cacheWrite),
        output: enteredFigure(output),
        embedding: enteredFigure(0.02),
        rerank: enteredFigure(2),
        coreHour: enteredFigure(0.04),
      },
    };
    const { perMonth } = costAtVolume(
      compileArm(arm),
      3_000_000,
      drawFigures([arm], { draws: 20 }),
      noLosses,
    );
    // A million of each of the three: 9,000 in, 1,800 cached, 900 written, 30 out.
    expect(perMonth.value).toBeCloseTo(6300 * input + 1800 * cachedInput + 900 * cacheWrite + 30 * output, 6);
  });
});

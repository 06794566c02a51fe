import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withProject } from '../src/app/index.ts';
import {
  pricesListOutputSchema,
  pricesSetOutputSchema,
  pricesUpdateOutputSchema,
} from '../src/app/price-contracts.ts';
import { noUsage } from '../src/core/index.ts';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

let folder: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  folder = scratchFolder({ 'fulcrum.config.json': '{"variants": {}}' });
});
afterEach(() => folder.remove());

const run = (...args: string[]) => fulcrumInProcess([...args, '--json', '--project', folder.path]);
const code = async (...args: string[]): Promise<string> =>
  (await run(...args)).json<{ error?: { code: string } }>().error?.code ?? 'no error';

describe('fulcrum prices', () => {
  it('lists what things cost with its age, also outside a project', async () => {
    const empty = scratchFolder();
    const finished = await fulcrumInProcess(['prices', 'list', '--json', '--project', empty.path]);
    empty.remove();
    const { list, prices, retirements } = pricesListOutputSchema.parse(finished.json());
    expect(list).toMatchObject({ name: 'genai-prices 0.1.8', origin: 'bundled', date: '2026-09-23' });
    const h100 = prices.find(
      ({ provider, scope }) => provider === 'fireworks' && scope?.accelerator === 'H100',
    );
    expect(h100).toMatchObject({
      kind: 'hosting',
      value: 8,
      unit: 'hour',
      currency: 'USD',
      checked: '2026-10-07',
    });
    expect(retirements.find(({ model }) => model === 'openai/gpt-4o-mini')?.date).toBe('2027-01-14');
    const text = await fulcrumInProcess(['prices', 'list', '--kind', 'training', '--project', folder.path]);
    expect(text.stdout).toContain('unknown per million training tokens');
    expect(text.stdout).not.toContain('gpu-hour');
  });

  it('prices local models by the core-hour', async () => {
    folder.write('fulcrum.config.json', '{"variants": {}, "coreHourUsd": 0.1}');
    const finished = await run('prices', 'list', '--model', 'local/smollm2-135m-instruct');
    const { prices } = pricesListOutputSchema.parse(finished.json());
    expect(prices.map(({ kind, value, used }) => [kind, value, used])).toEqual([
      ['core-hour', 0.1, true],
      ['core-hour', 0.04, false],
    ]);
  });

  it('says of a model that its price is unknown', async () => {
    const finished = await fulcrumInProcess([
      'prices',
      'list',
      '--model',
      'no/such',
      '--project',
      folder.path,
    ]);
    expect(finished.stdout).toContain('No price is known of no/such; it is unknown, not 0.');
    expect(await code('prices', 'list', '--kind', 'trainin')).toBe('usage');
  });

  it("enters a price with today's day, which overrules the list, and takes it out again", async () => {
    const first = await run(
      'prices',
      'set',
      'openai/gpt-6-luna',
      '--input',
      '$0.2',
      '--output',
      '1',
      '--batch',
      '.5',
    );
    const today = new Date().toISOString().slice(0, 10);
    expect(pricesSetOutputSchema.parse(first.json())).toEqual({
      model: 'openai/gpt-6-luna',
      price: { input: 0.2, output: 1, batch: 0.5, date: today },
      dropped: [],
    });
    const again = await run('prices', 'set', 'openai/gpt-6-luna', '--input', '0.3 USD', '--output', '1');
    expect(again.json()).toMatchObject({ dropped: ['batch'] });
    const listed = pricesListOutputSchema.parse(
      (await run('prices', 'list', '--model', 'openai/gpt-6-luna')).json(),
    );
    const input = listed.prices.filter(({ kind }) => kind === 'input');
    expect(input.map(({ value, origin, used }) => [value, origin, used])).toEqual([
      [0.3, 'entered', true],
      [0.1, 'price-list', false],
    ]);
    expect((await run('prices', 'remove', 'openai/gpt-6-luna')).json()).toEqual({
      removed: 'openai/gpt-6-luna',
    });
    expect(await code('prices', 'remove', 'openai/gpt-6-luna')).toBe('price-unknown');
  });

  it('refuses what is no price in dollars, and leaves the config as it was', async () => {
    expect(await code('prices', 'set', 'x/y', '--input', '-3')).toBe('usage');
    expect(await code('prices', 'set', 'x/y', '--input', '€3')).toBe('price-currency');
    expect(await code('prices', 'set', 'x/y', '--input', '3EUR')).toBe('price-currency');
    expect(await code('prices', 'set', 'x/y', '--input', '3', '--currency', 'CHF')).toBe('price-currency');
    expect(await code('prices', 'set', 'x/y', '--input', 'cheap')).toBe('usage');
    expect(await code('prices', 'set', 'x/y', '--input', '1e999')).toBe('usage');
    expect(await code('prices', 'set', 'x/y')).toBe('usage');
    expect(await code('prices', 'set', 'x/y', '--batch', '2')).toBe('config-invalid');
    expect(await code('prices', 'set', 'x/y', '--output', '2')).toBe('config-invalid');
    expect(await code('prices', 'set', 'x/y', '--input', '2', '--valid-from', 'May')).toBe('config-invalid');
    expect((await run('prices', 'list', '--model', 'x/y')).json()).toMatchObject({ prices: [] });
  });

  it('fetches a newer list, uses it, and refuses an older one', async () => {
    const luna = {
      id: 'gpt-6-luna',
      match: { equals: 'gpt-6-luna' },
      prices: { input_mtok: 0.4, output_mtok: 2 },
    };
    const provider = { id: 'openai', name: 'OpenAI', api_pattern: 'https://api', models: [luna] };
    folder.write('data.json', JSON.stringify([provider]));
    const from = `${folder.path}/data.json`;
    const updated = pricesUpdateOutputSchema.parse(
      (await run('prices', 'update', '--from', from, '--date', '2026-11-20')).json(),
    );
    expect(updated.difference.large).toContainEqual({
      model: 'openai/gpt-6-luna',
      kind: 'input',
      before: 0.1,
      after: 0.4,
      change: expect.closeTo(3, 9),
    });
    const { list, prices } = pricesListOutputSchema.parse(
      (await run('prices', 'list', '--model', 'openai/gpt-6-luna', '--kind', 'input')).json(),
    );
    expect(list).toMatchObject({ origin: 'fetched', date: '2026-11-20', models: 1 });
    expect(prices.map(({ value }) => value)).toEqual([0.4]);
    vi.stubEnv('OPENAI_API_KEY', 'none');
    const used = await withProject(folder.path, {}, async (project) => {
      const model = await project.languageModel('openai/gpt-6-luna');
      return model.price({ ...noUsage, inputTokens: 1e6, calls: 1 });
    });
    vi.unstubAllEnvs();
    expect(used).toMatchObject({ usd: expect.closeTo(0.4, 10), priceDate: '2026-11-20' });
    expect(await code('prices', 'update', '--from', from, '--date', '2026-11-19')).toBe('price-list-older');
    expect(await code('prices', 'update', '--from', from, '--date', '2999-01-01')).toBe('usage');
    expect(await code('prices', 'update', '--from', 'nowhere.json')).toBe('file-not-found');
    const text = await fulcrumInProcess(['prices', 'update', '--from', from, '--project', folder.path]);
    expect(text.stdout).toContain('0 models new, 0 gone; 2 prices the same');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  costImportOutputSchema,
  costUsageListOutputSchema,
  costUsageShowOutputSchema,
} from '../src/app/price-contracts.ts';
import { usageColumns } from '../src/decision/usage-import/formats/csv.ts';
import { usageFormatNames } from '../src/decision/usage-import/usage-format.ts';
import { enteredKinds } from '../src/models/index.ts';
import { jsonLines, scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

let folder: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  folder = scratchFolder({ 'fulcrum.config.json': '{"variants": {}}' });
});
afterEach(() => folder.remove());

const run = (...args: string[]) => fulcrumInProcess([...args, '--json', '--project', folder.path]);

/** A request of 1,000 tokens in, 600 of them cached, and 200 out. */
const completion = (id: number, model: string): object => ({
  id: `c${id}`,
  created: 1_790_000_000 + id * 3600,
  model,
  usage: { prompt_tokens: 1000, completion_tokens: 200, prompt_tokens_details: { cached_tokens: 600 } },
});

it('has every format and every field of a table on its page', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'prices.md'), 'utf8');
  for (const name of [...usageFormatNames, ...usageColumns, ...Object.keys(enteredKinds)])
    expect(page, name).toContain(`\`${name}\``);
});

describe('fulcrum cost import', () => {
  it("sums up a file, prices it, and its profile gives the provider's bill", async () => {
    folder.write(
      'logs.jsonl',
      jsonLines(Array.from({ length: 100 }, (_, id) => completion(id, 'gpt-6-luna'))),
    );
    const finished = await run('cost', 'import', 'logs.jsonl');
    expect(finished.code).toBe(0);
    const { summary, ...done } = costImportOutputSchema.parse(finished.json());
    expect(done).toMatchObject({ name: 'usage', format: 'openai-logs', records: 100, added: 100, bad: 0 });
    expect(summary.tokens.input.mean).toMatchObject({ value: 1000, source: 'measured', n: 100 });
    // A request: 400 x $.10 + 600 x $.01 + 200 x $.50 a million = $.000146.
    expect(summary.cost.pricedUsd.value).toBeCloseTo(0.0146, 10);
    const { profile } = summary;
    const value = (part: string): number => profile[part]?.value ?? Number.NaN;
    expect([value('staticPrefix'), value('cachedShare'), value('query'), value('output')]).toEqual([
      600, 1, 400, 200,
    ]);
    const again = costImportOutputSchema.parse((await run('cost', 'import', 'logs.jsonl')).json());
    expect(again).toMatchObject({ added: 0, repeated: 100 });
    const text = await fulcrumInProcess(['cost', 'usage', 'show', '--project', folder.path]);
    expect(text.stdout).toContain('Input from the cache: 60.0 %');
  });

  it('names bad lines, exits 1 and keeps the good ones; an unknown price stays unknown', async () => {
    folder.write('logs.jsonl', `${jsonLines([completion(1, 'nobody-knows-me')])}{oops\n`);
    const finished = await run('cost', 'import', 'logs.jsonl', '--name', 'bot');
    expect(finished.code).toBe(1);
    const done = costImportOutputSchema.parse(finished.json());
    expect(done).toMatchObject({ added: 1, bad: 1, firstBad: [{ place: 'line 2', problem: 'not JSON' }] });
    expect(done.summary.cost.pricedUsd).toEqual({
      value: null,
      reason: 'no price is known for nobody-knows-me',
    });
    expect(costUsageListOutputSchema.parse((await run('cost', 'usage', 'list')).json()).usage).toMatchObject([
      { name: 'bot', rows: 1, formats: ['openai-logs'] },
    ]);
  });

  it('prices by entered prices, by batch, by the names of tracers and by what is tuned', async () => {
    await run('prices', 'set', 'openai/gpt-6-luna', '--input', '1', '--cached-input', '1', '--output', '1');
    const span = (provider: string, model: string, spanId: string) => ({
      traceId: 't',
      spanId,
      startTimeUnixNano: '1790000000000000000',
      attributes: Object.entries({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': provider,
        'gen_ai.request.model': model,
      })
        .map(([key, stringValue]): object => ({ key, value: { stringValue } }))
        .concat([{ key: 'gen_ai.usage.input_tokens', value: { intValue: '1000000' } }]),
    });
    folder.write(
      'traces.jsonl',
      jsonLines([
        { resourceSpans: [{ scopeSpans: [{ spans: [span('openai', 'gpt-6-luna', '1')] }] }] },
        { resourceSpans: [{ scopeSpans: [{ spans: [span('gcp.gemini', 'gemini-2.5-flash-lite', '2')] }] }] },
        { resourceSpans: [{ scopeSpans: [{ spans: [span('openai', 'ft:gpt-4.1-mini:a::b', '3')] }] }] },
      ]),
    );
    const { summary } = costImportOutputSchema.parse((await run('cost', 'import', 'traces.jsonl')).json());
    const prices = Object.fromEntries(summary.models.map(({ model, pricedUsd }) => [model, pricedUsd.value]));
    expect(prices).toEqual({
      'gpt-6-luna': 1,
      'gemini-2.5-flash-lite': expect.closeTo(0.1, 10),
      'ft:gpt-4.1-mini:a::b': expect.closeTo(0.8, 10),
    });
    folder.write('batch.csv', 'at,model,input,output,batch\n2026-09-01T00:00,gpt-6-luna,1000,1000,true\n');
    const batch = costImportOutputSchema.parse(
      (await run('cost', 'import', 'batch.csv', '--name', 'b')).json(),
    );
    // 2,000 tokens at $1 a million, times .5.
    expect(batch.summary.cost.pricedUsd.value).toBeCloseTo(0.001, 12);
  });

  it('shows names of models without what a terminal would obey', async () => {
    folder.write('logs.jsonl', jsonLines([completion(1, '\u001b[2Jevil')]));
    const { stdout } = await fulcrumInProcess(['cost', 'import', 'logs.jsonl', '--project', folder.path]);
    expect(stdout).toContain('evil');
    expect(stdout).not.toContain('\u001b[2J');
  });

  it('reads a table by a map, and shows and removes it', async () => {
    folder.write(
      'bill.csv',
      'day,in,out,calls,model\n2026-09-01,1000,100,10,gpt-6-luna\n2026-09-02,3000,100,10,gpt-6-luna\n',
    );
    const map = 'input=in,output=out,requests=calls';
    expect((await run('cost', 'import', 'bill.csv', '--map', map)).code).toBe(0);
    const shown = costUsageShowOutputSchema.parse((await run('cost', 'usage', 'show')).json());
    // 20 requests in two days.
    expect(shown.tokens.input.mean.value).toBe(200);
    expect(shown.volume.value).toBeCloseTo(10 * (365.25 / 12), 9);
    expect((await run('cost', 'usage', 'remove', 'usage')).json()).toEqual({ removed: 'usage', rows: 2 });
  });

  it('refuses wrong options and files with one clear error', async () => {
    const code = async (...args: string[]) =>
      (await run('cost', ...args)).json<{ error?: { code: string } }>().error?.code;
    folder.write('a.jsonl', '{"a": 1}\n');
    expect(await code('import', 'a.jsonl')).toBe('usage-format-unknown');
    expect(await code('import', 'a.jsonl', '--format', 'langfus')).toBe('usage');
    expect(await code('import', 'a.jsonl', '--format', 'otlp', '--map', 'input=x')).toBe('usage');
    expect(await code('import', 'a.jsonl', '--name', '../x')).toBe('usage');
    expect(await code('import', 'nowhere.csv')).toBe('file-not-found');
    expect(await code('usage', 'show', 'nothing')).toBe('usage-unknown');
    expect(await code('usage', 'remove', 'nothing')).toBe('usage-unknown');
  });
});

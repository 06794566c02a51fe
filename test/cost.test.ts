import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costOutputSchema, errorOutputSchema } from '../src/app/contracts.ts';
import { jsonLines, scratchFolder, teaShop } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

// A project whose model is a script that charges one token for each character, so that every figure can be worked out.
const folder = scratchFolder(teaShop);
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path, '--json']);
const instructions = 'i'.repeat(100);
const questions = Array.from({ length: 10 }, (_, index) => ({
  id: `q${index}`,
  input: `Number ${index}?`,
  facts: [[index < 8 ? 'yes' : 'no']],
}));
let server: Server;

interface ChatBody {
  readonly messages: readonly { readonly content: string }[];
  readonly stream?: boolean;
}

/** Always "yes.": 4 output tokens, and as many input tokens as the messages have characters. */
function answer({ messages, stream }: ChatBody, response: ServerResponse): void {
  const input = messages.reduce((sum, { content }) => sum + content.length, 0);
  const usage = { prompt_tokens: input, completion_tokens: 4, total_tokens: input + 4 };
  const base = { id: '1', created: 1, model: 'script' };
  if (!stream) {
    const choice = { index: 0, message: { role: 'assistant', content: 'yes.' }, finish_reason: 'stop' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...base, object: 'chat.completion', choices: [choice], usage }));
    return;
  }
  const piece = (more: object): string =>
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...more })}\n\n`;
  response.setHeader('content-type', 'text/event-stream');
  response.write(piece({ choices: [{ index: 0, delta: { role: 'assistant', content: 'yes.' } }] }));
  response.write(piece({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
  response.end(`${piece({ choices: [], usage })}data: [DONE]\n\n`);
}

const variant = (model: string) => ({ reader: 'generate', model, instructions });
let config: Record<string, unknown>;
function write(costs: object, more: object = {}): void {
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({ ...config, decision: { volume: 1000, costs }, ...more }),
  );
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let raw = '';
    request.on('data', (piece: Buffer) => {
      raw += piece.toString();
    });
    request.on('end', () => answer(JSON.parse(raw) as ChatBody, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  config = {
    embedding: false,
    variants: {
      plain: variant('compatible/desk/script'),
      dark: variant('compatible/desk/unpriced'),
      forced: { ...variant('compatible/desk/script'), forceAnswer: true },
    },
    providers: { desk: { baseUrl: `http://127.0.0.1:${port}/v1` } },
    prices: { 'compatible/desk/script': { input: 10, output: 50, date: '2026-11-20' } },
  };
  write({});
  folder.write('questions.jsonl', jsonLines(questions));
  const imported = await run('dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'd');
  expect(imported.code, imported.stdout).toBe(0);
  const evaluated = await run('eval', 'run', '--dataset', 'd', '--variants', 'plain,dark,forced');
  expect(evaluated.code, evaluated.stdout).toBe(0);
});
afterAll(() => {
  server.close();
  folder.remove();
});

describe('cost', () => {
  it('prices the measured tokens by part of the prompt, and leaves unknown what has no price', async () => {
    const report = costOutputSchema.parse((await run('cost')).json());
    const [plain, dark] = ['plain', 'dark'].map((name) => report.costs.find(({ arm }) => arm === name));
    const tokens = report.arms.find(({ arm }) => arm === 'plain')?.profile;
    // One token a character: 100 of instructions, "Number 0?" 9, and "yes." 4.
    expect([tokens?.staticPrefix?.value, tokens?.query?.value, tokens?.output?.value]).toEqual([100, 9, 4]);
    expect(plain?.lines.map(({ term, usdPerMonth }) => [term, usdPerMonth.value])).toEqual([
      ['static prefix', expect.closeTo(1, 10)],
      ['query', expect.closeTo(0.09, 10)],
      ['output', expect.closeTo(0.2, 10)],
    ]);
    expect(plain?.per1000).toMatchObject({ value: expect.closeTo(1.29, 10), date: expect.any(String) });
    expect(plain?.perAccepted).toMatchObject({ value: null, reason: expect.stringMatching(/losses.wrong/) });
    expect(dark?.perMonth).toMatchObject({ value: null, reason: expect.stringMatching(/10 of 10 answers/) });
    expect(report.regions).toMatchObject([{ from: 0, to: null, arm: 'plain', runnerUp: null }]);
    expect(report.unknown.map(({ arm }) => arm)).toEqual(['dark']);
    expect(report.leftOut).toEqual(['forced']);
    expect(report.chances).toEqual([{ volume: 1000, arm: 'plain', share: 1 }]);
  });

  it('adds arms of the config, marked as never measured, and finds regions, crossovers and tipping values', async () => {
    write({
      losses: { wrong: 0.01, refused: 0 },
      goldSet: { count: 12, usdEach: 1 },
      labels: { count: 600, usdEach: 0.2 },
      training: { usdEach: 60, sweep: 1 },
      arms: {
        tuned: {
          kind: 'tuned-self-hosted',
          like: 'plain',
          tokens: { staticPrefix: 0 },
          hosting: {
            form: 'per-hour',
            machineHour: 0.1,
            requestsPerSecond: 1,
            peakToMean: 1,
          },
        },
      },
    });
    const finished = await run('cost', '--at', '10x', '--regions');
    const report = costOutputSchema.parse(finished.json());
    expect(report.volumes).toEqual([1000, 10_000]);
    const tuned = report.costs.filter(({ arm }) => arm === 'tuned');
    // 73 for the machine, 1 for the gold set, 10 for labels, 10 for two training runs.
    expect(tuned.map(({ hypothetical, perMonth }) => [hypothetical, perMonth.value])).toEqual([
      [true, expect.closeTo(94, 10)],
      [true, expect.closeTo(94, 10)],
    ]);
    // (.01 x .2 + 94 / 1000) / .8, with the quality of the variant that it is like.
    expect(tuned[0]?.perAccepted.value).toBeCloseTo(0.12, 10);
    // 1 + .00129 n = 94 at 72,093.02.
    expect(report.regions.slice(0, 2)).toMatchObject([
      { from: 0, to: 72_094, arm: 'plain' },
      { from: 72_094, arm: 'tuned' },
    ]);
    expect(report.crossovers[0]).toMatchObject({
      below: 'plain',
      above: 'tuned',
      first: 72_094,
      neverShare: 0,
    });
    expect(report.tipping.map(({ parameter }) => parameter)).toContain('price:compatible/desk/script:input');
    const text = (await fulcrumInProcess(['cost', '--regions', '--lines', '--project', folder.path])).stdout;
    expect(text).toMatch(/tuned \*/);
    expect(text).toMatch(/never measured/);
    expect(text).toMatch(/tuned is cheaper than plain from 72\.1k/);
    expect(text).toMatch(/Without dark, whose cost is not known/);
    expect(text).toMatch(/max\(1, ceil\(requests \/ 2,628,000\)\) machines x \$0\.10 an hour x 730/);
    const dearer = costOutputSchema.parse((await run('cost', '--accepted', '--loss-wrong', '5')).json());
    expect(dearer).toMatchObject({ measure: 'accepted', losses: { wrong: { value: 5 } } });
  });

  it("takes the tokens of the team's own traffic where an arm names imported usage", async () => {
    const rows = Array.from({ length: 20 }, (_, id) => ({
      id: `c${id}`,
      created: 1_790_000_000 + id * 3600,
      model: 'gpt-6-luna',
      usage: { prompt_tokens: 1000, completion_tokens: 200, prompt_tokens_details: { cached_tokens: 600 } },
    }));
    folder.write('logs.jsonl', jsonLines(rows));
    expect((await run('cost', 'import', join(folder.path, 'logs.jsonl'), '--name', 'bot')).code).toBe(0);
    write({ arms: { now: { kind: 'external', usage: 'bot', model: 'openai/gpt-6-luna' } } });
    const { costs, arms } = costOutputSchema.parse((await run('cost', '--volume', '1000000')).json());
    // 400 x $.10 + 600 x $.01 + 200 x $.50 for a million requests.
    expect(costs.find(({ arm }) => arm === 'now')?.perMonth.value).toBeCloseTo(146, 8);
    expect(arms.find(({ arm }) => arm === 'now')?.profile?.output).toMatchObject({
      source: 'measured',
      n: 20,
    });
    write({ arms: { now: { kind: 'external', usage: 'bto', model: 'openai/gpt-6-luna' } } });
    expect(errorOutputSchema.parse((await run('cost')).json()).error.code).toBe('usage-unknown');
  });

  it('refuses what cannot be, in one error', async () => {
    const errorOf = async (...args: string[]) =>
      errorOutputSchema.parse((await run('cost', ...args)).json()).error;
    write({});
    expect(await errorOf('--volume', '-5')).toMatchObject({ code: 'usage' });
    expect(await errorOf('--at', '10y')).toMatchObject({ code: 'usage' });
    expect(await errorOf('run_none')).toMatchObject({ code: 'run-unknown' });
    expect(await errorOf('--metric', 'corect')).toMatchObject({ code: 'metric-unknown' });
    const external = { kind: 'external', costPer1000: { value: 4, currency: 'EUR' } };
    write({ arms: { theirs: external } });
    expect(await errorOf()).toMatchObject({ code: 'config-invalid', message: expect.stringMatching(/USD/) });
    write({ arms: { theirs: { ...external, costPer1000: { value: 4, date: '2999-01-01' } } } });
    expect(await errorOf()).toMatchObject({
      code: 'cost-invalid',
      message: expect.stringMatching(/after today/),
    });
    write({ arms: { theirs: { ...external, costPer1000: -4 } } });
    expect(await errorOf()).toMatchObject({ code: 'config-invalid' });
    write({ arms: { theirs: { kind: 'rag', like: 'plane' } } });
    expect(await errorOf()).toMatchObject({
      code: 'cost-invalid',
      message: expect.stringMatching(/"plain"/),
    });
    write({ arms: { plain: { kind: 'rag' } } });
    expect(await errorOf()).toMatchObject({
      code: 'cost-invalid',
      message: expect.stringMatching(/has this name/),
    });
    write({ arms: { bare: { kind: 'rag' } } });
    const { costs } = costOutputSchema.parse((await run('cost')).json());
    expect(costs.find(({ arm }) => arm === 'bare')?.perMonth).toMatchObject({ value: null });
  });
});

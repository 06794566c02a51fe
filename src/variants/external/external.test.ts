// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config names environment variables so.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { createProviderGates, type ProviderGates } from '../../models/index.ts';
import type { ExternalConfig } from '../config.ts';
import type { Question } from '../variant.ts';
import { createExternalVariant } from './external-variant.ts';
import { escapeJson, fillPlaceholders } from './placeholders.ts';

let directory = '';
const servers: Server[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fulcrum-external-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(directory, { recursive: true, force: true });
});

const question: Question = { input: 'Say "hi"\n{{id}} ${HOME}', sampleId: 's1', principal: localOwner };

async function ask(config: ExternalConfig, asked: Question = question, environment = {}) {
  const variant = await createExternalVariant({ name: 'ours', config, directory, environment });
  return variant.answer(asked);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`;
}

async function program(name: string, source: string): Promise<ExternalConfig> {
  const file = join(directory, name);
  await writeFile(file, source);
  return { command: [process.execPath, file], timeoutSeconds: 10 };
}

it('cannot hide documents of a pipeline that runs, but takes what was recorded under the id', async () => {
  const hidden: Question = { ...question, hiddenDocuments: ['docs:a.md'] };
  const url = await serve((_request, response) => response.end('{"answer": "x"}'));
  await expect(ask({ http: { url } }, hidden)).rejects.toMatchObject({ code: 'external-cannot-hide' });
  const recorded = join(directory, 'recorded.jsonl');
  await writeFile(recorded, '{"id": "s1", "answer": "Not there."}\n');
  expect((await ask({ recorded }, hidden)).answer).toBe('Not there.');
});

describe('by HTTP', () => {
  it('sends the question as JSON and reads answer, contexts and cost from their places', async () => {
    let body = '';
    let key: string | undefined;
    const url = await serve((request, response) => {
      key = request.headers.authorization;
      request.on('data', (data) => (body += data));
      request.on('end', () =>
        response.end(
          JSON.stringify({
            out: [{ text: 'Hello' }],
            docs: ['abc', { documentId: 'd', start: 1, end: 4 }],
            usd: 0.25,
          }),
        ),
      );
    });
    const answer = await ask(
      {
        http: {
          url,
          headers: { Authorization: 'Bearer ${OUR_KEY}' },
          body: { q: '{{input}}', sample: '{{id}}' },
          answerPath: 'out.0.text',
          contextsPath: 'docs',
          costPath: 'usd',
        },
      },
      question,
      { OUR_KEY: 'k1' },
    );
    expect(JSON.parse(body)).toEqual({ q: question.input, sample: 's1' });
    expect(key).toBe('Bearer k1');
    expect(answer).toMatchObject({
      answer: 'Hello',
      cost: { usd: 0.25, source: 'reported' },
      citations: [],
      refusal: null,
    });
    expect(answer.contexts).toEqual([
      { documentId: null, start: null, end: null, score: null, text: 'abc' },
      { documentId: 'd', start: 1, end: 4, score: null },
    ]);
  });

  it('keeps an unknown cost unknown and reads a refusal', async () => {
    const url = await serve((_request, response) => response.end('{"refused": true}'));
    const answer = await ask({ http: { url } });
    expect(answer.cost.usd).toBeNull();
    expect(answer.refusal).toEqual({ reason: 'model-declined' });
  });

  it.each([
    ['HTTP 500', 'external-failed', (_q, response) => response.writeHead(500).end('no')],
    ['no JSON', 'external-invalid', (_q, response) => response.end('<html>')],
    ['nothing', 'external-invalid', (_q, response) => response.end()],
    ['a wrong type', 'external-invalid', (_q, response) => response.end('{"answer": 7}')],
    ['a negative cost', 'external-invalid', (_q, response) => response.end('{"answer": "a", "costUsd": -1}')],
    [
      'too much',
      'external-invalid',
      (_q, response) => response.end(`{"answer": "${'x'.repeat(1_100_000)}"}`),
    ],
    ['a closed connection', 'external-failed', (_q, response) => response.destroy()],
    ['a hang', 'external-timeout', () => {}],
  ] as [string, string, RequestListener][])('turns %s into %s', async (_what, code, listener) => {
    const url = await serve(listener);
    await expect(ask({ http: { url }, timeoutSeconds: 0.5 })).rejects.toMatchObject({ code });
  });

  it('names a missing environment variable and stops on request', async () => {
    const url = await serve(() => {});
    await expect(ask({ http: { url, headers: { 'X-Key': '${NOT_SET}' } } })).rejects.toMatchObject({
      code: 'environment-missing',
    });
    const signal = AbortSignal.timeout(100);
    await expect(ask({ http: { url } }, { ...question, signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('by command', () => {
  it('gives {id, input} on stdin and reads JSON from stdout', async () => {
    const config = await program(
      'echo.mjs',
      'let s="";for await(const d of process.stdin)s+=d;const q=JSON.parse(s);console.log(JSON.stringify({answer:q.id+":"+q.input,confidence:0.5}))',
    );
    expect(await ask(config)).toMatchObject({ answer: `s1:${question.input}`, confidence: 0.5 });
  });

  it('works where the program does not read its input', async () => {
    const config = await program('deaf.mjs', 'process.stdin.destroy();console.log(\'{"answer":"a"}\')');
    expect(await ask(config, { ...question, input: 'x'.repeat(500_000) })).toMatchObject({ answer: 'a' });
  });

  it.each([
    ['a non-zero exit', 'external-failed', 'console.error("bad\\nluck");process.exit(3)'],
    ['garbage', 'external-invalid', 'console.log("hello")'],
    [
      'endless output',
      'external-invalid',
      'const s="x".repeat(65536);for(;;)if(!process.stdout.write(s))await new Promise(r=>process.stdout.once("drain",r))',
    ],
  ])('turns %s into %s', async (_what, code, source) => {
    await expect(ask(await program('p.mjs', source))).rejects.toMatchObject({ code });
  });

  it('reports a program that is not there', async () => {
    await expect(ask({ command: ['no-such-program-here'] })).rejects.toMatchObject({
      code: 'external-failed',
    });
  });

  it('kills a program that hangs, with what it started', async () => {
    const pidFile = join(directory, 'pid');
    const config = await program(
      'hang.mjs',
      `import{spawn}from'node:child_process';import{writeFileSync}from'node:fs';const c=spawn(process.execPath,['-e','setInterval(()=>{},1000)'],{stdio:'inherit'});writeFileSync(${JSON.stringify(pidFile)},String(c.pid));setInterval(()=>{},1000)`,
    );
    await expect(ask({ ...config, timeoutSeconds: 1.5 })).rejects.toMatchObject({ code: 'external-timeout' });
    const child = Number(await readFile(pidFile, 'utf8'));
    await expect.poll(() => isRunning(child), { timeout: 3000 }).toBe(false);
  });
});

/** Whether a process is there and not merely waiting to be collected. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return !(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).includes(') Z ');
  } catch {
    return false;
  }
}

describe('behind limits', () => {
  const limits = { attempts: 3, rateLimitedAttempts: 5, pauseMs: 5, longestPauseMs: 2000, timeoutMs: 1 };
  const open = async (name: string, url: string, gates: ProviderGates) =>
    createExternalVariant({ name, config: { http: { url } }, directory, environment: {}, gates, limits });

  it('waits as it is told to by 429, for every variant of the host, and is asked again after 503', async () => {
    const refusals = [429, 503, 503];
    const times: number[] = [];
    const url = await serve((_request, response) => {
      times.push(performance.now());
      const status = refusals.shift();
      if (status === undefined) response.end('{"answer": "a"}');
      else response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end('{}');
    });
    const gates = createProviderGates();
    const [one, other] = [await open('one', url, gates), await open('other', url, gates)];
    expect((await one!.answer(question)).answer).toBe('a');
    expect(times).toHaveLength(4);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
    refusals.push(429);
    const first = one!.answer(question);
    await expect.poll(() => times.length).toBe(5);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await Promise.all([first, other!.answer(question)]);
    expect(times[5]! - times[4]!).toBeGreaterThanOrEqual(990);
    expect(times).toHaveLength(7);
  });

  it.each([
    [429, 5, 'external-rate-limited'],
    [503, 3, 'external-unreachable'],
    [502, 1, 'external-unreachable'],
    [500, 1, 'external-failed'],
  ])('gives up status %i after %i calls as %s', async (status, calls, code) => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(status, { 'retry-after-ms': '1' }).end();
    });
    const variant = await open('one', url, createProviderGates());
    await expect(variant.answer(question)).rejects.toMatchObject({ code });
    expect(asked).toBe(calls);
  });
});

describe('as a module', () => {
  const module = async (source: string): Promise<ExternalConfig> => {
    const file = join(directory, `m${Math.random()}.mjs`);
    await writeFile(file, source);
    return { module: file, timeoutSeconds: 0.2 };
  };

  it('gives its text or its object, and its hash is in the definition', async () => {
    const config = await module('export const answer = ({ id, input }) => `${id}: ${input.length}`');
    expect((await ask(config)).answer).toBe(`s1: ${question.input.length}`);
    const variant = await createExternalVariant({ name: 'm', config, directory, environment: {} });
    expect(variant.definition.moduleHash).toMatch(/^[0-9a-f]{64}$/);
    const object = await module('export async function answer() { return { answer: "a", costUsd: 2 } }');
    expect(await ask(object)).toMatchObject({ answer: 'a', cost: { usd: 2 } });
  });

  it.each([
    ['nothing to call', 'external-invalid', 'export default 1'],
    ['a throw', 'external-failed', 'export const answer = () => { throw new Error("no") }'],
    ['a hang', 'external-timeout', 'export const answer = () => new Promise(() => {})'],
    ['a number', 'external-invalid', 'export const answer = () => 7'],
  ])('turns %s into %s', async (_what, code, source) => {
    await expect(module(source).then((config) => ask(config))).rejects.toMatchObject({ code });
  });

  it('reports a file that is not there', async () => {
    await expect(ask({ module: 'none.mjs' })).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

describe('by recorded outputs', () => {
  const record = async (...lines: string[]): Promise<ExternalConfig> => {
    await writeFile(join(directory, 'out.jsonl'), lines.join('\n'));
    return { recorded: 'out.jsonl' };
  };

  it('gives the output of the sample', async () => {
    const config = await record(
      '{"id":"s1","answer":"a","costUsd":0,"seconds":2,"usage":{"inputTokens":5}}',
      '',
    );
    const answer = await ask(config);
    expect(answer).toMatchObject({
      answer: 'a',
      seconds: 2,
      cost: { usd: 0 },
      usage: { inputTokens: 5, calls: 0 },
    });
    expect(answer.unmeasured).toBeUndefined();
    await expect(ask(config, { ...question, sampleId: 's2' })).rejects.toMatchObject({
      code: 'recording-incomplete',
    });
  });

  it('says what the recording does not: nobody measured it', async () => {
    expect((await ask(await record('{"id":"s1","answer":"a"}'))).unmeasured).toEqual(['usage', 'seconds']);
  });

  it.each([
    ['no JSON', 'x'],
    ['no id', '{"answer":"a"}'],
    ['an id that is there twice', '{"id":"s1","answer":"a"}\n{"id":"s1","answer":"b"}'],
    ['a wrong type', '{"id":"s1","answer":["a"]}'],
  ])('refuses a line with %s', async (_what, text) => {
    await expect(ask(await record(text))).rejects.toMatchObject({ code: 'recording-invalid' });
  });

  it('names the keys of a line without an answer', async () => {
    const asked = ask(await record('{"id":"s1","output":"a","model":"m"}'));
    await expect(asked).rejects.toThrow(/line 1: "answer": there is no text in it.*its keys: output, model/);
  });

  it('knows UTF-16 from broken lines', async () => {
    await writeFile(join(directory, 'out.jsonl'), Buffer.from('\uFEFF{"id":"s1","answer":"a"}', 'utf16le'));
    await expect(ask({ recorded: 'out.jsonl' })).rejects.toMatchObject({ code: 'file-not-text' });
  });

  it('says that it has no answer to a question of no dataset', async () => {
    const asked = ask(await record('{"id":"s1","answer":"a"}'), { ...question, sampleId: undefined });
    await expect(asked).rejects.toMatchObject({ code: 'recording-not-asked' });
  });

  it('refuses a file that is not there', async () => {
    await expect(ask({ recorded: 'no.jsonl' })).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

describe('templates', () => {
  it('are filled in one pass', () => {
    expect(
      fillPlaceholders('{"a":"{{input}}","b":"{{id}}"}', { input: '{{id}}"', id: '$&' }, escapeJson),
    ).toBe('{"a":"{{id}}\\"","b":"$&"}');
  });
});

// The server under load, on this machine: an open loop of searches, the library beside it, streams, and what tracing costs.
//   npm install --prefix bench/peers; node bench/serve.ts [--project DIR] [--seconds 120] [--rate 40] [--streams 1000]
// Without --project the pages of the package "ai" are synced first, which takes some minutes.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openProject } from '../src/app/index.ts';
import { localOwner } from '../src/core/index.ts';

const { values } = parseArgs({
  options: {
    project: { type: 'string' },
    seconds: { type: 'string', default: '120' },
    rate: { type: 'string', default: '40' },
    streams: { type: 'string', default: '1000' },
  },
});
const seconds = Number(values.seconds);
const require = createRequire(import.meta.url);
const autocannon = createRequire(join(import.meta.dirname, 'peers', 'package.json'))('autocannon');
const tokensPerSecond = 5;
const tokensOfStream = 60;

/** A model server that says a word 5 times a second to everybody who listens. */
const model = createServer((incoming, response) => {
  incoming.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let said = 0;
  const timer = setInterval(() => {
    const end = ++said === tokensOfStream;
    const choices = [{ index: 0, delta: { content: `w${said} ` }, finish_reason: end ? 'stop' : null }];
    response.write(
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices })}\n\n`,
    );
    if (!end) return;
    clearInterval(timer);
    response.end('data: [DONE]\n\n');
  }, 1000 / tokensPerSecond);
  response.on('close', () => clearInterval(timer));
});
await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
const modelUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;

const variants = { scripted: { reader: 'generate', model: 'compatible/scripted/m' } };
const folder = values.project ?? (await newProject());
/** A project folder of its own. */
function newFolder(): string {
  return writeConfig(mkdtempSync(join(tmpdir(), 'bench-serve-')), true);
}
function writeConfig(path: string, traces: boolean, glob = '**/*.mdx'): string {
  const directory = join(dirname(require.resolve('ai/package.json')), 'docs');
  writeFileSync(
    join(path, 'fulcrum.config.json'),
    JSON.stringify({
      sources: { 'ai-docs': { type: 'files', directory, glob } },
      providers: { scripted: { baseUrl: modelUrl } },
      prices: { 'compatible/scripted/m': { input: 1, output: 1 } },
      variants,
      traces: { enabled: traces },
    }),
  );
  return path;
}
async function newProject(): Promise<string> {
  const path = newFolder();
  const project = await openProject(path, { onNotice: console.log });
  await (await project.knowledge()).sync();
  await project.close();
  return path;
}

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
}
async function start(path: string): Promise<Started> {
  const main = join(import.meta.dirname, '../src/cli/main.ts');
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--json', '--project', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) resolve(JSON.parse(text.split('\n')[0]!).url);
    });
  });
  return { url, child };
}
async function stop({ child }: Started): Promise<void> {
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await ended;
}
const status = async (url: string) => (await fetch(`${url}/api/status`)).json();

/** Distinct queries: pieces of sentences of the corpus. */
async function queriesOf(path: string, count: number): Promise<string[]> {
  const project = await openProject(path);
  const { documents } = await project.knowledge();
  const words: string[] = [];
  for (const { documentId } of await documents.list(localOwner)) {
    const found = await documents.read(documentId, localOwner);
    words.push(...(found?.text.match(/[A-Za-z]{3,}/g) ?? []));
  }
  await project.close();
  return Array.from({ length: count }, (_, n) => {
    const at = (n * 7919) % (words.length - 8);
    return `${words.slice(at, at + 7).join(' ')} ${n}`;
  });
}

interface Loaded {
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly requests: { readonly average: number; readonly total: number };
  readonly errors: number;
  readonly non2xx: number;
}
function load(url: string, path: string, bodies: readonly object[], options: object): Promise<Loaded> {
  let next = 0;
  return autocannon({
    url: `${url}${path}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: [
      {
        setupRequest: (given: object) => ({ ...given, body: JSON.stringify(bodies[next++ % bodies.length]) }),
      },
    ],
    timeout: 30,
    ...options,
  });
}
const line = (name: string, { latency, requests, errors, non2xx }: Loaded): void =>
  console.log(
    `${name}: ${requests.average.toFixed(1)} a second, p50 ${latency.p50} ms, p99 ${latency.p99} ms, longest ${latency.max} ms, ${requests.total} requests, ${errors + non2xx} failed`,
  );

const queries = await queriesOf(folder, 20_000);
const searches = queries.map((query) => ({ query, limit: 10 }));
const server = await start(folder);
await load(server.url, '/api/search', searches.slice(0, 50), { connections: 4, amount: 50 });
await status(server.url);
const before = (await status(server.url)).memory;
const open = await load(server.url, '/api/search', searches, {
  connections: 40,
  overallRate: Number(values.rate),
  duration: seconds,
});
line(`open loop of ${values.rate} searches a second`, open);
const after = await status(server.url);
console.log(
  `  event loop held up p99 ${after.loopDelay.p99.toFixed(1)} ms; memory ${(before / 1e6).toFixed(0)} to ${(after.memory / 1e6).toFixed(0)} MB`,
);
const closed = await load(server.url, '/api/search', searches, { connections: 32, duration: 20 });
line('32 connections', closed);
console.log(`  event loop held up p99 ${(await status(server.url)).loopDelay.p99.toFixed(1)} ms`);
await stop(server);

// The library in a process of its own, asked by 32 at once.
{
  const project = await openProject(folder);
  const { retriever } = await project.knowledge();
  let done = 0;
  const search = () =>
    retriever.retrieve(queries[done++ % queries.length]!, localOwner, { limit: 10, arm: 'hybrid' });
  for (let n = 0; n < 20; n++) await search();
  done = 0;
  const began = performance.now();
  const until = began + 20_000;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (performance.now() < until) await search();
    }),
  );
  const rate = done / ((performance.now() - began) / 1000);
  console.log(
    `library, 32 at once: ${rate.toFixed(1)} a second; the server has ${(closed.requests.average / rate).toFixed(2)} of it`,
  );
  await project.close();
}

// Streams of a scripted model: every piece must come, and soon.
{
  const side = await start(newFolder());
  const count = Number(values.streams);
  const agent = new Agent({ maxSockets: count, keepAlive: false });
  const heldUp: number[] = [];
  const stream = (): Promise<{ first: number; words: number }> =>
    new Promise((resolve) => {
      const asked = performance.now();
      let first = 0;
      let text = '';
      const outgoing = request(
        `${side.url}/api/ask`,
        { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
        (response) => {
          response.setEncoding('utf8').on('data', (piece: string) => {
            if (first === 0) first = performance.now() - asked;
            text += piece;
          });
          response.on('close', () => {
            const told = [...text.matchAll(/^event: text\ndata: (.*)$/gm)]
              .map((match) => JSON.parse(match[1]!).text)
              .join('');
            resolve({ first, words: told.split(' ').filter((word) => /^w\d+$/.test(word)).length });
          });
        },
      );
      outgoing.on('error', () => resolve({ first: 0, words: 0 }));
      outgoing.end(JSON.stringify({ question: 'Say something.', model: 'scripted', stream: true }));
    });
  await stream();
  await status(side.url);
  const running = Array.from({ length: count }, stream);
  const watching = setInterval(async () => heldUp.push((await status(side.url)).loopDelay.p99), 2000);
  const ended = await Promise.all(running);
  clearInterval(watching);
  const firsts = ended.map(({ first }) => first).sort((a, b) => a - b);
  const whole = ended.filter(({ words }) => words === tokensOfStream).length;
  console.log(
    `${count} streams at ${tokensPerSecond} words a second: ${whole} came whole; first word p50 ${firsts[count >> 1]?.toFixed(0)} ms, p99 ${firsts[Math.floor(count * 0.99)]?.toFixed(0)} ms (the model takes ${1000 / tokensPerSecond}); event loop held up, worst p99 of two seconds ${Math.max(0, ...heldUp).toFixed(1)} ms`,
  );
  await stop(side);
}

// What the server adds before the first word, one request after the other; and throughput with and without traces, in turns.
{
  const direct: number[] = [];
  const through: number[] = [];
  const side = await start(newFolder());
  const firstWord = async (url: string, body: object): Promise<number> => {
    const began = performance.now();
    const stopped = new AbortController();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: stopped.signal,
    });
    for await (const piece of response.body!) if (Buffer.from(piece).includes('w1')) break;
    const took = performance.now() - began;
    stopped.abort();
    return took;
  };
  for (let n = 0; n < 30; n++) {
    const messages = [{ role: 'user', content: 'Say something.' }];
    direct.push(await firstWord(`${modelUrl}/chat/completions`, { model: 'm', stream: true, messages }));
    through.push(
      await firstWord(`${side.url}/v1/chat/completions`, { model: 'scripted', stream: true, messages }),
    );
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  console.log(
    `first word: ${median(direct).toFixed(1)} ms from the model, ${median(through).toFixed(1)} ms through the server`,
  );
  await stop(side);

  // Pages enough to search in, few enough to sync in seconds.
  const small = writeConfig(mkdtempSync(join(tmpdir(), 'bench-serve-')), true, '09-troubleshooting/*.mdx');
  const project = await openProject(small);
  await (await project.knowledge()).sync();
  await project.close();
  const rates: { on: number[]; off: number[] } = { on: [], off: [] };
  const asks = queries.map((question) => ({ question, model: 'extract' }));
  for (let round = 0; round < 3; round++)
    for (const name of ['on', 'off'] as const) {
      writeConfig(small, name === 'on', '09-troubleshooting/*.mdx');
      const each = await start(small);
      await load(each.url, '/api/ask', asks.slice(0, 20), { connections: 4, amount: 20 });
      rates[name].push(
        (await load(each.url, '/api/ask', asks, { connections: 8, duration: 10 })).requests.average,
      );
      await stop(each);
    }
  console.log(
    `answers by extract: ${median(rates.on).toFixed(1)} a second with traces, ${median(rates.off).toFixed(1)} without: ratio ${(median(rates.on) / median(rates.off)).toFixed(3)}`,
  );
}
model.close();
process.exit(0);

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder, teaShop } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';
import { post, startServe } from './serve-process.ts';

/** A model server of OpenAI's shape that says "tick" every 40 ms, eight times. */
function slowModel(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (delta: object, finish: string | null = null): void => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      response.write(
        `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices })}\n\n`,
      );
    };
    let count = 0;
    const timer = setInterval(() => {
      chunk({ content: `tick${count} ` });
      if (++count < 8) return;
      clearInterval(timer);
      chunk({}, 'stop');
      response.end('data: [DONE]\n\n');
    }, 40);
    response.on('close', () => clearInterval(timer));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let model: Server;
const folder = scratchFolder(teaShop);
beforeAll(async () => {
  model = await slowModel();
  const url = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      sources: { docs: { type: 'files', directory: 'docs' } },
      providers: { slow: { baseUrl: url } },
      prices: { 'compatible/slow/m': { input: 1, output: 1 } },
      variants: { slow: { reader: 'generate', model: 'compatible/slow/m' } },
    }),
  );
  const synced = await fulcrumInProcess(['sync', '--project', folder.path]);
  expect(synced.code, synced.stderr).toBe(0);
});
afterAll(() => {
  model.close();
  folder.remove();
});

interface Asked {
  readonly trace: string;
  readonly traced: boolean;
}

describe('fulcrum serve', () => {
  it('loses nothing that it acknowledged when it is killed under load, and starts again', async () => {
    const acknowledged = { traces: new Set<string>(), feedback: new Set<string>() };
    for (let round = 0; round < 4; round++) {
      const server = await startServe(folder.path);
      // The first answer loads the index.
      expect(
        await post<Asked>(`${server.url}/api/ask`, { question: 'How is green tea brewed?' }),
      ).not.toBeNull();
      const load = Array.from({ length: 8 }, async () => {
        for (;;) {
          const asked = await post<Asked>(`${server.url}/api/ask`, { question: 'How is green tea brewed?' });
          if (!asked) return;
          if (asked.traced) acknowledged.traces.add(asked.trace);
          const judged = await post<Asked>(`${server.url}/api/feedback`, {
            trace: asked.trace,
            thumbs: 'up',
          });
          if (!judged) return;
          acknowledged.feedback.add(asked.trace);
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 400 + 300 * Math.random()));
      server.child.kill('SIGKILL');
      await Promise.all(load);
      await server.ended;
    }
    expect(acknowledged.traces.size).toBeGreaterThan(20);
    const server = await startServe(folder.path);
    for (const trace of acknowledged.traces) {
      const response = await fetch(`${server.url}/api/traces/${trace}`);
      expect(response.status, trace).toBe(200);
      const { trace: kept, feedback } = (await response.json()) as {
        trace: { content: object };
        feedback: object[];
      };
      expect(kept.content).toMatchObject({ input: 'How is green tea brewed?' });
      if (acknowledged.feedback.has(trace)) expect(feedback).toHaveLength(1);
    }
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  it('lets a stream end when it is told to stop, and takes no more requests', async () => {
    const server = await startServe(folder.path);
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'slow', stream: true, messages: [{ role: 'user', content: 'Tick?' }] }),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('tick1')) text += (await reader.read()).value ?? '';
    server.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
    }
    expect(text).toContain('tick7');
    expect(text).toContain('[DONE]');
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('Stopping')]);
    const traces = await fulcrumInProcess([
      'traces',
      'list',
      '--variant',
      'slow',
      '--project',
      folder.path,
      '--json',
    ]);
    const [trace] = traces.json<{
      traces: { firstTextSeconds: number; seconds: number; content: { answer: string } }[];
    }>().traces;
    expect(trace?.content.answer).toContain('tick7');
    expect(trace?.firstTextSeconds).toBeGreaterThan(0);
    expect(trace?.seconds).toBeGreaterThan(trace?.firstTextSeconds ?? 0);
  });

  it('stops quietly while clients that went away are still being answered', async () => {
    const server = await startServe(folder.path);
    await post(`${server.url}/api/ask`, { question: 'How is green tea brewed?' });
    const gone = new AbortController();
    const asked = Array.from({ length: 40 }, (_, n) =>
      fetch(`${server.url}/api/${n % 2 ? 'ask' : 'search'}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(n % 2 ? { question: `Tea ${n}?` } : { query: `tea ${n}` }),
        signal: gone.signal,
      }).catch(() => null),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    gone.abort();
    server.child.kill('SIGTERM');
    await Promise.all(asked);
    const { code, stderr } = await server.ended;
    expect([code, stderr.trim()]).toEqual([0, 'Stopping: answers that are under way may end.']);
  });

  it('stops in the middle of a sync without a word of defects, and the index is whole', async () => {
    const server = await startServe(folder.path);
    const pages = Array.from({ length: 300 }, (_, n) => `docs/many/page-${n}.md`);
    for (const page of pages) folder.write(page, `# ${page}\n\nThis tin of ${page} is on the top shelf.\n`);
    await post(`${server.url}/api/sync`, {});
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect([code, stderr.trim()]).toEqual([0, 'Stopping: answers that are under way may end.']);
    const synced = await fulcrumInProcess(['sync', '--project', folder.path, '--json']);
    expect([synced.code, synced.stderr]).toEqual([0, expect.any(String)]);
    const listed = await fulcrumInProcess(['documents', 'list', '--project', folder.path, '--json']);
    expect(listed.json<{ documents: object[] }>().documents).toHaveLength(pages.length + 4);
  });

  it('says what is in its way', async () => {
    const server = await startServe(folder.path);
    const port = new URL(server.url).port;
    const taken = await fulcrumInProcess(['serve', '--port', port, '--project', folder.path]);
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('address-in-use')]);
    server.child.kill('SIGTERM');
    await server.ended;
    const outside = await fulcrumInProcess([
      'serve',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
      '--project',
      folder.path,
    ]);
    expect([outside.code, outside.stderr]).toEqual([2, expect.stringContaining('key-required')]);
  });

  it('brings what people said back as samples for reviewers', async () => {
    const server = await startServe(folder.path);
    const ask = (question: string) =>
      post<Asked>(`${server.url}/api/ask`, { question, conversation: 'opening' });
    const wrong = await ask('When does the shop close on Sundays?');
    const liked = await ask('How hot is green tea brewed?');
    const judge = (body: object) => post(`${server.url}/api/feedback`, body);
    await judge({
      trace: wrong!.trace,
      thumbs: 'down',
      reason: 'wrong',
      correction: 'It is closed all day.',
    });
    await judge({ trace: liked!.trace, thumbs: 'up' });
    server.child.kill('SIGTERM');
    await server.ended;
    const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
    const file = `${folder.path}/feedback.jsonl`;
    const written = (await run('feedback', 'samples', '--out', file, '--json')).json<{ samples: number }>();
    const imported = await run('dataset', 'import', file, '--name', 'feedback', '--json');
    expect([imported.code, imported.stderr]).toEqual([0, expect.any(String)]);
    const { samples } = imported.json<{ samples: number }>();
    expect(samples).toBe(written.samples);
    const exported = `${folder.path}/out.jsonl`;
    await run('dataset', 'export', 'feedback', '--out', exported);
    const rows = readFileSync(exported, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.find(({ id }) => id === `trace-${wrong!.trace}`)).toMatchObject({
      input: 'When does the shop close on Sundays?',
      reference: 'It is closed all day.',
      group: 'conversation-opening',
      tags: ['feedback', 'corrected'],
    });
    // Of the liked answer the citations became evidence that was found in the corpus.
    const good = rows.find(({ id }) => id === `trace-${liked!.trace}`);
    expect(good).toMatchObject({
      tags: ['feedback', 'thumbs-up'],
      evidence: [{ document: 'docs:brewing.md' }],
    });
    expect(good.reference).toContain('seventy degrees');
    expect(good.reference).not.toContain('[1]');
  });

  it('has its keys, names, traces and feedback at the command line', async () => {
    const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
    const made = await run(
      'keys',
      'create',
      '--name',
      'web',
      '--for',
      'user:web,group:staff',
      '--scope',
      'ask',
      'read',
    );
    expect(made.stdout).toMatch(/^fk_[0-9a-z]{12}_[\w-]{43}\n/);
    const listed = await run('keys', 'list');
    expect(listed.stdout).toContain('web  ask+read  tenant:local,user:web,group:staff  never expires');
    expect((await run('keys', 'create', '--name', 'x', '--for', 'web')).stderr).toContain(
      'principal-invalid',
    );
    expect((await run('keys', 'create', '--name', 'x', '--for', 'user:a', '--scope', 'all')).code).toBe(2);
    await run('names', 'set', 'assistant', '--variant', 'extract=3', 'slow=1', '--fallback', 'extract');
    expect((await run('names', 'list')).stdout).toContain('extract 75 %, slow 25 %; fallback extract');
    expect((await run('names', 'set', 'assistant', '--variant', 'nope')).stderr).toContain('variant-unknown');
    const { revisions } = (await run('names', 'show', 'assistant', '--json')).json<{ revisions: object[] }>();
    expect(revisions).toHaveLength(1);
    expect((await run('traces', 'list', '--limit', '1')).stdout).toMatch(/extract|slow/);
    expect((await run('traces', 'show', 'nope')).stderr).toContain('trace-unknown');
    expect((await run('feedback', 'list')).stdout).toMatch(/^\d+ of \d+ requests were judged/);
  });
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rerankersConfigSchema } from './reranker-config.ts';
import { resolveRerankingModel } from './rerankers.ts';

// A strict double of rerank endpoints: it refuses a body or a key that the protocol does not know.

const cohereBody = z.strictObject({
  model: z.literal('rerank-9'),
  query: z.string().min(1),
  documents: z.array(z.string()).min(1),
  top_n: z.number().int().positive(),
});
const teiBody = z.strictObject({
  query: z.string().min(1),
  texts: z.array(z.string()).min(1),
  truncate: z.literal(true),
});

let server: Server;
let answer: (texts: readonly string[], response: ServerResponse) => void;
const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
/** Score of a text: how long it is; the list comes worst first, as no client may rely on its order. */
const results = (texts: readonly string[]) =>
  texts.map((text, index) => ({ index, relevance_score: text.length / 100 })).reverse();

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text);
}

beforeEach(async () => {
  answer = (texts, response) => json(response, { id: 'x', results: results(texts) });
  server = createServer(async (request, response) => {
    if (request.url === '/moved') return response.writeHead(307, { location: '/rerank' }).end();
    const tei = request.url === '/tei';
    if (request.headers.authorization !== (tei ? undefined : 'Bearer secret')) return json(response, {}, 401);
    const body = tei ? teiBody.safeParse(await bodyOf(request)) : cohereBody.safeParse(await bodyOf(request));
    if (!body.success) return json(response, { message: body.error.message }, 422);
    answer('texts' in body.data ? body.data.texts : body.data.documents, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const make = async (entry: Record<string, unknown> = {}, path = '/rerank', key = 'secret') =>
  resolveRerankingModel('mine', {
    rerankers: rerankersConfigSchema.parse({
      mine: {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
        model: 'rerank-9',
        keyVariable: 'RERANK_KEY',
        ...entry,
      },
    }),
    environment: { RERANK_KEY: key },
  });
const texts = ['a', 'abcd', 'ab'];

describe('a reranker behind HTTP', () => {
  it('gives scores in the order of the texts, in each form that endpoints answer in', async () => {
    const model = await make({ usdPerCall: 0.002 });
    const { scores, cost } = await model.rerank('q', texts);
    expect(scores).toEqual([0.01, 0.04, 0.02]);
    expect(cost).toMatchObject({ usd: 0.002, source: 'entered' });
    answer = (given, response) => json(response, { data: results(given) });
    expect((await model.rerank('q', texts)).scores).toEqual([0.01, 0.04, 0.02]);
    answer = (given, response) =>
      json(
        response,
        given.map((text, index) => ({ index, score: -text.length })),
      );
    const tei = await make({ wire: 'tei', keyVariable: undefined, model: undefined }, '/tei');
    const found = await tei.rerank('q', texts);
    expect(found.scores).toEqual([-1, -4, -2]);
    expect(found.cost.usd).toBe(0);
    answer = (given, response) => json(response, { results: results(given) });
    expect((await (await make()).rerank('q', texts)).cost.usd).toBeNull();
  });

  it('does not take an answer that lacks a text, scores one twice, or is none', async () => {
    const model = await make();
    for (const [reply, problem] of [
      [{ results: [] }, /0 scores for 3/],
      [{ results: [...results(texts), { index: 0, relevance_score: 1 }] }, /twice or out of range/],
      [{ results: [{ index: 3, relevance_score: 1 }] }, /twice or out of range/],
      [{ results: [{ index: 0, relevance_score: 'high' }] }, /no list/],
      [{ results: [{ index: 0, relevance_score: null }] }, /no list/],
      ['ok', /no list/],
    ] as const) {
      answer = (_given, response) => json(response, reply);
      await expect(model.rerank('q', texts)).rejects.toMatchObject({
        code: 'model-failed',
        message: expect.stringMatching(problem),
      });
    }
    answer = (_given, response) => response.end('<html>');
    await expect(model.rerank('q', texts)).rejects.toMatchObject({
      code: 'model-failed',
      message: /no JSON/,
    });
    answer = (_given, response) => response.end(`[${' '.repeat(5_000_000)}]`);
    await expect(model.rerank('q', texts)).rejects.toMatchObject({ code: 'model-failed', message: /bytes/ });
  });

  it('is given up after its time, and tells failures apart', async () => {
    answer = () => {};
    const startedAt = performance.now();
    await expect((await make({ timeoutSeconds: 0.2 })).rerank('q', texts)).rejects.toMatchObject({
      code: 'model-unreachable',
      message: /within 0.2 s/,
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    for (const [status, code] of [
      [429, 'model-rate-limited'],
      [500, 'model-unreachable'],
      [404, 'model-failed'],
    ] as const) {
      answer = (_given, response) => json(response, {}, status);
      await expect((await make()).rerank('q', texts)).rejects.toMatchObject({ code });
    }
    await expect((await make({}, '/rerank', 'wrong')).rerank('q', texts)).rejects.toMatchObject({
      code: 'model-key-rejected',
    });
    const gone = new AbortController();
    gone.abort();
    await expect((await make()).rerank('q', texts, { signal: gone.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('sends passages and key to no other address', async () => {
    await expect((await make({}, '/moved')).rerank('q', texts)).rejects.toMatchObject({
      retryable: expect.any(Boolean),
    });
  });

  it('needs a name that the config has, and its key', async () => {
    const rerankers = rerankersConfigSchema.parse({
      jina: { url: 'https://api.jina.ai/v1/rerank', keyVariable: 'JINA' },
    });
    await expect(resolveRerankingModel('jna', { rerankers, environment: {} })).rejects.toMatchObject({
      code: 'reranker-unknown',
      message: /Did you mean "jina"/,
    });
    await expect(resolveRerankingModel('jina', { rerankers, environment: {} })).rejects.toMatchObject({
      code: 'model-key-missing',
      message: /JINA/,
    });
    expect(rerankersConfigSchema.safeParse({ x: { url: 'file:///etc/passwd' } }).success).toBe(false);
  });
});

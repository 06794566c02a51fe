import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GenerationRequest } from './language-model.ts';
import { resolveEmbeddingModel, resolveLanguageModel } from './resolve.ts';
import type { RetryLimits } from './retry-limits.ts';

// A strict double of an OpenAI-compatible server: it refuses a body that the protocol does not know.

const key = 'sk-test-4f9a';
const message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
const chatBody = z.strictObject({
  model: z.literal('org/tiny'),
  messages: z.array(message).min(1),
  max_tokens: z.number().int().positive().optional(),
  temperature: z.number(),
  seed: z.number().optional(),
  stream: z.literal(true).optional(),
  stream_options: z.strictObject({ include_usage: z.literal(true) }).optional(),
  response_format: z
    .strictObject({
      type: z.literal('json_schema'),
      json_schema: z.object({ schema: z.object({ type: z.literal('object') }), name: z.string() }),
    })
    .optional(),
});
type ChatBody = z.infer<typeof chatBody>;
const embeddingBody = z.strictObject({
  model: z.literal('org/tiny'),
  input: z.array(z.string()).min(1),
  encoding_format: z.literal('float').optional(),
});

const usage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 60 },
  completion_tokens_details: { reasoning_tokens: 5 },
};

let server: Server;
let requests: ChatBody[];
/** Answers to come, in turn; afterwards a good one. */
let failures: ((response: ServerResponse) => void)[];
let text: string;

const fail =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: `status ${status}`, type: 'x', code: 'x' } }));
  };

function answerChat(body: ChatBody, response: ServerResponse): void {
  const base = { id: 'c1', created: 1, model: 'org/tiny' };
  if (!body.stream) {
    const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' };
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...base, object: 'chat.completion', choices: [choice], usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (choices: unknown[], more = {}): void => {
    response.write(
      `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
    );
  };
  for (const piece of text.split(/(?<= )/)) chunk([{ index: 0, delta: { content: piece } }]);
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  chunk([], { usage });
  response.end('data: [DONE]\n\n');
}

beforeEach(async () => {
  requests = [];
  failures = [];
  text = 'Water is wet.';
  process.env.TINY_KEY = key;
  server = createServer(async (request, response) => {
    let raw = '';
    for await (const block of request) raw += block;
    const next = failures.shift();
    if (next) return next(response);
    if (request.headers.authorization !== `Bearer ${key}`) return fail(401)(response);
    if (request.url === '/v1/chat/completions') {
      const body = chatBody.safeParse(JSON.parse(raw));
      if (!body.success) return fail(400)(response);
      requests.push(body.data);
      return answerChat(body.data, response);
    }
    const body = embeddingBody.safeParse(JSON.parse(raw));
    if (request.url !== '/v1/embeddings' || !body.success) return fail(400)(response);
    // The length of the text is on the first axis, so that order can be seen.
    const data = body.data.input.map((input, index) => ({
      index,
      object: 'embedding',
      embedding: [input.length, 4],
    }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        object: 'list',
        model: 'org/tiny',
        data,
        usage: { prompt_tokens: 7, total_tokens: 7 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  delete process.env.TINY_KEY;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const fast: RetryLimits = { attempts: 4, pauseMs: 1, longestPauseMs: 2000, timeoutMs: 3000 };
const id = 'compatible/tiny/org/tiny';

function options(limits: Partial<RetryLimits> = {}) {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    providers: { tiny: { baseUrl, keyVariable: 'TINY_KEY' } },
    prices: { [id]: { input: 1, cachedInput: 0.1, output: 10, date: '2026-11-01' } },
    limits: { ...fast, ...limits },
  };
}

async function ask(request: Partial<GenerationRequest> = {}, limits: Partial<RetryLimits> = {}) {
  const model = await resolveLanguageModel(id, options(limits));
  return model.generate({
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'What is water?' },
    ],
    maxOutputTokens: 30,
    ...request,
  });
}

describe('a hosted language model', () => {
  it('is asked once and its usage is priced', async () => {
    const answer = await ask({ seed: 7 });
    expect(requests).toEqual([
      {
        model: 'org/tiny',
        messages: [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: 'What is water?' },
        ],
        max_tokens: 30,
        temperature: 0,
        seed: 7,
      },
    ]);
    expect(answer).toMatchObject({ text: 'Water is wet.', finishReason: 'stop' });
    expect(answer.usage).toEqual({
      inputTokens: 100,
      cachedInputTokens: 60,
      outputTokens: 20,
      reasoningTokens: 5,
      embeddedTokens: 0,
      calls: 1,
      coreSeconds: 0,
    });
    // 40 uncached at $1, 60 cached at $0.1 and 20 out at $10 a million.
    expect(answer.cost).toEqual({
      usd: expect.closeTo(0.000246, 12),
      source: 'entered',
      priceDate: '2026-11-01',
      basis: 'price entered in the config',
    });
  });

  it('streams the same text', async () => {
    const pieces: string[] = [];
    const answer = await ask({ onText: (piece) => pieces.push(piece) });
    expect(pieces).toEqual(['Water ', 'is ', 'wet.']);
    expect(answer.text).toBe('Water is wet.');
    expect(answer.usage).toMatchObject({ inputTokens: 100, outputTokens: 20, calls: 1 });
  });

  it('gives an object that satisfies the schema, and none where the text does not', async () => {
    const schema = z.object({ wet: z.boolean() });
    text = '{"wet": true}';
    expect(await ask({ schema })).toMatchObject({ text, object: { wet: true } });
    expect(requests[0]?.response_format?.type).toBe('json_schema');
    for (const wrong of ['{"wet": "yes"}', 'Water is wet.']) {
      text = wrong;
      const answer = await ask({ schema });
      expect(answer.text).toBe(wrong);
      expect(answer).not.toHaveProperty('object');
    }
  });

  it('is asked again after 429 and 5xx, and every call is counted', async () => {
    failures = [fail(429, { 'retry-after': '1' }), fail(500), fail(503)];
    const answer = await ask();
    expect(answer.usage.calls).toBe(4);
    expect(answer.seconds).toBeGreaterThan(0.99);
  });

  it.each([
    ['a wrong key', [fail(401)], 'model-key-rejected'],
    ['a forbidden model', [fail(403)], 'model-key-rejected'],
    ['429 without end', Array.from({ length: 4 }, () => fail(429)), 'model-rate-limited'],
    ['a pause that is too long', [fail(429, { 'retry-after': '3600' })], 'model-rate-limited'],
    ['500 without end', Array.from({ length: 4 }, () => fail(500)), 'model-unreachable'],
    ['a refused request', [fail(400)], 'model-failed'],
    [
      'garbage',
      [(response: ServerResponse) => void response.writeHead(200).end('<html>not json</html>')],
      'model-failed',
    ],
    [
      'JSON of another kind',
      [
        (response: ServerResponse) =>
          void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": 1}'),
      ],
      'model-failed',
    ],
    [
      'a prompt that is too long',
      [
        (response: ServerResponse) =>
          void response
            .writeHead(400, { 'content-type': 'application/json' })
            .end('{"error": {"message": "This model\'s maximum context length is 10 tokens"}}'),
      ],
      'model-context-exceeded',
    ],
  ])('reports %s', async (_name, answers, code) => {
    failures = answers;
    const failure = await ask().catch((error) => error);
    expect(failure.code).toBe(code);
    expect(failures).toEqual([]);
    expect(JSON.stringify(failure) + failure.message).not.toContain(key);
  });

  it('reports the same when streaming, and does not ask again once text was handed on', async () => {
    failures = [fail(401)];
    await expect(ask({ onText: () => undefined })).rejects.toMatchObject({ code: 'model-key-rejected' });
    const pieces: string[] = [];
    failures = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const chunk = { id: 'c', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'Wa' } }] };
        response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => setTimeout(() => response.destroy(), 30));
      },
    ];
    await expect(ask({ onText: (piece) => pieces.push(piece) })).rejects.toMatchObject({
      code: expect.stringMatching(/^model-(failed|unreachable)$/),
    });
    expect(pieces).toEqual(['Wa']);
    expect(requests).toEqual([]);
  });

  it('is given up when it hangs, and stops on request', async () => {
    failures = [() => undefined, () => undefined];
    await expect(ask({}, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'model-unreachable',
      message: expect.stringContaining('no complete answer within 0.1 s'),
    });
    await expect(ask({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is unreachable when nothing listens', async () => {
    const model = await resolveLanguageModel(id, {
      ...options(),
      providers: { tiny: { baseUrl: 'http://127.0.0.1:9/v1', keyVariable: 'TINY_KEY' } },
    });
    await expect(model.generate({ messages: [{ role: 'user', content: 'x' }] })).rejects.toMatchObject({
      code: 'model-unreachable',
    });
  });

  it('has no price where none is known', async () => {
    const model = await resolveLanguageModel(id, { ...options(), prices: {} });
    const { cost } = await model.generate({ messages: [{ role: 'user', content: 'x' }] });
    expect(cost.usd).toBeNull();
    expect(model.contextTokens).toBeNull();
  });
});

describe('a hosted embedding model', () => {
  it('keeps the order and gives unit vectors', async () => {
    const model = await resolveEmbeddingModel(id, options());
    expect([model.dimensions, model.local, model.fingerprint]).toEqual([2, false, id]);
    const texts = Array.from({ length: 100 }, (_, index) => 'x'.repeat(index + 1));
    const { vectors, tokens, cost } = await model.embedDocuments(texts);
    expect(vectors).toHaveLength(100);
    // (3, 4) has length 5.
    expect(vectors[2]?.[0]).toBeCloseTo(0.6, 6);
    expect(vectors[2]?.[1]).toBeCloseTo(0.8, 6);
    expect(vectors[99]?.[0]).toBeCloseTo(100 / Math.hypot(100, 4), 6);
    // Two requests of at most 96 texts, 7 tokens each by the double.
    expect(tokens).toBe(14);
    expect(cost.usd).toBeCloseTo(14e-6, 12);
    expect((await model.embedQueries([])).vectors).toEqual([]);
  });
});

describe('names of models', () => {
  it.each([
    ['opnai/gpt-5', 'Did you mean "openai"?'],
    ['gpt-5', ''],
    ['openai/', ''],
    ['compatible/tony/x', 'Did you mean "tiny"?'],
    ['compatible/tiny/', ''],
    ['local/smollm2-135m-instuct', 'Did you mean "local/smollm2-135m-instruct"?'],
    ['local/bge-small-en-v1.5', 'It is an embedding model'],
    ['toString/x', ''],
  ])('%s is unknown', async (name, suggestion) => {
    await expect(resolveLanguageModel(name, options())).rejects.toMatchObject({
      code: 'model-unknown',
      message: expect.stringContaining(suggestion),
    });
  });

  it('need their key', async () => {
    delete process.env.TINY_KEY;
    await expect(resolveLanguageModel(id, options())).rejects.toMatchObject({
      code: 'model-key-missing',
      message: expect.stringContaining('TINY_KEY'),
    });
  });

  it('say that a provider has no embedding models', async () => {
    process.env.ANTHROPIC_API_KEY = 'test';
    await expect(resolveEmbeddingModel('anthropic/claude-haiku-4-5')).rejects.toMatchObject({
      code: 'model-unknown',
      message: expect.stringContaining('anthropic has no embedding models'),
    });
    delete process.env.ANTHROPIC_API_KEY;
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import { generateKeyPair, SignJWT } from 'jose';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, type Project } from '../app/index.ts';
import type { Principal } from '../core/index.ts';
import type { Scope } from '../serving/index.ts';
import { createApp } from './create-app.ts';
import { listen, type RunningServer } from './listen.ts';

const page = (readers: string, text: string): string =>
  `---\nreaders: [${readers}]\n---\n\n# Leave\n\n${text}\n`;
const files: Readonly<Record<string, string>> = {
  'docs/open.md': '# Hours\n\nThe office closes at six, and everybody knows the kestrel rule.\n',
  'docs/pay.md': page('group:hr', 'The kestrel bonus is forty crowns for everybody in the north hall.'),
  'docs/ann.md': page('user:ann', 'Notes of Ann: the kestrel project ends in May, and the budget is gone.'),
  'acme/plan.md': '# Plan\n\nAcme counts every kestrel twice and pays in tin coins.\n',
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    refusal: { minConfidence: 0, minCoverage: 0, minSimilarity: 0 },
    sources: {
      docs: { type: 'files', directory: 'docs' },
      acme: { type: 'files', directory: 'acme', tenant: 'acme' },
    },
    serve: {
      maxBodyBytes: 50_000,
      principalTokens: {
        issuer: 'https://id.test',
        audience: 'fulcrum',
        algorithms: ['HS256'],
        keyEnv: 'TEST_PRINCIPAL_KEY',
      },
    },
  }),
};
const secret = 'a secret of more than thirty-two bytes, for tests';
const folder = mkdtempSync(join(tmpdir(), 'fulcrum-server-'));
const defects: unknown[] = [];
let project: Project;
let app: Awaited<ReturnType<typeof createApp>>;
let server: RunningServer;
const principals = {
  ann: { tenant: 'local', user: 'ann', groups: ['staff'] },
  hr: { tenant: 'local', user: 'bob', groups: ['hr'] },
  acme: { tenant: 'acme', user: 'zoe', groups: [] },
  acmeAdmin: { tenant: 'acme', user: 'boss', groups: ['owners'] },
  admin: { tenant: 'local', user: 'ops', groups: ['owners'] },
  backend: { tenant: 'local', user: 'backend', groups: [] },
} satisfies Record<string, Principal>;
type Who = keyof typeof principals;
const scopesOf: Readonly<Partial<Record<Who, Scope[]>>> = { acmeAdmin: ['admin'], admin: ['admin'] };
const keys = {} as Record<Who, string>;

beforeAll(async () => {
  process.env.TEST_PRINCIPAL_KEY = secret;
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  project = await openProject(folder);
  await (await project.knowledge()).sync();
  const serving = await project.serving();
  for (const [who, principal] of Object.entries(principals))
    keys[who as Who] = (
      await serving.keys.create(
        {
          name: who,
          principal,
          scopes: scopesOf[who as Who] ?? ['ask', 'read'],
          actsForOthers: who === 'backend',
        },
        'test',
      )
    ).text;
  app = await createApp({
    project,
    serving,
    requireKey: true,
    onDefect: (_id, error) => defects.push(error),
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close(1000);
  await project.close();
  rmSync(folder, { recursive: true, force: true });
  delete process.env.TEST_PRINCIPAL_KEY;
  expect(defects).toEqual([]);
});

interface Sent {
  readonly as?: Who;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}
async function send(path: string, { as, body, headers = {}, method }: Sent = {}) {
  const response = await app.request(path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(as && { authorization: `Bearer ${keys[as]}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}
const documentsOf = (answer: { citations: { documentId: string }[] }) =>
  [...new Set(answer.citations.map(({ documentId }) => documentId))].sort();
const ask = (as: Who, more: object = {}) =>
  send('/api/ask', { as, body: { question: 'What about the kestrel?', ...more } });

describe('who asks', () => {
  const readable: Readonly<Record<string, readonly string[]>> = {
    ann: ['docs:ann.md', 'docs:open.md'],
    hr: ['docs:open.md', 'docs:pay.md'],
    acme: ['acme:plan.md'],
    admin: ['docs:ann.md', 'docs:open.md', 'docs:pay.md'],
  };

  it.each(Object.entries(readable))('%s sees the own documents by every door', async (who, wanted) => {
    const as = who as Who;
    const search = (await send('/api/search', { as, body: { query: 'kestrel' } })).json();
    expect(search.hits.map((hit: { documentId: string }) => hit.documentId).sort()).toEqual(wanted);
    const listed = (await send('/api/documents', { as })).json();
    expect(listed.documents.map((each: { documentId: string }) => each.documentId)).toEqual(wanted);
    const answer = (await ask(as)).json();
    for (const document of documentsOf(answer)) expect(wanted).toContain(document);
    expect(documentsOf(answer).length).toBeGreaterThan(0);
    const streamed = (await ask(as, { stream: true })).text;
    const chat = await send('/v1/chat/completions', {
      as,
      body: { model: 'extract', messages: [{ role: 'user', content: 'What about the kestrel?' }] },
    });
    const traces = (await send('/api/traces', { as })).text;
    for (const [name, text] of Object.entries(files)) {
      const id = name.replace('/', ':');
      if (!name.endsWith('.md')) continue;
      const status = (await send(`/api/document?id=${encodeURIComponent(id)}`, { as })).status;
      expect(status, id).toBe(wanted.includes(id) ? 200 : 404);
      if (wanted.includes(id)) continue;
      const own = text.trim().split('\n').at(-1)!;
      for (const door of [streamed, chat.text, traces, JSON.stringify(answer)])
        expect(door).not.toContain(own.slice(0, 30));
    }
  });

  it('lists page by page, without gaps for what may not be read', async () => {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const page = (await send(`/api/documents?limit=1${after && `&after=${after}`}`, { as: 'hr' })).json();
      seen.push(...page.documents.map((each: { documentId: string }) => each.documentId));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(readable.hr);
  });

  it('is told nothing of traces, keys and feedback of another tenant', async () => {
    const { trace } = (await ask('ann')).json();
    expect((await send(`/api/traces/${trace}`, { as: 'ann' })).status).toBe(200);
    expect((await send(`/api/traces/${trace}`, { as: 'admin' })).status).toBe(200);
    for (const as of ['hr', 'acme', 'acmeAdmin'] as const) {
      expect((await send(`/api/traces/${trace}`, { as })).status, as).toBe(404);
      expect((await send('/api/feedback', { as, body: { trace, thumbs: 'up' } })).status, as).toBe(404);
    }
    const listed = (await send('/api/keys', { as: 'acmeAdmin' })).json();
    expect(listed.keys.map((key: { name: string }) => key.name).sort()).toEqual(['acme', 'acmeAdmin']);
    const foreign = (await send('/api/keys', { as: 'admin' }))
      .json()
      .keys.find((key: { name: string }) => key.name === 'ann');
    expect((await send(`/api/keys/${foreign.id}`, { as: 'acmeAdmin', method: 'DELETE' })).status).toBe(404);
    for (const [path, sent] of [
      ['/api/sync', { body: {} }],
      ['/api/jobs', {}],
      ['/api/audit', {}],
      ['/api/status', {}],
      ['/api/names/x', { body: { variants: [{ variant: 'extract' }] }, method: 'PUT' }],
      ['/api/keys', { body: { name: 'k', scopes: ['ask'], principal: principals.ann } }],
    ] as const)
      expect((await send(path, { as: 'acmeAdmin', ...sent })).status, path).toBe(403);
  });

  it('must have a key with the scope, sent in one of two ways', async () => {
    expect((await send('/api/documents')).status).toBe(401);
    expect((await send('/api/documents', { headers: { 'x-api-key': keys.ann } })).status).toBe(200);
    expect((await send('/api/documents', { headers: { authorization: 'Basic x' } })).status).toBe(401);
    for (const path of ['/api/keys', '/api/jobs', '/api/audit', '/api/status'])
      expect((await send(path, { as: 'ann' })).json().error.code, path).toBe('scope-missing');
    expect((await send('/v1/models')).json().error).toMatchObject({
      code: 'key-missing',
      type: 'authentication_error',
    });
  });
});

describe('acting for others', () => {
  const claims = { sub: 'bob', groups: ['hr'] };
  const sign = async (
    more: {
      alg?: string;
      key?: Parameters<SignJWT['sign']>[0];
      issuer?: string;
      audience?: string;
      exp?: string;
      claims?: object;
    } = {},
  ) =>
    new SignJWT({ ...claims, ...more.claims })
      .setProtectedHeader({ alg: more.alg ?? 'HS256' })
      .setIssuer(more.issuer ?? 'https://id.test')
      .setAudience(more.audience ?? 'fulcrum')
      .setExpirationTime(more.exp ?? '5m')
      .sign(more.key ?? new TextEncoder().encode(secret));
  const search = async (token: string, as: Who = 'backend') =>
    send('/api/search', { as, body: { query: 'kestrel bonus' }, headers: { 'x-fulcrum-principal': token } });

  it('reads what the person of the token may', async () => {
    const found = (await search(await sign()))
      .json()
      .hits.map((hit: { documentId: string }) => hit.documentId);
    expect(found).toContain('docs:pay.md');
    const own = (await send('/api/search', { as: 'backend', body: { query: 'kestrel bonus' } })).json();
    expect(own.hits.map((hit: { documentId: string }) => hit.documentId)).toEqual(['docs:open.md']);
  });

  it('is refused with any other token', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const none =
      `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ ...claims, iss: 'https://id.test', aud: 'fulcrum', exp: 9e9 }))}.`.replaceAll(
        '=',
        '',
      );
    const tokens = {
      'another secret': await sign({ key: new TextEncoder().encode(`${secret}!`) }),
      'another algorithm': await sign({ alg: 'RS256', key: privateKey }),
      'a longer one of the same family': await sign({ alg: 'HS512' }),
      none,
      expired: await sign({ exp: '-1m' }),
      'another audience': await sign({ audience: 'other' }),
      'another issuer': await sign({ issuer: 'https://evil.test' }),
      'another tenant': await sign({ claims: { tenant: 'acme' } }),
      'groups that are no list': await sign({ claims: { groups: 'hr' } }),
      garbage: 'x.y.z',
    };
    for (const [what, token] of Object.entries(tokens))
      expect((await search(token)).json().error?.code, what).toBe('principal-token-invalid');
    expect((await search(await sign(), 'ann')).json().error.code).toBe('acting-not-allowed');
  });
});

describe('answers', () => {
  it('quote exactly, name their trace, and are kept as they were given', async () => {
    const given = await ask('ann', { conversation: 'c1' });
    const answer = given.json();
    expect(given.headers.get('x-fulcrum-trace')).toBe(answer.trace);
    expect(answer).toMatchObject({ variant: 'extract', traced: true, refusal: null });
    for (const { documentId, start, end, quote } of answer.citations) {
      const { text } = (await send(`/api/document?id=${documentId}`, { as: 'ann' })).json();
      expect(text.slice(start, end)).toBe(quote);
    }
    const { trace } = (await send(`/api/traces/${answer.trace}`, { as: 'ann' })).json();
    expect(trace).toMatchObject({
      door: 'ask',
      user: 'ann',
      tenant: 'local',
      conversation: 'c1',
      status: 'answered',
    });
    expect(trace.content.answer).toBe(answer.answer);
    expect(trace.spans.map((span: { name: string }) => span.name)).toEqual(['retrieval', 'evidence']);
    for (const { startMs, endMs } of trace.spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
  });

  it('stream as pieces that make up the answer, then the answer itself', async () => {
    const { text, headers } = await ask('ann', { stream: true });
    expect(headers.get('content-type')).toContain('text/event-stream');
    const events = text
      .trim()
      .split('\n\n')
      .map((block) => {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
        return { event, data: JSON.parse(data ?? 'null') };
      });
    expect(events.at(-1)?.event).toBe('answer');
    const pieces = events.filter(({ event }) => event === 'text').map(({ data }) => data.text);
    expect(pieces.join('')).toBe(events.at(-1)?.data.answer);
  });

  it('can be judged and judged again; the same person counts once', async () => {
    const { trace } = (await ask('ann')).json();
    await send('/api/feedback', { as: 'ann', body: { trace, thumbs: 'up' } });
    await send('/api/feedback', {
      as: 'ann',
      body: { trace, thumbs: 'down', reason: 'wrong', correction: 'In June.' },
    });
    const { feedback } = (await send(`/api/traces/${trace}`, { as: 'ann' })).json();
    expect(feedback).toEqual([
      {
        trace,
        thumbs: 'down',
        reason: 'wrong',
        correction: 'In June.',
        author: 'ann',
        at: expect.any(String),
      },
    ]);
  });

  it('come by a public name, which an administrator moves and takes back', async () => {
    const put = await send('/api/names/assistant', {
      as: 'admin',
      method: 'PUT',
      body: { variants: [{ variant: 'extract' }] },
    });
    expect(put.json()).toMatchObject({ number: 1, route: { on: true } });
    const { trace } = (await ask('ann', { model: 'assistant' })).json();
    expect((await send(`/api/traces/${trace}`, { as: 'ann' })).json().trace).toMatchObject({
      name: 'assistant',
      variant: 'extract',
    });
    expect((await send('/api/names/assistant/off', { as: 'admin', method: 'POST' })).status).toBe(200);
    expect((await ask('ann', { model: 'assistant' })).status).toBe(503);
    expect((await send('/api/names/assistant/rollback', { as: 'admin', method: 'POST' })).json().number).toBe(
      3,
    );
    expect((await ask('ann', { model: 'assistant' })).status).toBe(200);
    const wrong = await send('/api/names/x', {
      as: 'admin',
      method: 'PUT',
      body: { variants: [{ variant: 'nope' }] },
    });
    expect([wrong.status, wrong.json().error.code]).toEqual([404, 'variant-unknown']);
  });
});

describe('bad requests', () => {
  it.each([
    ['no JSON', { body: '{' }, 400, 'request-invalid'],
    ['an unknown member', { body: { question: 'x', temperature: 1 } }, 400, 'request-invalid'],
    ['an empty question', { body: { question: '  ' } }, 400, 'request-invalid'],
    ['an unknown variant', { body: { question: 'x', model: 'nope' } }, 404, 'variant-unknown'],
    ['too much', { body: { question: 'x', context: { a: 'y'.repeat(60_000) } } }, 413, 'request-too-large'],
    ['an unknown source', { body: { question: 'x', filter: { sources: ['nope'] } } }, 404, 'source-unknown'],
    [
      "another tenant's source",
      { body: { question: 'x', filter: { sources: ['acme'] } } },
      404,
      'source-unknown',
    ],
  ] as const)('with %s are told what is wrong', async (_name, sent, status, code) => {
    const given = await send('/api/ask', { as: 'ann', ...sent });
    expect([given.status, given.json().error.code]).toEqual([status, code]);
    expect(given.json().error.requestId).toBe(given.headers.get('x-request-id'));
    expect(given.text).not.toMatch(/\bat .*\.ts:\d+|node_modules/);
  });

  it('of a browser get no leave to read across sites', async () => {
    const preflight = await send('/api/ask', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    const { headers } = await ask('ann');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('without a key are the owner’s where none is required, but not from another site or name', async () => {
    const serving = await project.serving();
    const open = await createApp({ project, serving, requireKey: false, onDefect: () => {} });
    const list = (headers: Record<string, string>) => open.request('/api/documents', { headers });
    expect((await list({ host: '127.0.0.1:4040' })).status).toBe(200);
    expect((await list({ host: 'localhost:4040', origin: 'http://localhost:4040' })).status).toBe(200);
    expect((await list({ host: 'evil.test' })).status).toBe(403);
    expect((await list({ host: '127.0.0.1', origin: 'https://evil.test' })).status).toBe(403);
    expect((await list({ host: '127.0.0.1', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    // A wrong key is no key at all.
    expect((await list({ host: '127.0.0.1', authorization: 'Bearer nonsense' })).status).toBe(401);
  });
});

describe('the description of the interface', () => {
  it('names every path, and what each takes and gives', async () => {
    const document = (await send('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/ask',
        '/api/search',
        '/api/traces/{id}',
        '/api/keys/{id}/rotate',
        '/v1/chat/completions',
      ]),
    );
    for (const [path, methods] of Object.entries<Record<string, { summary?: string; responses: object }>>(
      document.paths,
    ))
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        expect(Object.keys(operation.responses), `${method} ${path}`).toContain('default');
      }
  });
});

describe('the official clients', () => {
  const client = () => new OpenAI({ apiKey: keys.ann, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'What about the kestrel?' }];

  it('openai: models, an answer with annotations, a stream with usage, errors', async () => {
    const models = [];
    for await (const model of client().models.list()) models.push(model.id);
    expect(models).toContain('extract');
    const completion = await client().chat.completions.create({ model: 'extract', messages });
    const { message, finish_reason } = completion.choices[0]!;
    expect(finish_reason).toBe('stop');
    expect(message.annotations?.length).toBeGreaterThan(0);
    for (const { url_citation: citation } of message.annotations ?? [])
      expect(message.content?.slice(citation.start_index, citation.end_index)).toMatch(/^\[\d+\]$/);
    const stream = await client().chat.completions.create({
      model: 'extract',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: unknown = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(message.content);
    expect(usage).toMatchObject({ prompt_tokens: 0, completion_tokens: 0 });
    await expect(client().chat.completions.create({ model: 'nope', messages })).rejects.toMatchObject({
      status: 404,
      code: 'variant-unknown',
    });
    const tools = [{ type: 'function' as const, function: { name: 'f' } }];
    await expect(
      client().chat.completions.create({ model: 'extract', messages, tools }),
    ).rejects.toMatchObject({ status: 400 });
    const wrong = new OpenAI({ apiKey: 'fk_wrong', baseURL: `${server.url}/v1`, maxRetries: 0 });
    await expect(wrong.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });

  it('openai: responses, whole and as events', async () => {
    const given = { model: 'extract', input: 'What about the kestrel?' };
    const response = await client().responses.create({ ...given, instructions: 'Be brief.', temperature: 0 });
    expect(response.status).toBe('completed');
    expect(response.output_text).toContain('kestrel');
    const [item] = response.output;
    const part = item?.type === 'message' ? item.content[0] : undefined;
    const annotations = part?.type === 'output_text' ? part.annotations : [];
    expect(annotations.length).toBeGreaterThan(0);
    for (const annotation of annotations)
      if (annotation.type === 'url_citation')
        expect(response.output_text.slice(annotation.start_index, annotation.end_index)).toMatch(/^\[\d+\]$/);
    let text = '';
    const types = [];
    for await (const event of await client().responses.create({ ...given, stream: true })) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed')
        expect(event.response.output_text ?? text).toContain('kestrel');
    }
    expect(text).toBe(response.output_text);
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed']);
    const turns = [
      { role: 'user' as const, content: 'Hello' },
      { role: 'assistant' as const, content: 'Yes?' },
      { role: 'user' as const, content: 'What about the kestrel?' },
    ];
    expect((await client().responses.create({ model: 'extract', input: turns })).output_text).toContain(
      'kestrel',
    );
    await expect(
      client().responses.create({ ...given, previous_response_id: 'resp_1' }),
    ).rejects.toMatchObject({ status: 400 });
    await expect(client().responses.create({ ...given, model: 'nope' })).rejects.toMatchObject({
      status: 404,
    });
    const { headers } = await send('/v1/responses', {
      as: 'ann',
      body: { ...given, instructions: 'x', temperature: 1 },
    });
    expect(headers.get('x-fulcrum-ignored')).toBe('instructions, temperature');
  });

  it('the AI SDK: responses too, with sources', async () => {
    const provider = createOpenAI({ apiKey: keys.ann!, baseURL: `${server.url}/v1` });
    const whole = await generateText({ model: provider('extract'), prompt: 'What about the kestrel?' });
    expect(whole.text).toContain('kestrel');
    expect(whole.sources.length).toBeGreaterThan(0);
    const streamed = streamText({ model: provider('extract'), prompt: 'What about the kestrel?' });
    expect(await streamed.text).toBe(whole.text);
  });

  it('the AI SDK: whole and streamed', async () => {
    const provider = createOpenAICompatible({
      name: 'fulcrum',
      apiKey: keys.ann,
      baseURL: `${server.url}/v1`,
    });
    const whole = await generateText({ model: provider('extract'), prompt: 'What about the kestrel?' });
    expect(whole.text).toContain('kestrel');
    const streamed = streamText({ model: provider('extract'), prompt: 'What about the kestrel?' });
    expect(await streamed.text).toBe(whole.text);
  });
});

it('work that takes longer is a job, whose progress is streamed', async () => {
  const versionOf = async (): Promise<string> => {
    const { trace } = (await ask('admin')).json();
    return (await send(`/api/traces/${trace}`, { as: 'admin' })).json().trace.indexVersion;
  };
  const before = await versionOf();
  writeFileSync(join(folder, 'docs/new.md'), '# New\n\nA kestrel moved in.\n');
  const started = await send('/api/sync', { as: 'admin', body: { source: 'docs' } });
  expect(started.status).toBe(202);
  const { text } = await send(`/api/jobs/${started.json().id}/events`, { as: 'admin' });
  const last = JSON.parse(
    text
      .trim()
      .split('\n')
      .at(-1)!
      .replace(/^data: /, ''),
  );
  expect(last).toMatchObject({ state: 'done', kind: 'sync', error: null });
  const listed = (await send('/api/documents', { as: 'admin' })).json();
  expect(listed.documents.map((each: { documentId: string }) => each.documentId)).toContain('docs:new.md');
  // Traces name the index that was searched, not that of the start.
  const { indexVersion } = (await send('/api/search', { as: 'admin', body: { query: 'kestrel' } })).json();
  const after = await versionOf();
  expect([after, after === before]).toEqual([indexVersion, false]);
  expect((await send('/api/sync', { as: 'admin', body: { source: 'nope' } })).json().error.code).toBe(
    'source-unknown',
  );
  expect((await send('/api/jobs/nope', { as: 'admin' })).status).toBe(404);
});

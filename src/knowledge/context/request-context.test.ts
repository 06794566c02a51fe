import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Principal, sha256 } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { contextProviderSchema } from './context-config.ts';
import type { GivenContext, RequestContext } from './context-port.ts';
import { fillUrl, hostOf } from './fill-url.ts';
import { createRequestContext } from './request-context.ts';
import { parametersOf } from './sql-parameters.ts';

const ann: Principal = { tenant: 'local', user: 'ann', groups: ['support'] };
const bob: Principal = { tenant: 'local', user: 'bob', groups: ['support'] };
const eve: Principal = { tenant: 'local', user: 'eve', groups: [] };
const at = new Date('2026-11-24T09:00:00Z');

let folder: string;
let server: Server;
let base: string;
const requests: { url: string; authorization: string | undefined }[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'context-'));
  const database = await openDatabase(join(folder, 'crm.db'), [
    {
      'test-001': {
        up: async (handle) => {
          await handle.schema
            .createTable('accounts')
            .addColumn('id', 'integer')
            .addColumn('owner', 'text')
            .addColumn('plan', 'text')
            .execute();
          await handle
            .insertInto('accounts')
            .values([
              { id: 42, owner: 'ann', plan: 'gold' },
              { id: 43, owner: 'bob', plan: 'iron' },
            ])
            .execute();
        },
      },
    },
  ]);
  await database.close();
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    const path = request.url ?? '';
    if (path.startsWith('/slow')) return;
    if (path.startsWith('/redirect')) response.writeHead(302, { location: '/account/42' }).end();
    else if (path.startsWith('/none')) response.writeHead(404).end('no');
    else if (path.startsWith('/broken')) response.writeHead(500).end('secret details');
    else if (path.startsWith('/image')) response.writeHead(200, { 'content-type': 'image/png' }).end('x');
    else if (path.startsWith('/big'))
      response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(100_000));
    else if (path.startsWith('/text'))
      response.writeHead(200, { 'content-type': 'text/plain' }).end('Just text.');
    else
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('{"plan": "gold"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const opened: RequestContext[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
  requests.length = 0;
});

function open(config: Record<string, object>, environment: Record<string, string> = {}): RequestContext {
  const parsed = Object.fromEntries(
    Object.entries(config).map(([name, entry]) => [name, contextProviderSchema.parse(entry)]),
  );
  const context = createRequestContext({
    config: parsed,
    projectDirectory: folder,
    environment,
    now: () => at,
  });
  opened.push(context);
  return context;
}

const statuses = ({ records }: GivenContext) =>
  records.map(({ status, reason }) => (reason ? `${status}: ${reason}` : status));

const account = {
  type: 'sql',
  database: 'crm.db',
  query: 'select id, plan from accounts where id = :account and owner = :user',
  values: { account: { pattern: '[0-9]+' } },
  readers: ['group:support'],
};

describe('a query as context', () => {
  it('gives the rows as a document of its own, with its hash and time, and records nothing of them', async () => {
    const given = await open({ account }).gather({ principal: ann, values: { account: '42' } });
    const text = 'id: 42\nplan: gold\n';
    expect(given.documents).toMatchObject([
      { documentId: '@context:account', version: sha256(text), uri: 'context:account', text },
    ]);
    expect(given.hits).toMatchObject([{ documentId: '@context:account', start: 0, end: text.length, text }]);
    expect(given.records).toEqual([
      {
        provider: 'account',
        status: 'given',
        at: at.toISOString(),
        seconds: expect.any(Number),
        documentId: '@context:account',
        version: sha256(text),
      },
    ]);
    expect(JSON.stringify(given.records)).not.toContain('gold');
  });

  it('binds who asks: no value gets at the rows of another', async () => {
    const context = open({ account });
    expect(statuses(await context.gather({ principal: bob, values: { account: '42' } }))).toEqual(['empty']);
    expect(statuses(await context.gather({ principal: bob, values: { account: '43' } }))).toEqual(['given']);
    for (const name of ['user', 'tenant', 'groups'])
      await expect(
        context.gather({ principal: bob, values: { account: '42', [name]: 'ann' } }),
      ).rejects.toMatchObject({ code: 'context-value-invalid' });
    // Whatever a user is called stays a value.
    const hostile = { ...ann, user: "x' or '1'='1" };
    expect(statuses(await context.gather({ principal: hostile, values: { account: '42' } }))).toEqual([
      'empty',
    ]);
  });

  it('keeps out who may not use it, and asks nothing without its values', async () => {
    const context = open({ account });
    expect(statuses(await context.gather({ principal: eve, values: { account: '42' } }))).toEqual([
      'not-allowed',
    ]);
    expect(statuses(await context.gather({ principal: ann, values: {} }))).toEqual(['not-asked']);
  });

  it('refuses values that are not declared or do not look as they should, before anything is fetched', async () => {
    const context = open({ account });
    for (const [values, problem] of [
      [{ acount: '42' }, 'no provider takes it. Did you mean "account"?'],
      [{ account: '42 or 1=1' }, 'it does not match [0-9]+'],
      [{ account: '42\n' }, 'it does not match [0-9]+'],
      [{ account: '' }, 'it does not match'],
      [{ account: '4'.repeat(201) }, 'it has more than 200 characters'],
      [{ __proto__x: '1' }, 'no provider takes it'],
    ] as const)
      await expect(context.gather({ principal: ann, values })).rejects.toMatchObject({
        code: 'context-value-invalid',
        message: expect.stringContaining(problem),
      });
    const any = open({ free: { ...account, values: { account: { pattern: '.*' } } } });
    for (const value of ["42'; drop table accounts; --", '42 union select 1, plan from accounts', ':user'])
      expect(statuses(await any.gather({ principal: ann, values: { account: value } })), value).toEqual([
        'empty',
      ]);
    expect(statuses(await context.gather({ principal: ann, values: { account: '42' } }))).toEqual(['given']);
  });

  it('fails softly: slow, broken, writing, too many rows, too much text', async () => {
    const sql = (query: string, more: object = {}) => ({
      type: 'sql',
      database: 'crm.db',
      query,
      readers: ['everyone'],
      ...more,
    });
    const endless = 'with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r';
    const context = open({
      slow: sql(endless, { timeoutSeconds: 0.2 }),
      broken: sql('select plan from nowhere'),
      writing: sql("update accounts set plan = 'none'"),
      many: sql('select id from accounts', { maxRows: 1 }),
      big: sql("select printf('%.*c', 2000, 'x') as x", { maxBytes: 1000 }),
      missing: { ...sql('select 1'), database: 'none.db' },
      fine: sql('select plan from accounts where owner = :user'),
    });
    const given = await context.gather({ principal: ann, values: {} });
    expect(statuses(given)).toEqual([
      'unavailable: no result within 0.2 s',
      expect.stringMatching(/^unavailable: no such table/),
      expect.stringMatching(/^unavailable: /),
      'unavailable: more than 1 rows',
      'unavailable: it gave 2004 bytes; the limit is 1000',
      expect.stringMatching(/^unavailable: unable to open/),
      'given',
    ]);
    expect(given.documents.map(({ text }) => text)).toEqual(['plan: gold\n']);
  });
});

describe('an address as context', () => {
  const http = (path: string, more: object = {}) => ({
    type: 'http',
    url: `http://${base}${path}`,
    hosts: [base],
    readers: ['everyone'],
    timeoutSeconds: 0.5,
    ...more,
  });

  it('is asked with escaped values and headers from the environment', async () => {
    const context = open(
      {
        crm: http('/account/{account}?for={user}', {
          headers: { Authorization: 'Bearer ${CRM_TOKEN}' },
          values: { account: { pattern: '[\\s\\S]*' } },
        }),
      },
      { CRM_TOKEN: 'key' },
    );
    const principal = { ...ann, user: 'ann&admin=1#/../x' };
    const given = await context.gather({ principal, values: { account: 'a b?c=d&e' } });
    expect(statuses(given)).toEqual(['given']);
    expect(given.documents[0]?.text).toContain('gold');
    expect(requests).toEqual([
      { url: '/account/a%20b%3Fc%3Dd%26e?for=ann%26admin%3D1%23%2F..%2Fx', authorization: 'Bearer key' },
    ]);
    for (const account of ['..', '.', '../admin', 'a/b', 'a\\b', '%2e%2e', 'a\u0000b', 'a\nb', ''])
      expect(statuses(await context.gather({ principal: ann, values: { account } })).join(), account).toMatch(
        /^unavailable: a value cannot stand in the path/,
      );
    expect(requests).toHaveLength(1);
  });

  it('fails softly: no redirect, no other format, no more than the limit, and in time', async () => {
    const startedAt = performance.now();
    const given = await open({
      redirect: http('/redirect'),
      none: http('/none'),
      broken: http('/broken'),
      image: http('/image'),
      big: http('/big'),
      slow: http('/slow'),
      text: http('/text'),
      key: http('/text', { headers: { Authorization: '${NO_SUCH_KEY}' } }),
      closed: { ...http(''), url: 'http://127.0.0.1:1/', hosts: ['127.0.0.1:1'] },
    }).gather({ principal: ann, values: {} });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(statuses(given)).toEqual([
      expect.stringMatching(/^unavailable: /),
      'empty',
      'unavailable: HTTP status 500',
      'unavailable: it gave image/png, and text or JSON is needed',
      'unavailable: it gave more than 16384 bytes',
      'unavailable: nothing came within 0.5 s',
      'given',
      'unavailable: the environment variable NO_SUCH_KEY is not set',
      expect.stringMatching(/^unavailable: /),
    ]);
    expect(requests.some(({ url }) => url.startsWith('/account'))).toBe(false);
  });

  it('never leaves its host and path, whatever the values', () => {
    const template = 'https://crm.example:8443/api/{a}/x{b}?q={c}';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'binary' }), (a, b, c) => {
        const url = fillUrl(template, { a, b, c });
        if (url === null) return;
        expect(url.host).toBe('crm.example:8443');
        expect(url.pathname.split('/').length).toBe(4);
        expect(url.pathname.startsWith('/api/')).toBe(true);
        expect([...url.searchParams.keys()]).toEqual(['q']);
        expect(url.searchParams.get('q')).toBe(c);
        expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(a);
      }),
      { numRuns: 2000 },
    );
    expect(fillUrl('https://h/a/.{b}', { b: '.' })).toBeNull();
    for (const bad of [
      'https://{a}/',
      'https://h{a}/',
      'https://u:p@h/',
      'file:///etc/{a}',
      'https://h:{a}/',
      '//h/',
    ])
      expect(hostOf(bad), bad).toBeNull();
  });
});

describe('a function as context', () => {
  let modules = 0;
  const module = (code: string, more: object = {}) => {
    const file = `provider-${process.pid}-${++modules}.mjs`;
    writeFileSync(join(folder, file), code);
    return { type: 'module', file, readers: ['everyone'], timeoutSeconds: 0.3, ...more };
  };

  it('is told who asks, and may give nothing', async () => {
    const given = await open({
      orders: module(
        'export const getContext = ({ principal, values }) => ({ text: `${principal.user} ordered ${values.item}.`, title: "Orders" });',
        { values: { item: { pattern: '\\w+' } } },
      ),
      nothing: module('export const getContext = () => null;'),
      throws: module('export function getContext() { throw new Error("no line\\nto the till"); }'),
      hangs: module('export const getContext = () => new Promise(() => {});'),
      number: module('export const getContext = () => 7;'),
      without: module('export const x = 1;'),
    }).gather({ principal: ann, values: { item: 'tea' } });
    expect(statuses(given)).toEqual([
      'given',
      'empty',
      'unavailable: no line',
      'unavailable: nothing came within 0.3 s',
      expect.stringMatching(/^unavailable: /),
      expect.stringContaining('exports no function "getContext"'),
    ]);
    expect(given.documents).toMatchObject([{ title: 'Orders', text: 'ann ordered tea.' }]);
  });

  it('stops with the question', async () => {
    const controller = new AbortController();
    const waiting = open({
      hangs: module('export const getContext = () => new Promise(() => {});', { timeoutSeconds: 30 }),
    }).gather({
      principal: ann,
      values: {},
      signal: controller.signal,
    });
    controller.abort(new Error('told to'));
    await expect(waiting).rejects.toThrow('told to');
  });
});

describe('the config of context', () => {
  const problem = (entry: object) => contextProviderSchema.safeParse(entry).error?.issues[0]?.message ?? null;

  it('must say who may use it, and who asks where a request gives values', () => {
    expect(problem(account)).toBeNull();
    expect(problem({ ...account, readers: undefined })).not.toBeNull();
    expect(problem({ ...account, readers: [] })).not.toBeNull();
    expect(problem({ ...account, readers: ['support'] })).toContain('is none of');
    const open = { ...account, query: 'select plan from accounts where id = :account' };
    expect(problem(open)).toContain('does not say who asks: use :user or :groups, or set "valuesDecide"');
    expect(problem({ ...open, query: `${open.query} -- :user` })).toContain('does not say who asks');
    expect(problem({ ...open, query: `${open.query} and owner <> ':user'` })).toContain(
      'does not say who asks',
    );
    expect(problem({ ...open, valuesDecide: true })).toBeNull();
    expect(problem({ ...account, query: `${account.query} and x = :other` })).toContain(
      ':other is no declared value',
    );
    expect(problem({ ...account, values: { ...account.values, other: { pattern: '.' } } })).toContain(
      '"other" is not used',
    );
    expect(problem({ ...account, values: { user: { pattern: '.' } } })).not.toBeNull();
    expect(problem({ ...account, values: { account: { pattern: '(' } } })).toContain('no regular expression');
  });

  it('keeps an address to its hosts', () => {
    const http = {
      type: 'http',
      url: 'https://crm.example/a/{user}',
      hosts: ['crm.example'],
      readers: ['everyone'],
    };
    expect(problem(http)).toBeNull();
    expect(problem({ ...http, hosts: ['other.example'] })).toContain('is not among "hosts"');
    expect(problem({ ...http, url: 'https://{user}/a' })).toContain('scheme and host written out');
    expect(problem({ ...http, url: 'ftp://crm.example/' })).toContain('must be http or https');
  });

  it('finds the parameters of a statement', () => {
    expect(
      parametersOf('select \':a\', ":b", :c /* :d */ from t where x::text = :e -- :f\n and y = :c'),
    ).toEqual(['c', 'e']);
  });
});

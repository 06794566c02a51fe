import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Principal, readerTokens } from '../../core/index.ts';
import type { RawDocument } from '../document.ts';
import { createSource } from './create-source.ts';
import { narrowReaders, readDate, readReaders, resolveAttributes } from './document-attributes.ts';
import { sourceConfigSchema } from './source-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attributes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Documents and failures of a source by key. */
async function readSource(config: object): Promise<Record<string, RawDocument | Error>> {
  const source = createSource('s', sourceConfigSchema.parse(config), { projectDirectory: folder });
  const read: Record<string, RawDocument | Error> = {};
  for await (const listing of source.list())
    read[listing.ok ? listing.item.key : listing.key] = listing.ok
      ? await source.read(listing.item).catch((error: Error) => error)
      : (listing.error as Error);
  return read;
}

describe('access lists', () => {
  const place = { path: 'a.md', field: 'acl' };

  it('are arrays, or texts with commas and semicolons', () => {
    expect(readReaders(['group:hr', ' user:Ann Lee ', 'group:hr'], place)).toEqual([
      'group:hr',
      'user:Ann Lee',
    ]);
    expect(readReaders('group:hr; user:ann,everyone', place)).toEqual(['group:hr', 'user:ann', 'everyone']);
    expect(readReaders([], place)).toEqual([]);
  });

  it.each([
    ['', 'it is empty'],
    [null, 'it is no list'],
    [undefined, 'it is no list'],
    [{ group: 'hr' }, 'it is no list'],
    ['hr', '"hr" is none of'],
    ['group:', '"group:" is none of'],
    ['group: ', 'is none of'],
    ['Group:hr', 'is none of'],
    ['role:hr', 'is none of'],
    ['group:hr,', '"" is none of'],
    [['group:hr', 7], '7 is none of'],
    [['group:a\u0000b'], 'is none of'],
    [['everyone '.repeat(2)], 'is none of'],
  ])('are never guessed: %j', (value, problem) => {
    expect(() => readReaders(value, place)).toThrow(`Who may read a.md cannot be told from "acl": ${''}`);
    expect(() => readReaders(value, place)).toThrow(problem);
  });

  it('in a text let nobody in who is not on the list of the source', () => {
    const token = fc.constantFrom('everyone', 'user:ann', 'user:bob', 'group:hr', 'group:ops');
    const list = fc.uniqueArray(token, { maxLength: 4 });
    const principal: fc.Arbitrary<Principal> = fc.record({
      tenant: fc.constant('t'),
      user: fc.constantFrom('ann', 'bob', 'cy'),
      groups: fc.subarray(['hr', 'ops']),
    });
    const mayRead = (who: Principal, readers: readonly string[]) =>
      readerTokens(who).some((own) => readers.includes(own));
    fc.assert(
      fc.property(list, list, principal, (granted, said, who) => {
        const narrowed = mayRead(who, narrowReaders(granted, said, 'narrow'));
        if (narrowed) {
          expect(mayRead(who, granted)).toBe(true);
          expect(mayRead(who, said)).toBe(true);
        }
      }),
    );
    expect(narrowReaders(['everyone'], ['group:hr'], 'narrow')).toEqual(['group:hr']);
    expect(narrowReaders(['group:hr'], ['everyone'], 'narrow')).toEqual(['group:hr']);
    expect(narrowReaders(['group:hr', 'user:ann'], ['group:hr', 'user:bob'], 'narrow')).toEqual(['group:hr']);
    expect(narrowReaders(['group:hr'], ['user:ann'], 'narrow')).toEqual([]);
    expect(narrowReaders(['group:hr'], ['everyone'], 'ignore')).toEqual(['group:hr']);
    expect(narrowReaders(['group:hr'], ['everyone'], 'replace')).toEqual(['everyone']);
    expect(narrowReaders(['group:hr'], undefined, 'replace')).toEqual(['group:hr']);
  });
});

describe('dates', () => {
  const place = { path: 'a.md', field: 'date' };
  it('are days and instants that exist', () => {
    for (const date of ['2026-02-28', '2024-02-29', '2026-11-24T09:00:00Z', '2026-11-24T09:00+01:00'])
      expect(readDate(date, place)).toBe(date);
    for (const date of ['2026-02-30', '2023-02-29', '24.11.2026', '2026-11-24T09:00', '2026-13-01', 7, ''])
      expect(() => readDate(date, place), String(date)).toThrow('is no day such as');
  });
});

describe('what is known of a document', () => {
  it('comes from its sidecar, then the last rule that names it, then the source', async () => {
    for (const name of ['a.md', 'hr/b.md', 'hr/pay/c.md', 'hr/pay/d.md']) write(`docs/${name}`, name);
    write(
      'docs/hr/pay/d.md.meta.json',
      '{"readers": ["user:ann"], "language": "de_CH", "metadata": {"kind": "own", "n": 3}}',
    );
    const read = await readSource({
      type: 'files',
      directory: 'docs',
      readers: ['group:staff'],
      rules: [
        { match: 'hr/**', readers: ['group:hr'], language: 'en', metadata: { team: 'hr', kind: 'rule' } },
        {
          match: ['hr/pay/*', 'nothing'],
          readers: ['group:pay'],
          date: '2026-01-01',
          metadata: { kind: 'pay' },
        },
      ],
    });
    expect(
      Object.entries(read).map(([key, document]) => ({ key, ...pick(document as RawDocument) })),
    ).toEqual([
      { key: 'a.md', readers: ['group:staff'] },
      { key: 'hr/b.md', readers: ['group:hr'], language: 'en', metadata: { team: 'hr', kind: 'rule' } },
      {
        key: 'hr/pay/c.md',
        readers: ['group:pay'],
        language: 'en',
        date: '2026-01-01',
        metadata: { team: 'hr', kind: 'pay' },
      },
      {
        key: 'hr/pay/d.md',
        readers: ['user:ann'],
        language: 'de-CH',
        date: '2026-01-01',
        metadata: { team: 'hr', kind: 'own', n: '3' },
      },
    ]);
  });

  it('stays out where a sidecar may hold an access list that cannot be understood', async () => {
    const sidecars: Record<string, string> = {
      'a.md.meta.json': '{"readers": "hr"}',
      'b.md.meta.json': '{"reader": ["group:hr"]}',
      'c.md.meta.yaml': 'readers: [group:hr',
      'd.md.meta.yml': '- group:hr',
      'e.md.meta.json': '',
      'f.md.meta.yaml': 'a: &a [x,x]\nreaders: *a\n',
      'g.md.meta.json': '{"readers": ["group:hr"], "date": "soon"}',
      'h.md.meta.json': '{"readers": ["group:hr"]}',
      'h.md.meta.yaml': 'readers: [everyone]',
      'i.md.meta.json': '{"__proto__": {"readers": ["everyone"]}}',
    };
    for (const [name, content] of Object.entries(sidecars)) {
      write(`docs/${name}`, content);
      write(`docs/${name.replace(/\.meta.*/, '')}`, 'text');
    }
    const read = await readSource({ type: 'files', directory: 'docs' });
    expect(Object.keys(read)).toEqual([
      'a.md',
      'b.md',
      'c.md',
      'd.md',
      'e.md',
      'f.md',
      'g.md',
      'h.md',
      'i.md',
    ]);
    for (const [key, outcome] of Object.entries(read))
      expect(outcome, key).toMatchObject({
        code: key === 'g.md' ? 'attribute-invalid' : 'access-list-invalid',
      });
    expect(String(read['a.md'])).toContain(
      'Who may read a.md.meta.json cannot be told from "readers": "hr" is none of',
    );
    expect(String(read['b.md'])).toContain('there is no such member. Did you mean "readers"?');
  });

  it('stays out where a record has no access list although a field is named for it', async () => {
    write(
      'a.jsonl',
      [
        { id: 'a', t: 'x', acl: ['group:hr'] },
        { id: 'b', t: 'x' },
        { id: 'c', t: 'x', acl: [] },
        { id: 'd', t: 'x', acl: 'hr' },
      ]
        .map((record) => JSON.stringify(record))
        .join('\n'),
    );
    const read = await readSource({
      type: 'jsonl',
      file: 'a.jsonl',
      id: 'id',
      text: 't',
      fields: { readers: 'acl' },
    });
    expect(read).toMatchObject({
      a: { readers: ['group:hr'] },
      b: {
        code: 'access-list-invalid',
        message: expect.stringContaining('a.jsonl, line 2 cannot be told from "acl"'),
      },
      c: { readers: [] },
      d: { code: 'access-list-invalid' },
    });
  });

  it('changes the declared version when a rule does', async () => {
    write('a.jsonl', '{"id":"a","t":"x"}');
    const version = async (rules: object[]) => {
      const config = sourceConfigSchema.parse({ type: 'jsonl', file: 'a.jsonl', id: 'id', text: 't', rules });
      const listings = createSource('s', config, { projectDirectory: folder }).list();
      const versions: (string | null)[] = [];
      for await (const listing of listings) versions.push(listing.ok ? listing.item.version : null);
      return versions[0];
    };
    const plain = await version([]);
    const open = await version([{ match: '*', readers: ['everyone'] }]);
    const closed = await version([{ match: '*', readers: ['group:hr'] }]);
    expect(new Set([plain, open, closed]).size).toBe(3);
    expect(await version([{ match: '*', readers: ['group:hr'] }])).toBe(closed);
  });

  it('joins what source and text say, the source first', () => {
    const raw = { key: 'a', uri: 'a', content: '', mediaType: 'text/plain' };
    expect(resolveAttributes(raw)).toEqual({
      readers: ['everyone'],
      language: null,
      date: null,
      metadata: {},
    });
    expect(
      resolveAttributes(
        { ...raw, language: 'de', lastChanged: '2026-01-01T00:00:00Z', metadata: { a: 'source' } },
        { language: 'en', date: '2020-01-01', readers: ['group:hr'], metadata: { a: 'text', b: 'text' } },
      ),
    ).toEqual({
      readers: ['group:hr'],
      language: 'de',
      date: '2020-01-01',
      metadata: { a: 'source', b: 'text' },
    });
  });

  it('is checked in the config too', () => {
    const problem = (more: object) =>
      sourceConfigSchema.safeParse({ type: 'files', directory: '.', ...more }).error?.issues[0]?.message;
    expect(problem({ readers: ['hr'] })).toContain('"hr" is none of');
    expect(problem({ rules: [{ match: '**', readers: ['group:hr', 'x'] }] })).toContain('"x" is none of');
    expect(problem({ rules: [{ match: '**', date: 'soon' }] })).toContain('is no day');
    expect(problem({ rules: [{ match: '**', language: '?' }] })).toContain('is no language tag');
    expect(problem({ rules: [{ match: '**', reader: ['group:hr'] }] })).toContain('reader');
    expect(problem({ readers: ['group:hr'] })).toBeUndefined();
  });
});

function pick({ readers, language, date, metadata }: RawDocument) {
  return Object.fromEntries(
    Object.entries({ readers, language, date, metadata }).filter(([, value]) => value !== undefined),
  );
}

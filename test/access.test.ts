import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

// A folder whose texts name their readers, and one of another tenant with the same words in it.
const page = (readers: string, text: string): string =>
  `---\nreaders: [${readers}]\n---\n\n# Leave\n\n${text}\n`;
const folder = scratchFolder({
  'docs/open.md': '# Leave\n\nThe office closes at six, and everybody knows the kestrel rule.\n',
  'docs/pay.md': page('group:hr', 'The kestrel bonus is forty crowns for everybody in the north hall.'),
  'docs/ann.md': page('user:ann', 'Notes of Ann: the kestrel project ends in May, and the budget is gone.'),
  'acme/plan.md': '# Plan\n\nAcme counts every kestrel twice and pays in tin coins.\n',
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    sources: {
      docs: { type: 'files', directory: 'docs' },
      acme: { type: 'files', directory: 'acme', tenant: 'acme' },
    },
  }),
});
const write = (file: string, text: string): void => writeFileSync(join(folder.path, file), text);
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
const json = async <T>(...args: string[]): Promise<T> => (await run(...args, '--json')).json<T>();
const found = async (...as: string[]): Promise<string[]> =>
  (await json<{ hits: { documentId: string }[] }>('search', 'kestrel', ...as)).hits
    .map(({ documentId }) => documentId)
    .sort();
const ann = ['--as', 'user:ann'];
const hr = ['--as', 'user:bob,group:hr'];
const acme = ['--as', 'user:zoe,tenant:acme'];

beforeAll(async () => {
  const synced = await run('sync');
  expect(synced.code, synced.stderr).toBe(0);
});
afterAll(() => folder.remove());

describe('a search on behalf of somebody', () => {
  it('finds what that principal may read, and nothing of another tenant', async () => {
    expect(await found()).toEqual(['docs:ann.md', 'docs:open.md', 'docs:pay.md']);
    expect(await found(...ann)).toEqual(['docs:ann.md', 'docs:open.md']);
    expect(await found(...hr)).toEqual(['docs:open.md', 'docs:pay.md']);
    expect(await found(...acme)).toEqual(['acme:plan.md']);
    expect(await found('--as', 'user:zoe,group:owners')).toHaveLength(3);
    // Names that look like other parts of the language of lists are names.
    expect(await found('--as', "user:ann' OR 'a'='a")).toEqual(['docs:open.md']);
  });

  it('says what is wrong with a principal', async () => {
    const refused = await run('search', 'kestrel', '--as', 'ann', '--json');
    expect(refused.code).toBe(2);
    expect(refused.json<{ error: { code: string } }>().error.code).toBe('principal-invalid');
    const unknown = await run('search', 'kestrel', '--as', 'user:ann,tenant:nowhere', '--json');
    expect(unknown.json<{ error: { code: string } }>().error.code).toBe('index-empty');
  });

  it('tells no more through the other doors: answers, lists, texts, explanations', async () => {
    const asked = await json<{ answer: string; citations: { uri: string }[] }>(
      ...['ask', 'How much is the kestrel bonus?', '--variant', 'extract', ...ann],
    );
    expect(JSON.stringify(asked)).not.toContain('forty');
    const asHr = await json<{ answer: string }>(
      ...['ask', 'How much is the kestrel bonus?', '--variant', 'extract', ...hr],
    );
    expect(JSON.stringify(asHr)).toContain('forty crowns');
    const { documents } = await json<{ documents: { documentId: string }[] }>('documents', 'list', ...ann);
    expect(documents.map(({ documentId }) => documentId)).toEqual(['docs:ann.md', 'docs:open.md']);
    const shown = await run('documents', 'show', 'docs:pay.md', ...ann, '--json');
    expect(shown.json<{ error: { code: string; message: string } }>().error.code).toBe('document-unknown');
    expect(shown.stdout).not.toContain('Did you mean "docs:pay.md"');
    const explained = await run('search', 'kestrel', '--explain-document', 'docs:pay.md', ...ann, '--json');
    expect(explained.stdout).not.toContain('forty');
    const filtered = await run('search', 'kestrel', '--source', 'acme', ...ann, '--json');
    expect(filtered.stdout).not.toContain('Acme counts');
  });
});

describe('fulcrum access', () => {
  it('explains to the person at the keyboard who may read a document and why', async () => {
    const may = await run('access', 'explain', 'docs:pay.md', ...hr);
    expect(may.stdout).toContain('docs:pay.md may be read by user:bob,group:hr,tenant:local');
    expect(may.stdout).toMatch(/through +group:hr/);
    const mayNot = await json<object>('access', 'explain', 'docs:pay.md', ...ann);
    expect(mayNot).toMatchObject({
      readable: false,
      through: [],
      tokens: ['everyone', 'user:ann'],
      readers: ['group:hr', 'group:owners'],
      live: true,
      versions: [{ live: true, readable: false }],
    });
    const other = await run('access', 'explain', 'docs:pay.md', ...acme, '--json');
    expect(other.json<{ error: { code: string } }>().error.code).toBe('document-unknown');
  });

  it('counts what a principal may read', async () => {
    expect((await run('access', 'list', ...ann)).stdout).toContain('docs  2 of 3 documents');
    expect((await json<{ sources: object[] }>('access', 'list', ...acme)).sources).toEqual([
      { source: 'acme', readable: 1, documents: 1 },
    ]);
  });
});

describe('a change of access', () => {
  it('counts from the next sync on, also for older texts, and a source that leaves takes its tenant along', async () => {
    const live = await json<{ version: string }>('documents', 'show', 'docs:ann.md', ...ann);
    write('docs/ann.md', page('user:bob', 'Notes of Bob now: the kestrel project goes on.'));
    expect((await run('sync')).code).toBe(0);
    expect(await found(...ann)).toEqual(['docs:open.md']);
    const old = ['documents', 'show', 'docs:ann.md', '--at', live.version];
    expect((await run(...old, ...ann, '--json')).stdout).toContain('document-unknown');
    expect((await run(...old, '--as', 'user:bob', '--text')).stdout).toContain('Notes of Ann');
    const explained = await json<{ versions: { live: boolean; readable: boolean; readers: string[] }[] }>(
      ...['access', 'explain', 'docs:ann.md', '--as', 'user:bob'],
    );
    expect(explained.versions.map(({ live, readable }) => [live, readable])).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(explained.versions[1]!.readers).toContain('user:ann');

    const config = {
      embedding: false,
      sources: { docs: { type: 'files', directory: 'docs' } },
      access: { isolateStatistics: ['docs'] },
    };
    write('fulcrum.config.json', JSON.stringify(config));
    rmSync(join(folder.path, 'acme'), { recursive: true });
    const synced = await run('sync');
    expect(synced.code, synced.stderr).toBe(0);
    const gone = await run('search', 'kestrel', ...acme, '--json');
    expect(gone.json<{ error: { code: string } }>().error.code).toBe('index-empty');
    expect(await found(...hr)).toEqual(['docs:ann.md', 'docs:open.md', 'docs:pay.md']);
    write('fulcrum.config.json', JSON.stringify({ ...config, access: { isolateStatistics: ['dosc'] } }));
    const wrong = await run('search', 'kestrel', '--json');
    expect(wrong.json<{ error: { code: string; message: string } }>().error.message).toContain(
      'Did you mean "docs"?',
    );
  });
});

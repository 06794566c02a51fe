import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({ embedding: false }),
  'docs/a.md': '# Tea\n\nBoil water.',
  'docs/hr/b.md': '---\nreaders: [group:hr]\nlang: de\n---\nGehalt.',
  'docs/drafts/c.md': 'draft',
  'parts.csv': 'number,name,acl\n1,Tent,group:shop\n2,Sack,shop\n3,Rope\n',
  'faq.jsonl': '{"id":"1","q":"When?","a":"At nine.","when":"2026-03-01","team":"ops"}\n',
  'own.mjs': `export const createSource = () => ({
    async *list() { yield { ok: true, item: { key: 'a', uri: 'x:a', version: null } }; },
    async read() { return { content: 'own text', mediaType: 'text/plain' }; },
  });`,
});
/** A path that is named as an argument is meant inside the folder, not where the tests run. */
const placed = (args: readonly string[]) =>
  args.map((arg, index) =>
    /^--(?:files|git|csv|jsonl|module)$/.test(args[index - 1] ?? '') ? join(folder.path, arg) : arg,
  );
const run = (...args: string[]) => fulcrumInProcess([...placed(args), '--project', folder.path]);
const failure = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout).error;
const sources = () => JSON.parse(readFileSync(join(folder.path, 'fulcrum.config.json'), 'utf8')).sources;

beforeAll(() => {
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', folder.path, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters]);
  git('init', '-q', '-b', 'main', 'repo');
  folder.write('repo/guide/x.md', 'first');
  git('-C', 'repo', 'add', '-A');
  git('-C', 'repo', 'commit', '-qm', 'x');
});
afterAll(() => folder.remove());

describe('fulcrum source', () => {
  it('adds every kind of source as the config has it, and lists them', async () => {
    for (const args of [
      [
        'docs',
        '--files',
        'docs',
        '--glob',
        '*.md',
        '--glob',
        '**/*.md',
        '--exclude',
        'drafts/**',
        '--gitignore',
      ],
      ['code', '--git', 'repo', '--ref', 'main', '--path', 'guide', '--readers', 'group:dev, user:ann'],
      [
        'parts',
        '--csv',
        'parts.csv',
        '--id',
        'number',
        '--readers-field',
        'acl',
        '--text',
        'name',
        '--text',
        'number',
      ],
      [
        'faq',
        '--jsonl',
        'faq.jsonl',
        '--id',
        'id',
        '--text',
        'a',
        '--title',
        'q',
        '--date-field',
        'when',
        '--metadata-field',
        'team',
      ],
      ['own', '--module', 'own.mjs'],
    ])
      expect(await run('source', 'add', ...args), args[0]).toMatchObject({ code: 0 });
    expect(sources()).toEqual({
      docs: {
        type: 'files',
        directory: 'docs',
        glob: ['*.md', '**/*.md'],
        exclude: 'drafts/**',
        gitignore: true,
      },
      code: {
        type: 'git',
        directory: 'repo',
        ref: 'main',
        path: 'guide',
        readers: ['group:dev', 'user:ann'],
      },
      parts: {
        type: 'csv',
        file: 'parts.csv',
        id: 'number',
        text: ['name', 'number'],
        fields: { readers: 'acl' },
      },
      faq: {
        type: 'jsonl',
        file: 'faq.jsonl',
        id: 'id',
        text: 'a',
        title: 'q',
        fields: { date: 'when', metadata: ['team'] },
      },
      own: { type: 'module', file: 'own.mjs' },
    });
    const { stdout } = await run('source', 'list');
    for (const name of ['docs', 'code', 'parts', 'faq', 'own'])
      expect(stdout).toMatch(new RegExp(`^${name}  `, 'm'));
  });

  it('refuses options that do not belong together', async () => {
    for (const [args, problem] of [
      [['x'], 'Name exactly one of'],
      [['x', '--files', 'docs', '--git', 'repo'], 'Name exactly one of'],
      [['x', '--files', 'docs', '--ref', 'main'], '--ref goes with --git'],
      [['x', '--git', 'repo', '--readers-field', 'acl'], '--readers-field goes with --jsonl and --csv'],
      [['x', '--csv', 'parts.csv'], '--csv needs --id'],
      [['x', '--jsonl', 'faq.jsonl', '--id', 'id'], '--jsonl needs --id FIELD and one --text FIELD'],
    ] as const)
      expect(await failure('source', 'add', ...args)).toMatchObject({
        code: 'usage',
        message: expect.stringContaining(problem),
      });
    expect(await failure('source', 'add', 'x', '--csv', 'none.csv', '--id', 'a')).toMatchObject({
      code: 'file-not-found',
    });
    expect(await failure('source', 'add', 'x', '--files', 'docs', '--readers', 'hr')).toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('"hr" is none of'),
    });
  });

  it('tells what a sync would take', async () => {
    const docs = await run('source', 'check', 'docs', '--json');
    expect(docs.code).toBe(0);
    expect(docs.json()).toMatchObject({
      listed: 2,
      endings: { md: 2 },
      readers: { everyone: 1, 'group:hr': 1 },
      documents: [
        {
          key: 'a.md',
          mediaType: 'text/markdown',
          bytes: 18,
          characters: 18,
          chunks: 1,
          title: 'Tea',
          readers: ['everyone'],
        },
        { key: 'hr/b.md', readers: ['group:hr'], language: 'de' },
      ],
      failures: [],
    });
    const parts = await run('source', 'check', 'parts');
    expect(parts.code).toBe(1);
    expect(parts.stdout).toContain('parts: 1 documents');
    expect(parts.stdout).toContain('readers: group:shop');
    expect(parts.stdout).toContain('parts.csv, row 2 cannot be told from "acl": "shop" is none of');
    expect(parts.stdout).toContain('row 3: it has 2 columns, and there are 3 headers');
    const code = (await run('source', 'check', 'code', '--json')).json() as {
      documents: Record<string, unknown>[];
    };
    expect(code.documents[0]).toMatchObject({
      key: 'x.md',
      readers: ['group:dev', 'user:ann'],
      metadata: { commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
    expect((await run('source', 'check', 'faq')).stdout).toContain('date: 2026-03-01; team: ops');
    expect((await run('source', 'check', 'own')).stdout).toContain('x:a  text/plain, 8 bytes');
    expect(await failure('source', 'check', 'doc')).toMatchObject({
      code: 'source-unknown',
      message: expect.stringContaining('docs'),
    });
  });

  it('brings them all into the index', async () => {
    const synced = (await run('sync', '--json')).json() as { added: number; failed: { code: string }[] };
    expect(synced.added).toBe(6);
    expect(synced.failed.map(({ code }) => code).sort()).toEqual(['access-list-invalid', 'document-invalid']);
    expect((await run('search', 'Tent', '--json')).json()).toMatchObject({
      hits: [{ documentId: 'parts:1' }],
    });
  });
});

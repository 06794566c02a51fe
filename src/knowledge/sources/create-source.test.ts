import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FulcrumError } from '../../core/index.ts';
import type { RawDocument, SourceListing } from '../document.ts';
import { createSource } from './create-source.ts';
import { fileVersion } from './file-version.ts';
import { type SourceConfig, sourceConfigSchema } from './source-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A listing with its document; a document that cannot be read is a failure like one that cannot be listed. */
type SourceResult = { ok: true; document: RawDocument } | Extract<SourceListing, { ok: false }>;

async function readAll(config: SourceConfig): Promise<SourceResult[]> {
  const source = createSource('s', sourceConfigSchema.parse(config), { projectDirectory: folder });
  const results: SourceResult[] = [];
  for await (const listing of source.list()) {
    if (!listing.ok) results.push(listing);
    else
      try {
        results.push({ ok: true, document: await source.read({ ...listing.item }) });
      } catch (error) {
        results.push({ ok: false, key: listing.item.key, uri: listing.item.uri, error });
      }
  }
  return results;
}

/** What was read: `key: text`, or `key! code`. */
function outline(results: readonly SourceResult[]): string[] {
  return results.map((result) =>
    result.ok
      ? `${result.document.key}: ${result.document.content}`
      : `${result.key}! ${result.error instanceof FulcrumError ? result.error.code : result.error}`,
  );
}

describe('a files source', () => {
  it('reads text files in the order of their paths', async () => {
    write('docs/b.md', 'b');
    write('docs/a/z.txt', '\uFEFFz');
    write('docs/B.html', 'B');
    write('docs/x.png', 'x');
    write('docs/.git/c.md', 'no');
    write('docs/node_modules/c.md', 'no');
    const results = await readAll({ type: 'files', directory: 'docs' });
    expect(outline(results)).toEqual(['B.html: B', 'a/z.txt: z', 'b.md: b']);
    expect(results.map((result) => result.ok && result.document.mediaType)).toEqual([
      'text/html',
      'text/plain',
      'text/markdown',
    ]);
    expect(outline(await readAll({ type: 'files', directory: 'docs', glob: 'a/**' }))).toEqual([
      'a/z.txt: z',
    ]);
  });

  it('reports what is not UTF-8 text and goes on', async () => {
    write('a.md', new Uint8Array([0x61, 0, 0x62]));
    write('b.md', new Uint8Array([0x61, 0xff]));
    write('c.md', new Uint8Array([0xff, 0xfe, 0x61, 0]));
    write('d.md', Buffer.alloc(20 * 1024 * 1024 + 1, 'x'));
    write('e.md', 'fine');
    expect(outline(await readAll({ type: 'files', directory: '.' }))).toEqual([
      'a.md! file-not-text',
      'b.md! file-not-text',
      'c.md: a',
      'd.md! file-too-large',
      'e.md: fine',
    ]);
  });

  it('takes several patterns, leaves some out, and what .gitignore names if asked to', async () => {
    for (const path of [
      'a.md',
      'b.txt',
      'drafts/c.md',
      'deep/drafts/d.md',
      'deep/out/e.md',
      'deep/out/keep.md',
    ])
      write(`repo/docs/${path}`, path.at(-4) ?? '');
    write('repo/.git/HEAD', '');
    write('repo/.gitignore', '/docs/b.txt\n**/out/*\n');
    write('repo/docs/deep/.gitignore', '!out/keep.md\n');
    const config = {
      type: 'files',
      directory: 'repo/docs',
      glob: ['*.txt', '**/*.md'],
      exclude: '**/drafts/**',
    };
    const keys = async (more: object) =>
      outline(await readAll({ ...config, ...more } as SourceConfig)).map((line) => line.split(':')[0]);
    expect(await keys({})).toEqual(['a.md', 'b.txt', 'deep/out/e.md', 'deep/out/keep.md']);
    expect(await keys({ gitignore: true })).toEqual(['a.md', 'deep/out/keep.md']);
  });

  it('follows links inside its folder once, ends at loops, and reports dead ones and those that lead out', async () => {
    write('docs/a/one.md', '1');
    write('other/two.md', '2');
    symlinkSync('..', join(folder, 'docs/a/loop'));
    symlinkSync('a', join(folder, 'docs/0-link'));
    symlinkSync('../other', join(folder, 'docs/linked'));
    symlinkSync('../other/two.md', join(folder, 'docs/two.md'));
    symlinkSync('nowhere', join(folder, 'docs/dead.md'));
    const outcome = async (links?: 'inside' | 'anywhere' | 'none') =>
      outline(await readAll({ type: 'files', directory: 'docs', links }));
    // The loop at docs/a/loop leads to the folder itself.
    const inside = [
      'a/one.md: 1',
      'dead.md! file-unreadable',
      'linked! link-outside',
      'two.md! link-outside',
    ];
    expect(await outcome()).toEqual(inside);
    expect(await outcome('inside')).toEqual(inside);
    expect(await outcome('none')).toEqual(['a/one.md: 1']);
    expect(await outcome('anywhere')).toEqual([
      'a/one.md: 1',
      'dead.md! file-unreadable',
      'linked/two.md: 2',
      'two.md: 2',
    ]);
  });

  it('opens nothing outside its folder, whatever is exchanged after the listing', async () => {
    write('secret.md', 'secret');
    write('docs/a.md', 'a');
    write('docs/sub/b.md', 'b');
    const source = createSource('s', { type: 'files', directory: 'docs' }, { projectDirectory: folder });
    for await (const _ of source.list());
    rmSync(join(folder, 'docs/a.md'));
    symlinkSync('../secret.md', join(folder, 'docs/a.md'));
    rmSync(join(folder, 'docs/sub'), { recursive: true });
    symlinkSync('..', join(folder, 'docs/sub'));
    for (const key of [
      'a.md',
      'sub/secret.md',
      '../secret.md',
      'sub/../../secret.md',
      join(folder, 'secret.md'),
    ])
      await expect(source.read({ key, uri: key, version: null }), key).rejects.toMatchObject({
        code: 'link-outside',
      });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    write('docs/a.md', 'a');
    const source = createSource('s', { type: 'files', directory: 'docs' }, { projectDirectory: folder });
    execFileSync('mkfifo', [join(folder, 'docs/b.md')]);
    expect(outline(await readAll({ type: 'files', directory: 'docs' }))).toEqual(['a.md: a']);
    await expect(source.read({ key: 'b.md', uri: 'b.md', version: null })).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });

  it('declares no version for a file that changed just now, and another one for every later change', async () => {
    write('a.md', 'one');
    const path = join(folder, 'a.md');
    const soon = Date.now() + 60_000;
    expect(await fileVersion(path)).toBeNull();
    const first = await fileVersion(path, soon);
    expect(first).toMatch(/^\d+-\d+-3-\d+$/);
    const { atime, mtime } = statSync(path);
    // Same size, and a time that was set back.
    await pause(10);
    write('a.md', 'two');
    utimesSync(path, atime, mtime);
    const second = await fileVersion(path, soon);
    expect(second).not.toBe(first);
    writeFileSync(join(folder, 'b.md'), 'two');
    utimesSync(join(folder, 'b.md'), atime, mtime);
    renameSync(join(folder, 'b.md'), path);
    expect(await fileVersion(path, soon)).not.toBe(second);
  });

  it.skipIf(process.getuid?.() === 0)('reports a file and a folder that may not be read', async () => {
    write('a.md', 'a');
    write('b/c.md', 'c');
    chmodSync(join(folder, 'a.md'), 0);
    chmodSync(join(folder, 'b'), 0);
    const results = await readAll({ type: 'files', directory: '.' });
    chmodSync(join(folder, 'b'), 0o700);
    expect(outline(results)).toEqual(['a.md! file-unreadable', 'b! file-unreadable']);
  });

  it('needs its folder', async () => {
    await expect(readAll({ type: 'files', directory: 'none' })).rejects.toThrow('none does not exist');
  });
});

describe('a JSON Lines source', () => {
  it('maps fields, dotted ones too', async () => {
    write('a.jsonl', '{"n":7,"page":{"body":"text"},"page.title":"T"}\r\n\n{"n":"x","page":{"body":"y"}}');
    const results = await readAll({
      type: 'jsonl',
      file: 'a.jsonl',
      id: 'n',
      text: 'page.body',
      title: 'page.title',
    });
    expect(results).toEqual([
      {
        ok: true,
        document: { key: '7', uri: 'a.jsonl#7', content: 'text', mediaType: 'text/plain', title: 'T' },
      },
      { ok: true, document: { key: 'x', uri: 'a.jsonl#x', content: 'y', mediaType: 'text/plain' } },
    ]);
  });

  it('reports broken lines with their number and goes on', async () => {
    const lines = ['{"id":"a","t":"1"}', '{broken', '{"id":"a","t":"2"}', '{"id":"b"}', '{"t":"3"}', '[]'];
    const bad = Buffer.from([0x22, 0xff, 0x22, 0x0a]);
    write(
      'a.jsonl',
      Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), bad, Buffer.from('{"id":"z","t":"4"}')]),
    );
    const results = await readAll({ type: 'jsonl', file: 'a.jsonl', id: 'id', text: 't' });
    expect(outline(results)).toEqual([
      'a: 1',
      'line 2! document-invalid',
      'a! document-invalid',
      'b! document-invalid',
      'line 5! document-invalid',
      'line 6! document-invalid',
      'line 7! file-not-text',
      'z: 4',
    ]);
    const messages = results.map((result) => (result.ok ? '' : String(result.error)));
    expect(messages[2]).toContain('a.jsonl, line 3: the id "a" was already used in line 1');
    expect(messages[3]).toContain('a.jsonl, line 4: "t" must be a text');
    expect(results.map((result) => !result.ok && result.hidesOthers === true)).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('skips a line over the limit without keeping it', async () => {
    write('a.jsonl', `{"id":"1","t":"${'x'.repeat(21 * 1024 * 1024)}"}\n{"id":"2","t":"y"}`);
    expect(outline(await readAll({ type: 'jsonl', file: 'a.jsonl', id: 'id', text: 't' }))).toEqual([
      'line 1! file-too-large',
      '2: y',
    ]);
  });

  it('needs its file', async () => {
    const config = { type: 'jsonl', file: 'none.jsonl', id: 'id', text: 't' } as const;
    await expect(readAll(config)).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

describe('a BEIR source', () => {
  const corpus = '{"_id":"1","title":"T","text":"a"}\n{"_id":"2","title":"","text":"b"}\n';

  it('reads the corpus, packed or not', async () => {
    write('plain/corpus.jsonl', corpus);
    write('packed/corpus.jsonl.gz', gzipSync(corpus));
    for (const directory of ['plain', 'packed'])
      expect(outline(await readAll({ type: 'beir', directory }))).toEqual(['1: a', '2: b']);
  });

  it('ends with an error where the archive is damaged', async () => {
    write('beir/corpus.jsonl.gz', gzipSync(corpus).subarray(0, -12));
    await expect(readAll({ type: 'beir', directory: 'beir' })).rejects.toMatchObject({
      code: 'file-unreadable',
    });
    write('none/x', '');
    await expect(readAll({ type: 'beir', directory: 'none' })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});

describe('the config of sources', () => {
  it('refuses unknown kinds and keys', () => {
    expect(sourceConfigSchema.safeParse({ type: 'ftp', directory: 'x' }).success).toBe(false);
    expect(sourceConfigSchema.safeParse({ type: 'files', directory: 'x', globs: 'y' }).success).toBe(false);
  });
});

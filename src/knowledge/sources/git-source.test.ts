import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawDocument, SourceItem } from '../document.ts';
import { openGitHistory } from '../history/git-history.ts';
import { createSource } from './create-source.ts';
import { sourceConfigSchema } from './source-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-source-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...parameters: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters], {
    encoding: 'utf8',
  }).trim();
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Commits everything at a time, and tells the commit's id. */
function commit(at: string): string {
  git('add', '-A');
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'x'], {
    env: { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
  });
  return git('rev-parse', 'HEAD');
}

function open(config: object = {}) {
  const parsed = sourceConfigSchema.parse({ type: 'git', directory: '.', ...config });
  return createSource('s', parsed, { projectDirectory: folder });
}

async function readAll(config: object = {}): Promise<{ items: SourceItem[]; documents: RawDocument[] }> {
  const source = open(config);
  const items: SourceItem[] = [];
  for await (const listing of source.list()) if (listing.ok) items.push(listing.item);
  const documents: RawDocument[] = [];
  for (const item of items) documents.push(await source.read(item));
  return { items, documents };
}

describe('a git source', () => {
  it('reads what was committed, with the commit that last changed each file', async () => {
    write('docs/a.md', 'one');
    write('docs/b.md', 'two');
    write('other.md', 'outside');
    write('docs/.hidden/c.md', 'no');
    write('docs/x.png', 'no');
    const first = commit('2026-01-01T10:00:00Z');
    write('docs/b.md', 'two, changed');
    write('docs/sub/ü "q".md', 'three');
    const second = commit('2026-02-01T10:00:00Z');
    write('docs/a.md', 'not committed');
    write('docs/new.md', 'not committed');
    const { items, documents } = await readAll({ path: 'docs' });
    expect(items.map(({ key, version }) => [key, version])).toEqual([
      ['a.md', git('rev-parse', 'HEAD:docs/a.md')],
      ['b.md', git('rev-parse', 'HEAD:docs/b.md')],
      ['sub/ü "q".md', git('rev-parse', 'HEAD:docs/sub/ü "q".md')],
    ]);
    expect(documents.map(({ content, lastChanged, metadata }) => [content, lastChanged, metadata])).toEqual([
      ['one', '2026-01-01T10:00:00.000Z', { commit: first }],
      ['two, changed', '2026-02-01T10:00:00.000Z', { commit: second }],
      ['three', '2026-02-01T10:00:00.000Z', { commit: second }],
    ]);
    // The folder may also be named as the directory itself.
    expect((await readAll({ directory: 'docs' })).items).toEqual(items);
  });

  it('reads at a branch, a tag or a commit, and in a bare clone', async () => {
    write('a.md', 'one');
    const first = commit('2026-01-01T10:00:00Z');
    git('tag', '-a', 'v1', '-m', 'v1');
    write('a.md', 'two');
    commit('2026-01-02T10:00:00Z');
    git('checkout', '-q', '-b', 'topic', 'v1');
    write('a.md', 'topic');
    commit('2026-01-03T10:00:00Z');
    git('clone', '-q', '--bare', '.', 'bare.git');
    git('clone', '-q', '--depth', '1', `file://${folder}`, 'shallow');
    const text = async (config: object) => (await readAll(config)).documents.map(({ content }) => content);
    for (const directory of ['.', 'bare.git']) {
      expect(await text({ directory })).toEqual(['topic']);
      expect(await text({ directory, ref: 'main' })).toEqual(['two']);
      expect(await text({ directory, ref: 'v1' })).toEqual(['one']);
      expect(await text({ directory, ref: first })).toEqual(['one']);
      expect(await text({ directory, ref: first.slice(0, 12) })).toEqual(['one']);
    }
    expect((await readAll({ directory: 'shallow' })).documents[0]).toMatchObject({
      content: 'topic',
      lastChanged: '2026-01-03T10:00:00.000Z',
    });
    const history = await openGitHistory({ directory: join(folder, 'bare.git'), ref: 'main' });
    const states: (string | null)[] = [];
    for await (const state of history.states('a.md')) states.push(state.text);
    expect(states).toEqual(['two', 'one']);
  });

  it('finds the last change behind many others, and in a merge', async () => {
    write('old.md', 'old');
    write('merged.md', 'base\n');
    const first = commit('2026-01-01T00:00:00Z');
    git('checkout', '-q', '-b', 'side');
    write('merged.md', 'side\n');
    commit('2026-01-02T00:00:00Z');
    git('checkout', '-q', 'main');
    write('merged.md', 'main\n');
    commit('2026-01-03T00:00:00Z');
    try {
      git('merge', '-q', 'side');
    } catch {
      // It conflicts, and is resolved to something that neither side had.
    }
    write('merged.md', 'both\n');
    const merge = commit('2026-01-04T00:00:00Z');
    const stream = Array.from(
      { length: 600 },
      (_, index) =>
        `commit refs/heads/main\ncommitter t <t@t> ${1_780_000_000 + index} +0000\ndata 1\nx\n` +
        `${index === 0 ? `from ${merge}\n` : ''}M 644 inline busy.md\ndata ${String(index).length}\n${index}\n`,
    ).join('\n');
    execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], { input: `${stream}\n` });
    const { documents } = await readAll({ ref: 'main' });
    expect(documents.map(({ key, metadata }) => [key, metadata?.commit])).toEqual([
      ['busy.md', git('rev-parse', 'main')],
      ['merged.md', merge],
      ['old.md', first],
    ]);
  });

  it('leaves out links and submodules, and takes a name that looks like a pattern to the letter', async () => {
    write('[ab].md', 'pattern');
    write('a.md', 'a');
    symlinkSync('/etc/passwd', join(folder, 'link.md'));
    commit('2026-01-01T00:00:00Z');
    git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD')},module.md`);
    git('commit', '-qm', 'x');
    expect((await readAll()).documents.map(({ key, content }) => [key, content])).toEqual([
      ['[ab].md', 'pattern'],
      ['a.md', 'a'],
    ]);
  });

  it('says what is wrong', async () => {
    write('a.md', 'a');
    commit('2026-01-01T00:00:00Z');
    const outside = mkdtempSync(join(tmpdir(), 'no-git-'));
    for (const [config, problem] of [
      [{ ref: 'none' }, 'it has no branch, tag or commit "none"'],
      [{ ref: '--output=x' }, 'it has no branch, tag or commit'],
      [{ ref: 'HEAD:a.md' }, 'it has no branch, tag or commit'],
      [{ path: 'none' }, 'has no folder none/'],
      [{ directory: 'none' }, 'is no folder'],
      [{ directory: outside }, 'not a git repository'],
    ] as const)
      await expect(readAll(config)).rejects.toMatchObject({
        code: 'git-failed',
        message: expect.stringContaining(problem),
      });
    rmSync(outside, { recursive: true });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('runs no program that a repository names, and writes nothing', async () => {
    write('a.md', 'one\n');
    write('.gitattributes', '*.md filter=evil diff=evil text eol=crlf\n');
    commit('2026-01-01T00:00:00Z');
    write('a.md', 'two\n');
    commit('2026-01-02T00:00:00Z');
    // A signed commit, so that showing signatures would have them checked.
    const signed = `tree ${git('rev-parse', 'HEAD^{tree}')}\nparent ${git('rev-parse', 'HEAD')}\nauthor t <t@t> 1767400000 +0000\ncommitter t <t@t> 1767400000 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\nx\n`;
    const id = execFileSync('git', ['-C', folder, 'hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: signed,
    })
      .toString()
      .trim();
    git('update-ref', 'refs/heads/main', id);
    const marker = join(folder, 'executed');
    const evil = join(folder, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$0 $@" >> '${marker}'\ncat\n`);
    chmodSync(evil, 0o755);
    for (const [name, value] of Object.entries({
      'core.fsmonitor': evil,
      'core.pager': evil,
      'core.editor': evil,
      'core.sshCommand': evil,
      'core.gitProxy': evil,
      'core.alternateRefsCommand': evil,
      'core.hooksPath': folder,
      'core.askPass': evil,
      'credential.helper': `!${evil}`,
      'diff.external': evil,
      'diff.evil.textconv': evil,
      'diff.evil.command': evil,
      'filter.evil.clean': evil,
      'filter.evil.smudge': evil,
      'filter.evil.process': evil,
      'filter.evil.required': 'true',
      'gpg.program': evil,
      'gpg.ssh.program': evil,
      'log.showSignature': 'true',
      'pager.log': evil,
      'pager.ls-tree': evil,
      'pager.cat-file': evil,
      'alias.log': `!${evil}`,
      'alias.ls-tree': `!${evil}`,
      'uploadpack.packObjectsHook': evil,
      'protocol.allow': 'always',
      'protocol.ext.allow': 'always',
      'remote.origin.url': `ext::${evil}`,
      'remote.origin.promisor': 'true',
      'remote.origin.uploadpack': evil,
      'extensions.partialClone': 'origin',
      'core.repositoryFormatVersion': '1',
    }))
      git('config', name, value);
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'fsmonitor-watchman'])
      symlinkSync('evil.sh', join(folder, hook));
    const before = snapshotOf(join(folder, '.git'));

    const { documents } = await readAll();
    expect(documents.map(({ content }) => content)).toEqual(['two\n']);
    const history = await openGitHistory({ directory: folder });
    for await (const _ of history.states('a.md'));
    // An object that is missing would be fetched in a partial clone.
    const blob = git('rev-parse', 'HEAD:a.md');
    rmSync(join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    const listings = [];
    for await (const listing of open().list()) listings.push(listing);
    expect(listings).toMatchObject([
      {
        ok: false,
        key: 'a.md',
        error: { code: 'git-failed', message: expect.stringContaining('it lacks the object') },
      },
    ]);
    expect(existsSync(marker)).toBe(false);
    before.delete(`objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    expect(snapshotOf(join(folder, '.git'))).toEqual(before);
  });

  it('is not led to another repository by the config of its own', async () => {
    write('a.md', 'here');
    commit('2026-01-01T00:00:00Z');
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    execFileSync('git', ['-C', elsewhere, 'init', '-q']);
    git('config', 'core.worktree', elsewhere);
    try {
      await expect(readAll()).rejects.toMatchObject({
        code: 'git-failed',
        message: expect.stringContaining('core.worktree'),
      });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('does not read a sidecar file that is too large to be one', async () => {
    write('a.md', 'text');
    write('a.md.meta.json', JSON.stringify({ metadata: { note: 'x'.repeat(300 * 1024) } }));
    commit('2026-01-01T00:00:00Z');
    await expect(readAll()).rejects.toMatchObject({
      code: 'access-list-invalid',
      message: expect.stringMatching(/has 3\d{5} bytes/),
    });
  });

  it('is not led elsewhere by the environment', async () => {
    write('a.md', 'here');
    commit('2026-01-01T00:00:00Z');
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    execFileSync('git', ['-C', elsewhere, 'init', '-q']);
    process.env.GIT_DIR = join(elsewhere, '.git');
    try {
      expect((await readAll()).documents.map(({ content }) => content)).toEqual(['here']);
    } finally {
      delete process.env.GIT_DIR;
      rmSync(elsewhere, { recursive: true });
    }
  });
});

/** Names of all files below a folder. */
function snapshotOf(directory: string): Set<string> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Set(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)),
  );
}

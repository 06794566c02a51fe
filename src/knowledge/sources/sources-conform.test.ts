import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { createMemorySource } from '../../testing/paragraph-corpus.ts';
import { checkSource, type SourceFixture } from '../../testing/source-conformance.ts';
import { createSource } from './create-source.ts';
import { type SourceConfig, sourceConfigSchema } from './source-config.ts';

/** A folder of its own for one check. */
function scratch() {
  const directory = mkdtempSync(join(tmpdir(), 'conform-'));
  return {
    directory,
    write(path: string, content: string | Uint8Array) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    },
    remove: (path: string) => rmSync(join(directory, path)),
    git: (...parameters: string[]) =>
      execFileSync('git', ['-C', directory, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters]),
    source(config: object) {
      const parsed: SourceConfig = sourceConfigSchema.parse(config);
      return createSource('s', parsed, { projectDirectory: directory });
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

const runner = { describe, it };

checkSource(runner, 'a memory source', () => ({ source: createMemorySource('s', { a: 'one', b: 'two' }) }));

checkSource(runner, 'a files source', (): SourceFixture => {
  const { write, remove, source, close } = scratch();
  write('docs/a.md', 'one');
  write('docs/sub/b.txt', 'two');
  write('docs/c.html', '<p>three</p>');
  write(
    'docs/c.html.meta.yaml',
    'readers: [group:hr]\nlanguage: de_ch\ndate: 2026-03-01\nmetadata: {team: ops}\n',
  );
  return {
    source: source({ type: 'files', directory: 'docs', rules: [{ match: 'sub/**', language: 'fr' }] }),
    change() {
      write('docs/a.md', 'ONE');
      return 'a.md';
    },
    remove() {
      remove('docs/sub/b.txt');
      return 'sub/b.txt';
    },
    close,
  };
});

for (const bare of [false, true])
  checkSource(runner, bare ? 'a bare git source' : 'a git source', (): SourceFixture => {
    const { directory, write, git, source, close } = scratch();
    git('init', '-q', '-b', 'main', 'repo');
    write('repo/docs/a.md', 'one');
    write('repo/docs/b.md', 'two');
    write('repo/docs/b.md.meta.json', '{"readers": ["user:ann"]}');
    const inRepo = (...parameters: string[]) => git('-C', 'repo', ...parameters);
    const commit = () => {
      inRepo('add', '-A');
      inRepo('commit', '-qm', 'x');
      if (bare) inRepo('push', '-q', join(directory, 'bare.git'), 'main');
    };
    if (bare) git('init', '-q', '--bare', '-b', 'main', 'bare.git');
    commit();
    return {
      source: source({ type: 'git', directory: bare ? 'bare.git' : 'repo', path: 'docs' }),
      change() {
        write('repo/docs/a.md', 'ONE');
        commit();
        return 'a.md';
      },
      remove() {
        rmSync(join(directory, 'repo/docs/b.md'));
        commit();
        return 'b.md';
      },
      close,
    };
  });

for (const packed of [false, true])
  checkSource(runner, packed ? 'a packed JSON Lines source' : 'a JSON Lines source', (): SourceFixture => {
    const { write, source, close } = scratch();
    const file = packed ? 'a.jsonl.gz' : 'a.jsonl';
    const put = (texts: Record<string, string>) => {
      const lines = Object.entries(texts).map(([id, text]) =>
        JSON.stringify({ id, text, acl: ['group:a'], when: '2026-01-01', team: 'x', n: 3 }),
      );
      write(file, packed ? gzipSync(`${lines.join('\n')}\n`) : `${lines.join('\r\n')}\r\n`);
    };
    put({ a: 'one ü', b: 'two', c: 'three' });
    const fields = { readers: 'acl', date: 'when', metadata: ['team', 'n'] };
    return {
      source: source({ type: 'jsonl', file, id: 'id', text: 'text', fields }),
      change() {
        put({ a: 'one ü, longer', b: 'two', c: 'three' });
        return 'a';
      },
      remove() {
        put({ a: 'one ü', c: 'three' });
        return 'b';
      },
      close,
    };
  });

checkSource(runner, 'a CSV source', (): SourceFixture => {
  const { write, source, close } = scratch();
  const put = (rows: string[]) => write('a.csv', `\uFEFFid;text;acl\r\n${rows.join('\r\n')}\r\n`);
  put(['a;"one\nü";group:x', 'b;two;"user:y, user:z"', 'c;three;everyone']);
  return {
    source: source({ type: 'csv', file: 'a.csv', id: 'id', fields: { readers: 'acl' } }),
    change() {
      put(['a;"ONE\nü";group:x', 'b;two;"user:y, user:z"', 'c;three;everyone']);
      return 'a';
    },
    remove() {
      put(['a;"one\nü";group:x', 'c;three;everyone']);
      return 'b';
    },
    close,
  };
});

checkSource(runner, 'a BEIR source', (): SourceFixture => {
  const { write, source, close } = scratch();
  write('corpus.jsonl', '{"_id":"1","title":"T","text":"a"}\n{"_id":"2","title":"","text":"b"}\n');
  return { source: source({ type: 'beir', directory: '.' }), close };
});

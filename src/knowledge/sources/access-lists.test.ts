import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { localOwner, type Principal } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import type { Source } from '../document.ts';
import { knowledgeMigrations } from '../migrations.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import { createSynchroniser } from '../sync/create-sync.ts';
import { createDocumentPipeline } from '../sync/document-pipeline.ts';
import { createSource } from './create-source.ts';
import { sourceConfigSchema } from './source-config.ts';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'access-lists-'));
  database = await openDatabase(':memory:', [knowledgeMigrations]);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function sync(config: object) {
  return syncSource(createSource('s', sourceConfigSchema.parse(config), { projectDirectory: folder }));
}

async function syncSource(source: Source) {
  return createSynchroniser({
    tenant: 'local',
    database,
    store: createMemoryChunkStore(),
    pipeline: createDocumentPipeline(),
    embeddingModel: async () => null,
    lockFile: join(folder, 'lock'),
  }).sync([source]);
}

async function keysFor(principal: Principal): Promise<string[]> {
  const documents = await createDocumentReader({ database }).list(principal);
  return documents.map(({ documentId }) => documentId.slice(2)).sort();
}

const hr: Principal = { tenant: 'local', user: 'ann', groups: ['hr'] };
const anybody: Principal = { tenant: 'local', user: 'eve', groups: [] };

it('a file is not read again while it, its sidecar and its rules are as they were', async () => {
  for (const name of ['a.md', 'b.md', 'c.md']) write(`docs/${name}`, name);
  write('docs/b.md.meta.json', '{"readers": ["group:hr"]}');
  const read: string[] = [];
  const later = (config: object) => {
    const source = createSource('s', sourceConfigSchema.parse(config), { projectDirectory: folder });
    return {
      ...source,
      read: (...parameters: Parameters<typeof source.read>) => {
        read.push(parameters[0].key);
        return source.read(...parameters);
      },
    };
  };
  const synced = async (config: object) => {
    read.length = 0;
    // A minute later, when what was written just now has settled.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(new Date().getTime() + 60_000);
    try {
      await syncSource(later(config));
    } finally {
      clock.mockRestore();
    }
    return [...read];
  };
  const config = { type: 'files', directory: 'docs' };
  expect(await synced(config)).toEqual(['a.md', 'b.md', 'c.md']);
  expect(await synced(config)).toEqual([]);
  write('docs/a.md', 'A.md');
  expect(await synced(config)).toEqual(['a.md']);
  write('docs/b.md.meta.json', '{"readers": ["group:ops"]}');
  expect(await synced(config)).toEqual(['b.md']);
  expect(await keysFor(hr)).toEqual(['a.md', 'c.md']);
  write('docs/c.md.meta.yaml', 'readers: [group:ops]');
  expect(await synced(config)).toEqual(['c.md']);
  expect(await keysFor(hr)).toEqual(['a.md']);
  expect(await synced({ ...config, rules: [{ match: 'a.md', readers: ['group:ops'] }] })).toHaveLength(3);
  expect(await keysFor(hr)).toEqual([]);
});

it('a text narrows who may read it and never widens it, unless the config says so', async () => {
  write('docs/hr/plain.md', 'text');
  write('docs/hr/widens.md', '---\nreaders: [everyone]\n---\ntext');
  write('docs/hr/other.md', '---\nreaders: [user:eve]\n---\ntext');
  write('docs/open.md', 'text');
  write('docs/narrows.md', '---\nreaders: [group:hr]\n---\ntext');
  write('docs/unclear.md', '---\nreaders: hr\n---\ntext');
  const config = { type: 'files', directory: 'docs', rules: [{ match: 'hr/**', readers: ['group:hr'] }] };
  expect(await sync(config)).toMatchObject({
    added: 5,
    failed: [{ uri: 'unclear.md', code: 'access-list-invalid' }],
  });
  expect(await keysFor(anybody)).toEqual(['open.md']);
  expect(await keysFor(hr)).toEqual(['hr/plain.md', 'hr/widens.md', 'narrows.md', 'open.md']);
  expect(await keysFor(localOwner)).toEqual([
    'hr/other.md',
    'hr/plain.md',
    'hr/widens.md',
    'narrows.md',
    'open.md',
  ]);

  await sync({ ...config, textReaders: 'replace' });
  expect(await keysFor(anybody)).toEqual(['hr/other.md', 'hr/widens.md', 'open.md']);
  await sync({ ...config, textReaders: 'ignore' });
  expect(await keysFor(anybody)).toEqual(['narrows.md', 'open.md']);
  // A rule that is added reaches documents that did not change.
  await sync({ ...config, rules: [{ match: '**', readers: ['group:hr'] }] });
  expect(await keysFor(anybody)).toEqual([]);
});

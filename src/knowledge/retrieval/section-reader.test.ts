import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import type { Source } from '../document.ts';
import { knowledgeMigrations } from '../migrations.ts';
import { createSynchroniser } from '../sync/create-sync.ts';
import { createDocumentPipeline } from '../sync/document-pipeline.ts';
import { createSectionReader } from './section-reader.ts';

const long = 'A sentence that says something about tea and kettles. '.repeat(30).trim();
const text = `# Tea\n\nFirst words.\n\n## Green\n\n${long}\n\n${long}\n\n## Black\n\nBoiling water.\n`;

it('gives sections whole, however many chunks they are cut into, to those who may read them', async () => {
  const source: Source = {
    name: 's',
    capabilities: { versions: 'content' },
    async *list() {
      yield { ok: true, item: { key: 'tea.md', uri: 'tea.md', version: null } };
    },
    read: async ({ key, uri }) => ({
      key,
      uri,
      content: text,
      mediaType: 'text/markdown',
      readers: ['user:ann'],
    }),
  };
  const database = await openDatabase(':memory:', [knowledgeMigrations]);
  await createSynchroniser({
    tenant: 'local',
    database,
    store: createMemoryChunkStore(),
    embeddingModel: async () => null,
    pipeline: createDocumentPipeline({ maxTokens: 64 }),
    lockFile: join(mkdtempSync(join(tmpdir(), 'fulcrum-sections-')), 'lock'),
  }).sync([source]);
  const read = createSectionReader({ database });
  const sections = await read('s:tea.md', localOwner);
  expect(sections.map(({ titlePath }) => titlePath)).toEqual([['Tea'], ['Tea', 'Green'], ['Tea', 'Black']]);
  expect(sections.map((section) => section.text).join('')).toBe(text);
  for (const section of sections) expect(text.slice(section.start, section.end)).toBe(section.text);
  expect(await read('s:tea.md', { tenant: 'local', user: 'bob', groups: [] })).toEqual([]);
  expect(await read('s:unknown', localOwner)).toEqual([]);
  await database.close();
});

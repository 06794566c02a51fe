import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import { knowledgeMigrations } from '../migrations.ts';
import { createSynchroniser } from '../sync/create-sync.ts';
import { createRetriever } from './create-retriever.ts';
import { findPhrase } from './read-query.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('a phrase', () => {
  it('may hold any character of a pattern', () => {
    for (const phrase of [
      'the Tesla-unit',
      'a+b (c) [d] {e}',
      'x|y^z$',
      'what? no. yes*',
      'C:\\temp/x',
      '5-10 %',
    ])
      expect(findPhrase(phrase)(`Before ${phrase} after`), phrase).toEqual([7]);
    expect(findPhrase('a.c')('abc')).toEqual([]);
  });

  it('is found wherever it begins, also inside itself and behind wide characters', () => {
    expect(findPhrase('ha ha')('ha ha ha')).toEqual([0, 3]);
    expect(findPhrase('\u{1f600} x')('\u{1f600} x \u{1f600} x')).toEqual([0, 5]);
  });

  it('that stands nowhere narrows nothing, and the search says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fulcrum-phrases-'));
    const database = await openDatabase(':memory:', [knowledgeMigrations]);
    closers.push(
      () => rmSync(folder, { recursive: true, force: true }),
      () => database.close(),
    );
    const options = { database, store: createMemoryChunkStore(), embeddingModel: async () => null };
    await createSynchroniser({
      ...options,
      tenant: 'local',
      pipeline: createParagraphPipeline(),
      lockFile: join(folder, 'lock'),
    }).sync([createMemorySource('docs', { a: 'The red kettle whistles.', b: 'A kettle of red clay.' })]);
    const retriever = createRetriever(options);
    const find = async (query: string) => {
      const { hits, explanation } = await retriever.retrieve(query, localOwner, { explain: true });
      return { found: hits.map(({ documentId }) => documentId).sort(), notices: explanation?.notices };
    };
    expect(await find('"red kettle"')).toEqual({ found: ['docs:a'], notices: [] });
    expect(await find('kettle "rote Kanne"')).toEqual({
      found: ['docs:a', 'docs:b'],
      notices: ['No passage has "rote Kanne" word for word; the words were searched for one by one.'],
    });
  });
});

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { lockProject } from '../../database/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import { hasUnfinishedDeletions, knowledgeTables } from '../migrations.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import { createDeletionCorpus, type DeletionCorpus, removedOf } from './deletion.fixture.ts';
import { undelete } from './undelete.ts';

const newCorpus = () =>
  createDeletionCorpus({
    model: createHashingEmbeddingModel(),
    pipeline: createParagraphPipeline(),
    source: (documents) => createMemorySource('s', documents),
  });

let corpus: DeletionCorpus;
beforeEach(async () => {
  corpus = await newCorpus();
});
afterEach(() => corpus.close());

/** A vector as it lies in files. */
async function vectorBytes(text: string): Promise<Buffer> {
  const { vectors } = await createHashingEmbeddingModel().embedDocuments([text]);
  return Buffer.from(vectors[0]!.slice().buffer);
}

describe('deleting a document', () => {
  it('takes it from the live index and every older version, vectors and bytes included', async () => {
    await corpus.sync({ a: 'qwertzuiopasdf first\n\nplain words', b: 'berry pie recipe\n\nplain words' });
    await corpus.sync({ a: 'yxcvbnmlkjhgfd second\n\nplain words', b: 'berry pie recipe\n\nplain words' });
    const lost = await vectorBytes('yxcvbnmlkjhgfd second');
    const shared = await vectorBytes('plain words');
    const words = ['qwertzuiopasdf', 'yxcvbnmlkjhgfd'];
    const needles = [...words.map((word) => Buffer.from(word)), lost];
    expect(corpus.filesThatHold(needles).length).toBeGreaterThan(1);
    const { receipt } = await corpus.remove('s:a');
    expect(corpus.filesThatHold(needles)).toEqual([]);
    expect(corpus.filesThatHold([shared]).length).toBeGreaterThan(0);
    // Two texts, of two passages each; "plain words" is in b as well and keeps its vector.
    expect(removedOf(receipt)).toEqual({
      'documents that could be found': 1,
      'texts of documents, live and of older versions': 2,
      'passages (chunks)': 4,
      'vectors kept for re-use': 2,
      'versions of the index that held them': 2,
    });
    expect(receipt.kept).toEqual([
      { what: '1 vectors', why: 'another document or an older state of one has exactly the same passage' },
    ]);
    expect(await corpus.found('plain words second')).toEqual(['s:b']);
    for (const { version } of receipt.documents[0]!.versions.map((each) => ({ version: each })))
      expect(
        await createDocumentReader({ database: corpus.database() }).read('s:a', localOwner, version),
      ).toBeNull();
    const versions = await knowledgeTables(corpus.database())
      .selectFrom('index_versions')
      .select(['number', 'reason', 'documents', 'chunks', 'corpus_hash'])
      .orderBy('number')
      .execute();
    // Older versions look as if there had only ever been b, so all three hold the same.
    expect(versions.map(({ reason, documents, chunks }) => [reason, documents, chunks])).toEqual([
      ['sync', 1, 2],
      ['sync', 1, 2],
      ['deletion', 1, 2],
    ]);
    expect(new Set(versions.map((version) => version.corpus_hash)).size).toBe(1);
  });

  it('keeps it out of later syncs, under its id and as a copy, until it is undeleted', async () => {
    const documents = { a: 'apple one', b: 'berry' };
    await corpus.sync(documents);
    await corpus.remove('s:a');
    expect(await corpus.sync(documents)).toMatchObject({ added: 0, removed: 0, suppressed: 1, chunks: 1 });
    expect(await corpus.sync({ ...documents, a: 'apple in other words' })).toMatchObject({
      added: 0,
      suppressed: 1,
    });
    expect(await corpus.sync({ ...documents, copy: 'apple one' })).toMatchObject({ added: 0, suppressed: 2 });
    expect(await corpus.found('apple')).not.toContain('s:copy');
    await expect(undelete(corpus.database(), 'local', ['s:x'], async () => undefined)).rejects.toMatchObject({
      code: 'document-not-deleted',
    });
    await undelete(corpus.database(), 'local', ['s:a'], async () => undefined);
    expect(await corpus.sync(documents)).toMatchObject({ added: 1, suppressed: 0, chunks: 2 });
    expect(await corpus.found('apple')).toContain('s:a');
  });

  it('lets go of a document that became a copy of a deleted one', async () => {
    await corpus.sync({ a: 'apple one', b: 'berry' });
    await corpus.remove('s:a');
    expect(await corpus.sync({ b: 'apple one' })).toMatchObject({ removed: 1, suppressed: 1 });
    expect(await corpus.found('berry')).toEqual([]);
  });

  it('says when another document has the same text, and leaves that one alone', async () => {
    await corpus.sync({ a: 'the very same text of seven words', b: 'the very same text of seven words' });
    const { receipt } = await corpus.remove('s:a');
    expect(receipt.kept).toEqual([
      { what: 'documents with the same text', why: 'they were not to be deleted', ids: ['s:b'] },
      { what: '1 vectors', why: 'another document or an older state of one has exactly the same passage' },
    ]);
    expect(receipt.passages).toEqual([]);
    const documents = { a: 'the very same text of seven words', b: 'the very same text of seven words' };
    expect(await corpus.sync(documents)).toMatchObject({ unchanged: 1, suppressed: 1 });
  });

  it('deletes a renamed document under its former name too', async () => {
    await corpus.sync({ old: 'qwertzuiopasdf draft', b: 'berry' });
    await corpus.sync({ old: 'mlkjhgfdsayxcv final', b: 'berry' });
    await corpus.sync({ young: 'mlkjhgfdsayxcv final', b: 'berry' });
    const { receipt } = await corpus.remove('s:young');
    expect(receipt.documents.map(({ id, versions }) => [id, versions.length])).toEqual([
      ['s:old', 2],
      ['s:young', 1],
    ]);
    const needles = [Buffer.from('qwertzuiopasdf'), Buffer.from('mlkjhgfdsayxcv')];
    expect(corpus.filesThatHold(needles)).toEqual([]);
  });

  it('deletes what only an older version has, and the last document', async () => {
    await corpus.sync({ a: 'apple', b: 'berry' });
    await corpus.sync({ b: 'berry' });
    expect(removedOf((await corpus.remove('s:a')).receipt)).toMatchObject({
      'documents that could be found': 0,
      'texts of documents, live and of older versions': 1,
      'versions of the index that held them': 1,
    });
    await corpus.remove('s:b');
    expect(await corpus.found('berry')).toEqual([]);
    await expect(corpus.remove('s:b')).rejects.toMatchObject({ code: 'document-unknown' });
    // Once more with the questions about it, which an earlier deletion may have kept.
    const again = { ids: ['s:b'], reason: null, by: 'test', questions: true };
    expect(removedOf((await corpus.deleter().delete(again)).receipt)['passages (chunks)']).toBe(0);
    expect(await corpus.sync({ c: 'cherry' })).toMatchObject({ added: 1, chunks: 1 });
    expect(await corpus.found('cherry')).toEqual(['s:c']);
  });

  it('plans without a trace, and refuses while another process changes the index', async () => {
    await corpus.sync({ a: 'apple', b: 'berry' });
    const request = { ids: ['s:a'], reason: null, by: 'test', questions: false };
    const plan = await corpus.deleter().plan(request);
    expect(removedOf(plan)['passages (chunks)']).toBe(1);
    expect(await corpus.found('apple')).toContain('s:a');
    expect(await hasUnfinishedDeletions(corpus.database())).toBe(false);
    expect(await corpus.sync({ a: 'apple', b: 'berry' })).toMatchObject({ unchanged: 2, suppressed: 0 });
    const release = lockProject(corpus.lockFile, 'a sync');
    await expect(corpus.remove('s:a')).rejects.toMatchObject({ code: 'project-locked' });
    release();
    expect(await hasUnfinishedDeletions(corpus.database())).toBe(false);
  });

  it('removes a damaged index whole, and the next sync makes it anew', async () => {
    const documents = { a: 'apple secretword', b: 'berry' };
    await corpus.sync(documents);
    await corpus.closedFor(() => {
      const data = join(corpus.folder, 'index', 'keywords_local.lance', 'data');
      for (const file of readdirSync(data)) writeFileSync(join(data, file), 'damaged');
    });
    const notices: string[] = [];
    await corpus
      .deleter()
      .delete(
        { ids: ['s:a'], reason: null, by: 'test', questions: false },
        { onNotice: (text) => notices.push(text) },
      );
    expect(notices).toHaveLength(1);
    expect(corpus.filesThatHold([Buffer.from('secretword')])).toEqual([]);
    await corpus.sync(documents);
    expect(await corpus.found('berry')).toEqual(['s:b']);
  });
});

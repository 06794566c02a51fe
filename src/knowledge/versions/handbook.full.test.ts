import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localOwner, sha256 } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeMigrations, knowledgeTables } from '../migrations.ts';
import { createRetriever } from '../retrieval/create-retriever.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import { createSource } from '../sources/create-source.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser, type SyncReport } from '../sync/create-sync.ts';
import { createDocumentPipeline } from '../sync/document-pipeline.ts';
import { createIndexVersions } from './index-versions.ts';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const handbook = join(shared, 'handbook-18f');
const dates = ['2023-01-01', '2024-01-01', '2025-02-27'];
const questions = [
  'How much annual leave do I earn?',
  'Who approves travel?',
  'What is the code of conduct?',
];

describe.skipIf(!existsSync(handbook))('the handbook of 18F at three dates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-handbook-'));
  const model = createHashingEmbeddingModel();
  let database: Database;
  let store: ChunkStore;
  const reports: SyncReport[] = [];
  const answers: unknown[] = [];
  const hashes: Set<string>[] = [];

  const synchroniser = () =>
    createSynchroniser({
      tenant: 'local',
      database,
      store,
      pipeline: createDocumentPipeline(),
      lockFile: join(folder, 'sync.lock'),
      embeddingModel: async () => model,
    });
  const versions = () => createIndexVersions({ database, tenant: 'local' });
  const search = async () => {
    const retriever = createRetriever({ database, store, embeddingModel: async () => model });
    const found = [];
    for (const question of questions) {
      const { indexVersion, hits } = await retriever.retrieve(question, localOwner, { limit: 5 });
      found.push({ indexVersion, hits });
    }
    return found;
  };
  const liveHashes = async (): Promise<Set<string>> => {
    const rows = await knowledgeTables(database)
      .selectFrom('documents as d')
      .innerJoin('chunks as c', (join) =>
        join.onRef('c.document_id', '=', 'd.id').onRef('c.revision', '=', 'd.live_revision'),
      )
      .select('c.indexed_text as text')
      .execute();
    return new Set(rows.map(({ text }) => sha256(text)));
  };

  beforeAll(async () => {
    database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
    store = createLanceStore({ directory: join(folder, 'index') });
    for (const date of dates) {
      const source = createSource(
        'handbook',
        { type: 'files', directory: join(handbook, date) },
        { projectDirectory: folder },
      );
      reports.push(await synchroniser().sync([source], { allowMassDelete: true }));
      answers.push(await search());
      hashes.push(await liveHashes());
    }
  }, 300_000);
  afterAll(async () => {
    await store.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('embeds exactly what diff shows, which is what the older date had nowhere', async () => {
    const figures = [];
    for (const number of [2, 3]) {
      const diff = await versions().diff(String(number - 1), String(number));
      const report = reports[number - 1]!;
      const [before, after] = [hashes[number - 2]!, hashes[number - 1]!];
      const fresh = [...after].filter((hash) => !before.has(hash)).length;
      // What the first date had and the second had not comes back at the third without being embedded again.
      const known =
        number === 3 ? [...after].filter((hash) => !before.has(hash) && hashes[0]!.has(hash)).length : 0;
      expect(diff.texts).toBe(fresh);
      expect(report.embedded).toBe(fresh - known);
      expect(diff.added.length).toBe(report.added);
      expect(diff.changed.length).toBe(report.changed);
      expect(diff.removed.length).toBe(report.removed);
      expect(diff.renamed.length).toBe(report.renamed);
      expect((await versions().get(String(number))).embedded).toBe(report.embedded);
      figures.push({
        documents: `+${report.added} ~${report.changed} -${report.removed} renamed ${report.renamed} =${report.unchanged}`,
        chunks: report.chunks,
        new: fresh,
        embedded: report.embedded,
        ofChanged: diff.documents.reduce((sum, each) => sum + each.chunks, 0),
      });
    }
    console.info(JSON.stringify(figures));
  });

  it('goes back to the first date, and to the last again, with the same search results and no embedding', async () => {
    const embedded = model.embeddedDocuments;
    expect(await synchroniser().rollback(1)).toMatchObject({ to: 1, version: 4, embedded: 0 });
    expect(await search()).toEqual(answers[0]);
    expect(await liveHashes()).toEqual(hashes[0]);
    expect(await synchroniser().rollback(3)).toMatchObject({ to: 3, version: 5, embedded: 0 });
    expect(await search()).toEqual(answers[2]);
    expect(model.embeddedDocuments).toBe(embedded);
  }, 120_000);

  it('opens every changed document at each of its texts', async () => {
    const reader = createDocumentReader({ database });
    const { changed, removed } = await versions().diff('1', '3');
    expect(changed.length).toBeGreaterThan(50);
    for (const { documentId, version } of [...changed.map(({ before }) => before), ...removed]) {
      const document = await reader.read(documentId, localOwner, version);
      expect(sha256(document!.text)).toBe(version);
    }
  });
});

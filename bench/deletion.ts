/**
 * What deletion for good takes, by the size of the corpus: one document, then a hundred, and the slowest search of another
 * handle meanwhile. The corpus is made up; its vectors (384 numbers) cost nothing.
 *
 *   node bench/deletion.ts [CHUNKS,CHUNKS…]      (default 5000,20000)
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localOwner } from '../src/core/index.ts';
import { openDatabase } from '../src/database/index.ts';
import {
  createDeleter,
  createLanceStore,
  createRetriever,
  createSynchroniser,
  knowledgeMigrations,
} from '../src/knowledge/index.ts';
import { createHashingEmbeddingModel } from '../src/testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../src/testing/paragraph-corpus.ts';

const paragraphs = 5;
const wordsOfParagraph = 60;

/** Documents of words drawn by a fixed rule; the paragraphs of two documents differ. */
function corpus(documents: number): Record<string, string> {
  let state = 1;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  };
  const word = (): string => `w${Math.floor((next() / 2_147_483_648) ** 2 * 20_000).toString(36)}`;
  const paragraph = (): string => Array.from({ length: wordsOfParagraph }, word).join(' ');
  return Object.fromEntries(
    Array.from({ length: documents }, (_, index) => [
      `d${index}`,
      Array.from({ length: paragraphs }, paragraph).join('\n\n'),
    ]),
  );
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

async function measure(chunks: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-bench-deletion-'));
  const database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  const store = createLanceStore({ directory: join(folder, 'index') });
  const other = createLanceStore({ directory: join(folder, 'index') });
  const model = createHashingEmbeddingModel({ dimensions: 384 });
  const shared = { tenant: 'local', database, store, lockFile: join(folder, 'sync.lock') };
  await createSynchroniser({
    ...shared,
    pipeline: createParagraphPipeline(),
    embeddingModel: async () => model,
  }).sync([createMemorySource('s', corpus(chunks / paragraphs))]);
  const deleter = createDeleter({
    ...shared,
    eraseElsewhere: async () => ({ surfaces: [] }),
    outOfReach: async () => [],
    keepReceipt: async () => '',
  });
  const retriever = createRetriever({ database, store: other, embeddingModel: async () => model });
  for (const documents of [1, 100]) {
    const first = documents === 1 ? 0 : 1;
    const ids = Array.from({ length: documents }, (_, index) => `s:d${first + index}`);
    let deleting = true;
    let slowest = 0;
    const searching = (async () => {
      while (deleting) {
        const startedAt = performance.now();
        await retriever.retrieve('w1a w2b w3c', localOwner);
        slowest = Math.max(slowest, performance.now() - startedAt);
      }
    })();
    const startedAt = performance.now();
    await deleter.delete({ ids, reason: null, by: 'bench', questions: false });
    const seconds = (performance.now() - startedAt) / 1000;
    deleting = false;
    await searching;
    console.log(
      `${chunks} chunks, ${(sizeOf(folder) / 1e6).toFixed(0)} MB: ${documents} documents in ${seconds.toFixed(2)} s; slowest search meanwhile ${slowest.toFixed(0)} ms`,
    );
  }
  await store.close();
  await other.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

for (const size of (process.argv[2] ?? '5000,20000').split(',')) await measure(Number(size));

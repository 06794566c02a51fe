/**
 * Throughput of embedding a corpus, against the bare runtime in the same run: tokens made beforehand, the same number of
 * threads, a session in each, and nothing else. Ours is what a sync does: tokens, threads, vectors into the database.
 *
 *   node bench/embedding.ts [--texts 400] [--rounds 3]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Tokenizer } from '@huggingface/tokenizers';
import { createRandom, zipfWord } from './store/corpus.ts';

const modelId = 'bge-small-en-v1.5';

interface BareWork {
  readonly weights: string;
  readonly ids: readonly (readonly number[])[];
}

if (isMainThread) await main();
else await embedBare(workerData as BareWork);

/** In a thread: runs every list of token ids once, when told to. */
async function embedBare({ weights, ids }: BareWork): Promise<void> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(weights, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  const feeds = ids.map((list) => {
    const shape = [1, list.length];
    const filled = (value: bigint) => new Tensor('int64', new BigInt64Array(list.length).fill(value), shape);
    return {
      input_ids: new Tensor('int64', BigInt64Array.from(list, BigInt), shape),
      attention_mask: filled(1n),
      token_type_ids: filled(0n),
    };
  });
  await session.run(feeds[0]!);
  parentPort!.on('message', async () => {
    for (const feed of feeds) await session.run(feed);
    parentPort!.postMessage('done');
  });
  parentPort!.postMessage('ready');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { texts: { type: 'string', default: '400' }, rounds: { type: 'string', default: '3' } },
  });
  const count = Number(values.texts);
  const threads = Math.min(2, availableParallelism());
  const { ensureModelFiles } = await import('../src/models/files/index.ts');
  const files = await ensureModelFiles(`local/${modelId}`, {});
  const tokenizer = new Tokenizer(JSON.parse(readFileSync(files.tokenizer!, 'utf8')) as object, {});
  const textsOf = (round: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      const random = createRandom(round * 100_003 + index);
      return Array.from({ length: 90 + Math.floor(random() * 61) }, () => zipfWord(random)).join(' ');
    });
  const ratios: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const texts = textsOf(round);
    const ids = texts.map((text) => tokenizer.encode(text).ids.slice(0, 512));
    const bare = await timeBare(files.weights!, ids, threads);
    const ours = await timeOurs(texts);
    ratios.push(bare / ours);
    console.log(
      `round ${round + 1}: bare runtime ${(count / bare).toFixed(1)} texts/s, ours ${(count / ours).toFixed(1)} texts/s, ${((100 * bare) / ours).toFixed(0)} %`,
    );
  }
  const median = [...ratios].sort((a, b) => a - b)[ratios.length >> 1]!;
  console.log(
    `${count} texts of ${modelId}, ${threads} threads: ours at ${(100 * median).toFixed(0)} % of the bare runtime`,
  );
}

async function timeBare(weights: string, ids: readonly number[][], threads: number): Promise<number> {
  const workers = Array.from({ length: threads }, (_, thread) => {
    const part = ids.filter((_list, index) => index % threads === thread);
    return new Worker(new URL(import.meta.url), { workerData: { weights, ids: part } satisfies BareWork });
  });
  const answers = () =>
    Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  await answers();
  const startedAt = performance.now();
  const done = answers();
  for (const worker of workers) worker.postMessage('go');
  await done;
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return seconds;
}

/** As a sync embeds: the vectors of new texts, kept in the database. The threads are started before. */
async function timeOurs(texts: readonly string[]): Promise<number> {
  const { sha256 } = await import('../src/core/index.ts');
  const { openDatabase } = await import('../src/database/index.ts');
  const { knowledgeMigrations } = await import('../src/knowledge/index.ts');
  const { embedCached } = await import('../src/knowledge/embedding/vector-cache.ts');
  const { resolveEmbeddingModel } = await import('../src/models/index.ts');
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-bench-embedding-'));
  const database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  const model = await resolveEmbeddingModel(`local/${modelId}`, { providers: {}, prices: {} });
  await model.embedDocuments(Array.from({ length: 24 }, (_, index) => `warm ${index}`));
  const startedAt = performance.now();
  await embedCached(database, model, new Map(texts.map((text) => [sha256(text), text])));
  const seconds = (performance.now() - startedAt) / 1000;
  await model.close();
  await database.close();
  rmSync(folder, { recursive: true });
  return seconds;
}

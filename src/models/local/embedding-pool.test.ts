import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingSettings } from '../files/model-catalogue.ts';
import { createEmbeddingPool } from './embedding-pool.ts';

// A worker double: its vector is [length of the text, thread id]; the text "die" ends the thread.
const script = `
import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ id, texts }) => {
  if (texts.length === 0) return parentPort.close();
  if (texts[0] === 'die') process.exit(7);
  const vectors = Float32Array.from(texts.flatMap((text) => [text.length, threadId]));
  setTimeout(() => parentPort.postMessage({ id, vectors, tokens: texts.length, coreSeconds: 0 }), 20);
});
`;
const settings: EmbeddingSettings = {
  dimensions: 2,
  maxTokens: 8,
  pooling: 'cls',
  queryPrefix: '',
  separatorId: 1,
};
let directory: string;
let worker: URL;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fulcrum-pool-'));
  const file = join(directory, 'worker.mjs');
  await writeFile(file, script);
  worker = pathToFileURL(file);
});
afterAll(() => rm(directory, { recursive: true }));

const open = (workers: number) =>
  createEmbeddingPool({ weights: '', tokenizer: '', settings }, workers, worker);

describe('the pool of embedding threads', () => {
  it('starts one thread for one batch and another while batches wait', async () => {
    const pool = open(2);
    expect(pool.workers).toBe(0);
    expect(Array.from((await pool.run(['abc'])).vectors.slice(0, 1))).toEqual([3]);
    expect(pool.workers).toBe(1);
    const batches = await Promise.all(
      ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff'].map((t) => pool.run([t])),
    );
    expect(batches.map((batch) => batch.vectors[0])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(batches.map((batch) => batch.vectors[1])).size).toBe(2);
    expect(pool.workers).toBe(2);
    await pool.close();
    expect(pool.workers).toBe(0);
  });

  it('reports a thread that died, and goes on with a new one', async () => {
    const pool = open(1);
    const after = pool.run(['die']).then(
      () => 'answered',
      (error: Error) => error.message,
    );
    const next = pool.run(['next']);
    expect(await after).toBe('a worker thread ended (exit code 7)');
    expect((await next).vectors[0]).toBe(4);
    await pool.close();
  });

  it('forgets waiting batches on request', async () => {
    const pool = open(1);
    const first = pool.run(['first']);
    const controller = new AbortController();
    const second = pool.run(['second'], controller.signal);
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect((await first).vectors[0]).toBe(5);
    await expect(pool.run(['x'], AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    await pool.close();
    await expect(pool.run(['x'])).rejects.toThrow('the model was closed');
  });
});

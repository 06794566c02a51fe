import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmbeddingReply, EmbeddingTask, EmbeddingWorkerData } from './embedding-messages.ts';

// Entry point of a worker thread. One text is run at a time: int8 models quantise activations per batch, so a
// vector would depend on the texts it shares a batch with.

const { weights, tokenizer: tokenizerFile, settings } = workerData as EmbeddingWorkerData;
const port = parentPort!;

const loading = Promise.all([
  InferenceSession.create(weights, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }),
  readFile(tokenizerFile, 'utf8').then((json) => {
    const definition = JSON.parse(json) as object;
    return new Tokenizer(definition, {});
  }),
]);
loading.catch(() => undefined);

async function embed(text: string): Promise<{ vector: Float32Array; tokens: number }> {
  const [session, tokenizer] = await loading;
  let { ids } = tokenizer.encode(text);
  if (ids.length > settings.maxTokens) ids = [...ids.slice(0, settings.maxTokens - 1), settings.separatorId];
  const shape = [1, ids.length];
  const filled = (value: bigint): Tensor =>
    new Tensor('int64', new BigInt64Array(ids.length).fill(value), shape);
  const feeds: Record<string, Tensor> = {
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: filled(1n),
    token_type_ids: filled(0n),
  };
  const output = await session.run(
    Object.fromEntries(session.inputNames.map((name: string) => [name, feeds[name]!])),
  );
  const hidden = output[session.outputNames[0]!]!.data as Float32Array;
  return { vector: normalise(pool(hidden, ids.length)), tokens: ids.length };
}

/** One vector from the hidden states of all tokens, `[tokens, dimensions]` in one array. */
function pool(hidden: Float32Array, tokens: number): Float32Array {
  const { dimensions } = settings;
  if (settings.pooling === 'cls') return hidden.slice(0, dimensions);
  const mean = new Float32Array(dimensions);
  for (let token = 0; token < tokens; token++)
    for (let axis = 0; axis < dimensions; axis++) mean[axis]! += hidden[token * dimensions + axis]! / tokens;
  return mean;
}

function normalise(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

async function answer(task: EmbeddingTask): Promise<void> {
  try {
    const { dimensions } = settings;
    await loading;
    const before = process.threadCpuUsage();
    const vectors = new Float32Array(task.texts.length * dimensions);
    let tokens = 0;
    for (const [index, text] of task.texts.entries()) {
      const embedded = await embed(text);
      vectors.set(embedded.vector, index * dimensions);
      tokens += embedded.tokens;
    }
    const used = process.threadCpuUsage(before);
    const coreSeconds = (used.user + used.system) / 1e6;
    port.postMessage({ id: task.id, vectors, tokens, coreSeconds } satisfies EmbeddingReply, [
      vectors.buffer,
    ]);
  } catch (error) {
    port.postMessage({ id: task.id, problem: (error as Error).message } satisfies EmbeddingReply);
  }
}

let queue = Promise.resolve();
port.on('message', (task: EmbeddingTask) => {
  queue = queue.then(async () => {
    if (task.texts.length > 0) return answer(task);
    await loading.then(([session]) => session.release()).catch(() => undefined);
    port.close();
  });
});

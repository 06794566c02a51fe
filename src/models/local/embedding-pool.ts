import { Worker } from 'node:worker_threads';
import type { EmbeddingReply, EmbeddingTask, EmbeddingWorkerData } from './embedding-messages.ts';

/** Result of one batch. */
export interface EmbeddedBatch {
  /** All vectors one after the other. */
  readonly vectors: Float32Array;
  readonly tokens: number;
  readonly coreSeconds: number;
}

/** Worker threads that embed batches of texts; started when there is work for them. */
export interface EmbeddingPool {
  /** Rejects with the signal's reason when aborted, or with an Error that says what a worker said. */
  run(texts: readonly string[], signal?: AbortSignal): Promise<EmbeddedBatch>;
  /** Threads alive. */
  readonly workers: number;
  close(): Promise<void>;
}

interface Job extends EmbeddingTask {
  readonly resolve: (batch: EmbeddedBatch) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: Worker;
  job: Job | null;
}

/**
 * @param maxWorkers a second and further thread is started only while batches wait, as a start costs as much as
 * embedding some twenty short texts.
 * @param file entry point of the threads; another one only in tests.
 */
export function createEmbeddingPool(
  data: EmbeddingWorkerData,
  maxWorkers: number,
  file: URL = workerFile(),
): EmbeddingPool {
  const waiting: Job[] = [];
  const members = new Set<Member>();
  let nextId = 1;
  let closed = false;

  const pump = (): void => {
    for (const member of members) if (!member.job) assign(member);
    // The first batch of a call needs one thread; several waiting batches are worth another.
    if (waiting.length > 0 && members.size < maxWorkers && (members.size === 0 || waiting.length > 1)) {
      start();
      pump();
    }
  };

  const assign = (member: Member): void => {
    const job = waiting.shift();
    if (!job) {
      member.worker.unref();
      return;
    }
    member.job = job;
    member.worker.ref();
    member.worker.postMessage({ id: job.id, texts: job.texts } satisfies EmbeddingTask);
  };

  const start = (): void => {
    // The runtime would write a device id to the user's cache folder and upload usage; only the real environment
    // of the process, not a worker's copy, reaches it.
    process.env.ORT_DISABLE_TELEMETRY = '1';
    const worker = new Worker(file, { workerData: data });
    const member: Member = { worker, job: null };
    members.add(member);
    let failure: Error | undefined;
    worker.on('message', (reply: EmbeddingReply) => {
      const { job } = member;
      member.job = null;
      if ('problem' in reply) job?.reject(new Error(reply.problem));
      else job?.resolve(reply);
      pump();
    });
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', (code) => {
      members.delete(member);
      member.job?.reject(failure ?? new Error(`a worker thread ended (exit code ${code})`));
      member.job = null;
      if (!closed) pump();
    });
  };

  return {
    get workers() {
      return members.size;
    },
    run(texts, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (closed) throw new Error('the model was closed');
        const onAbort = (): void => {
          const index = waiting.indexOf(job);
          if (index >= 0) waiting.splice(index, 1);
          reject(signal?.reason);
        };
        const settled = (): void => signal?.removeEventListener('abort', onAbort);
        const job: Job = {
          id: nextId++,
          texts,
          resolve: (batch) => {
            settled();
            resolve(batch);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(job);
        pump();
      });
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error('the model was closed'));
      await Promise.all(
        [...members].map(
          ({ worker }) =>
            new Promise<void>((resolve) => {
              worker.ref();
              worker.once('exit', () => resolve());
              worker.postMessage({ id: 0, texts: [] } satisfies EmbeddingTask);
            }),
        ),
      );
    },
  };
}

/** The worker's file has the extension of this one: `.ts` when run from source, `.js` in `dist`. */
function workerFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./embedding-worker.${extension}`, import.meta.url);
}

import type { Trace } from './trace.ts';
import type { TraceStore } from './trace-store.ts';

/** What became of the traces of a process. */
export interface TraceWriterFigures {
  readonly written: number;
  /** Waiting to be written. */
  readonly waiting: number;
  /** Given up because too many were waiting, or the database would not take them. */
  readonly lost: number;
}

/** Writes traces beside the requests that they are of: in batches, one commit each, and never more than so many waiting. */
export interface TraceWriter {
  /** True once the trace is durable; false where it was given up, which is counted. Never throws. */
  write(trace: Trace): Promise<boolean>;
  figures(): TraceWriterFigures;
  /** Writes what waits; later traces are given up. */
  close(): Promise<void>;
}

interface Waiting {
  readonly trace: Trace;
  readonly done: (durable: boolean) => void;
}

export function createTraceWriter(options: {
  readonly store: Pick<TraceStore, 'add'>;
  /** 10,000 by default. */
  readonly mostWaiting?: number | undefined;
  /** Traces of one commit, 200 by default: the event loop is not held for longer. */
  readonly batch?: number | undefined;
  /** Between failed tries, which are three. */
  readonly retryMs?: number | undefined;
  /** Told once for each time that traces begin to be lost. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}): TraceWriter {
  const { store, mostWaiting = 10_000, batch = 200, retryMs = 200, onNotice } = options;
  const waiting: Waiting[] = [];
  let written = 0;
  let lost = 0;
  let closed = false;
  let working: Promise<void> | null = null;

  const giveUp = (given: readonly Waiting[], why: string): void => {
    if (lost === 0) onNotice?.(`Traces are being lost: ${why}`);
    lost += given.length;
    for (const { done } of given) done(false);
  };

  const writeBatch = async (taken: readonly Waiting[]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await store.add(taken.map(({ trace }) => trace));
        written += taken.length;
        for (const { done } of taken) done(true);
        return;
      } catch (error) {
        if (attempt === 3) return giveUp(taken, error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  };

  /** One batch after the other until nothing waits; what comes meanwhile shares the next commit. */
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await writeBatch(waiting.splice(0, batch));
    }
    working = null;
  };

  return {
    write: (trace) =>
      new Promise((done) => {
        if (closed) return giveUp([{ trace, done }], 'the server is stopping');
        if (waiting.length >= mostWaiting)
          return giveUp([{ trace, done }], `${mostWaiting} are waiting already`);
        waiting.push({ trace, done });
        working ??= work();
      }),
    figures: () => ({ written, waiting: waiting.length, lost }),
    async close() {
      closed = true;
      await working;
    },
  };
}

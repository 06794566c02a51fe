import type { KeptResult } from './run-store.ts';

/** Commits results in groups: what comes in during one turn of the event loop, and during a commit, shares the next. */
export interface ResultWriter {
  /** Resolves when the result is durable. */
  keep(kept: KeptResult): Promise<void>;
  /** Resolves when there is room for more; at once as long as few results wait. */
  room(): Promise<void>;
  /** Commits what waits. Rejects with the failure of any commit. */
  close(): Promise<void>;
}

/** Results that may wait for a commit before `room` makes the caller wait. */
const mostWaiting = 200;

/** @param commit makes all of the results durable, or none. */
export function createResultWriter(commit: (results: readonly KeptResult[]) => Promise<void>): ResultWriter {
  let waiting: { kept: KeptResult; done: () => void; fail: (error: unknown) => void }[] = [];
  let committing: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const group = waiting;
      waiting = [];
      try {
        await commit(group.map(({ kept }) => kept));
        for (const { done } of group) done();
      } catch (error) {
        failure ??= { error };
        for (const { fail } of group) fail(error);
      }
    }
    committing = null;
  };
  const start = (): Promise<void> => {
    committing ??= flush();
    return committing;
  };

  return {
    keep(kept) {
      const durable = new Promise<void>((done, fail) => {
        waiting.push({ kept, done, fail });
      });
      start();
      return durable;
    },
    async room() {
      if (failure) throw failure.error;
      if (waiting.length >= mostWaiting) await start();
    },
    async close() {
      while (committing !== null) await committing;
      if (failure) throw failure.error;
    },
  };
}

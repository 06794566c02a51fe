import type { RetrievalStage } from '../retrieval-explanation.ts';

/** Adds up the time of each stage of a search. */
export interface StageClock {
  time<T>(stage: RetrievalStage, work: () => Promise<T>): Promise<T>;
  /** Milliseconds so far, of stages that ran and of all since the clock was made. */
  milliseconds(): Partial<Record<RetrievalStage, number>> & { total: number };
}

export function createStageClock(): StageClock {
  const begun = performance.now();
  const sums: Partial<Record<RetrievalStage, number>> = {};
  return {
    async time(stage, work) {
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        sums[stage] = (sums[stage] ?? 0) + performance.now() - startedAt;
      }
    },
    milliseconds: () => ({ ...sums, total: performance.now() - begun }),
  };
}

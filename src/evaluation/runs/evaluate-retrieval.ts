import { FulcrumError, type SplitName, type WorkOptions } from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset-store.ts';
import type { RetrieveSpans } from '../evaluated.ts';
import { goldItems, judgeRanking } from '../scorers/relevance.ts';
import { hitAt, ndcgAt, type Ranking, recallAt, reciprocalRankAt } from '../scorers/retrieval-metrics.ts';
import { runPool } from './run-pool.ts';
import { selectSamples } from './select-samples.ts';

/** Ways to search that are measured side by side. */
export type RetrievalArm = 'keyword' | 'vector' | 'hybrid';

/** Means by arm and metric; arms that the project does not have are absent. */
export interface RetrievalReport {
  readonly dataset: string;
  /** Samples with gold evidence. */
  readonly n: number;
  readonly arms: Readonly<Partial<Record<RetrievalArm, Readonly<Record<string, number>>>>>;
}

/** Chunks asked for per wanted document, since several chunks of one document count once. */
const chunksPerDocument = 10;

export interface RetrievalOptions extends WorkOptions {
  readonly dataset: Dataset;
  readonly split?: SplitName | undefined;
  readonly arms: readonly RetrievalArm[];
  /** Cut-off of nDCG, recall and MRR. */
  readonly k: number;
  readonly retrieve: RetrieveSpans;
  readonly concurrency?: number | undefined;
}

/**
 * Measures search alone on the samples with gold evidence: by overlap where the evidence has offsets, else by
 * document. A query that finds nothing counts 0. Throws `dataset-empty` when no sample has evidence.
 */
export async function evaluateRetrieval(options: RetrievalOptions): Promise<RetrievalReport> {
  const { dataset, split, arms, k, retrieve, signal, onProgress } = options;
  const samples = selectSamples(dataset, split).flatMap((sample) => {
    const gold = goldItems(sample.evidence);
    return gold.length === 0 ? [] : [{ input: sample.input, gold }];
  });
  if (samples.length === 0)
    throw new FulcrumError('dataset-empty', { path: `"${dataset.name}" (samples with evidence)` });
  const measured: Partial<Record<RetrievalArm, Record<string, number>>> = {};
  for (const arm of arms) {
    const rankings: Ranking[] = new Array(samples.length);
    let done = 0;
    await runPool(
      [...samples.entries()],
      options.concurrency ?? 2,
      signal,
      async ([index, { input, gold }]) => {
        rankings[index] = judgeRanking(await retrieve(input, arm, k * chunksPerDocument), gold);
        onProgress?.({ phase: `searching (${arm})`, done: ++done, total: samples.length, unit: 'questions' });
      },
    );
    measured[arm] = means(rankings, k);
  }
  return { dataset: dataset.name, n: samples.length, arms: measured };
}

function means(rankings: readonly Ranking[], k: number): Record<string, number> {
  const mean = (value: (ranking: Ranking) => number): number =>
    rankings.reduce((total, ranking) => total + value(ranking), 0) / rankings.length;
  return {
    [`ndcg@${k}`]: mean((ranking) => ndcgAt(ranking, k)),
    [`recall@${k}`]: mean((ranking) => recallAt(ranking, k)),
    'hit@1': mean((ranking) => hitAt(ranking, 1)),
    'hit@5': mean((ranking) => hitAt(ranking, 5)),
    [`mrr@${k}`]: mean((ranking) => reciprocalRankAt(ranking, k)),
  };
}

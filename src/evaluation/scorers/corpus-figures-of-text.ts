import type { Score } from '../../core/index.ts';
import { type BleuStatistics, bleuScore } from '../metrics/text/bleu.ts';
import { type ChrfOptions, type ChrfStatistics, chrfScore } from '../metrics/text/chrf.ts';
import type { CorpusCollector } from './scorer.ts';

/** What a score of one answer keeps for the figure of all: counts that add up. */
export interface CountsDetail {
  readonly counts: readonly number[];
}

/** Highest order of n-grams in BLEU. */
const bleuOrders = 4;

/** Counts of BLEU in a row. */
export function bleuCounts({ systemLength, referenceLength, correct, total }: BleuStatistics): number[] {
  return [systemLength, referenceLength, ...correct, ...total];
}

/** BLEU of counts in a row, or of their sum over answers. */
export function bleuOfCounts(counts: ArrayLike<number>): number {
  const [systemLength = 0, referenceLength = 0, ...rest] = Array.from(counts);
  return bleuScore({
    systemLength,
    referenceLength,
    correct: rest.slice(0, bleuOrders),
    total: rest.slice(bleuOrders),
  }).score;
}

/** Counts of chrF in a row. */
export function chrfCounts(statistics: ChrfStatistics): number[] {
  return statistics.flat();
}

/** chrF of counts in a row, or of their sum over answers. */
export function chrfOfCounts(counts: ArrayLike<number>, options: ChrfOptions): number {
  const orders = Array.from({ length: counts.length / 3 }, (_, order) => order * 3);
  return chrfScore(
    orders.map((at) => [counts[at]!, counts[at + 1]!, counts[at + 2]!]),
    options,
  );
}

/** Sums the counts of the answers of a run; the score of the sum is the figure. */
export function countsCollector(
  name: string,
  scoreOf: (sum: ArrayLike<number>) => number,
): () => CorpusCollector {
  return () => {
    let sum: number[] | null = null;
    let samples = 0;
    return {
      add(score: Score): void {
        if (score.status !== 'scored') return;
        const counts = (score.detail as Partial<CountsDetail> | undefined)?.counts;
        if (!counts) return;
        samples++;
        sum = counts.map((count, index) => count + (sum?.[index] ?? 0));
      },
      figures: () => [{ name, value: sum === null ? null : scoreOf(sum), samples }],
    };
  };
}

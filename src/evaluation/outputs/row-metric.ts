import { FulcrumError, type Score, suggest } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { metricCatalogue } from '../metrics/catalogue/metric-catalogue.ts';
import { bleuSignature } from '../metrics/text/bleu.ts';
import { chrfSignature } from '../metrics/text/chrf.ts';
import { rougeSignature } from '../metrics/text/rouge.ts';
import { labelScorers } from '../scorers/label-scorers.ts';
import { retrievalScorers } from '../scorers/retrieval-scorers.ts';
import type { CorpusFigure, Scorer } from '../scorers/scorer.ts';
import { applyScorer, createScorers } from '../scorers/scorers.ts';
import { textScorers } from '../scorers/text-scorers.ts';
import { knownRange } from '../statistics/metric-range.ts';
import type { CorpusMetric } from './corpus-metric.ts';
import { createCorpusMetric } from './corpus-metrics.ts';
import {
  countReasons,
  createRowMean,
  createValueMean,
  type RowMean,
  type RowSummary,
} from './mean-over-rows.ts';
import { fewestForInterval } from './resampled-weights.ts';

/** What a metric comes to over all rows. */
export interface MetricResult extends RowSummary {
  readonly of: 'sample' | 'corpus';
  readonly signature?: string;
}

/** A metric that takes in rows one at a time. */
export interface RowMetric {
  readonly name: string;
  /** The score of the row; null for a metric that has one value over all rows only. */
  add(judged: ScoredSample, group: string | undefined, weights: Uint8Array): Promise<Score | null>;
  /** Whether it is one value over all rows, for which rows are resampled. */
  readonly of: 'sample' | 'corpus';
  /** Counts a row that has no output. */
  fail(error: Score): void;
  result(): MetricResult;
  /** Figures of all rows that are no mean of its scores, e.g. micro F1. */
  figures(): readonly CorpusFigure[];
}

/** Names that `fulcrum score` takes; retrieval metrics take any cut-off. */
export const scoredMetricNames: readonly string[] = metricCatalogue
  .filter(({ scores }) => scores)
  .map(({ name }) => name);

/** The metric of a name, of these scorers or built in. Throws `metric-unknown`. */
export function createRowMetric(name: string, scorers: readonly Scorer[] = []): RowMetric {
  const configured = scorers.find((scorer) => scorer.name === name);
  if (configured) return overRows(configured, createValueMean());
  const corpus = createCorpusMetric(name);
  if (corpus) return overCorpus(name, corpus);
  const scorer = scorerOf(name);
  // Figures over all rows are metrics of their own here: `bleu`, `chrf`.
  if (scorer) return overRows(withoutCorpus(scorer), createRowMean(greatestOf(name)));
  const known = [...scorers.map((one) => one.name), ...scoredMetricNames];
  throw new FulcrumError('metric-unknown', {
    metric: name,
    suggestion: suggest(name, known),
    known: known.join(', '),
  });
}

function withoutCorpus({ corpus: _figures, ...scorer }: Scorer): Scorer {
  return scorer;
}

function scorerOf(name: string): Scorer | undefined {
  const cut = /^(?:hit|recall|mrr|ndcg)@([1-9]\d{0,5})$/.exec(name);
  const scorers = cut
    ? retrievalScorers([Number(cut[1])])
    : [...createScorers(), ...textScorers(), ...labelScorers()].filter((one) =>
        scoredMetricNames.includes(one.name),
      );
  return scorers.find((scorer) => scorer.name === name);
}

function greatestOf(name: string): number {
  return knownRange(name)?.high ?? 1;
}

function overRows(scorer: Scorer, mean: RowMean): RowMetric {
  const { name } = scorer;
  const corpus = scorer.corpus?.();
  const signature = sampleSignature(name);
  return {
    name,
    of: 'sample',
    async add(judged, group) {
      const score = await applyScorer(scorer, judged);
      mean.add(score, group);
      corpus?.add(score);
      return score;
    },
    fail: (error) => mean.add(error, undefined),
    figures: () => corpus?.figures().filter(({ samples }) => samples > 0) ?? [],
    result: () => ({ ...mean.summary(), of: 'sample', ...(signature === null ? {} : { signature }) }),
  };
}

function overCorpus(name: string, metric: CorpusMetric): RowMetric {
  const reasons = countReasons();
  // Counted only as far as it matters whether there are enough of them for an interval.
  const clusters = new Set<string>();
  let scored = 0;
  let errors = 0;
  return {
    name,
    of: 'corpus',
    async add(judged, group, weights) {
      const reason = metric.add(judged, weights);
      if (reason === null) {
        scored += 1;
        if (clusters.size < fewestForInterval) clusters.add(group ?? `\u0000${scored}`);
      } else reasons.add(reason);
      return null;
    },
    fail: () => {
      errors += 1;
    },
    figures: () => [],
    result() {
      const signature = metric.signature();
      const interval = clusters.size < fewestForInterval ? null : metric.interval();
      return {
        mean: metric.value(),
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        of: 'corpus',
        scored,
        undefined: reasons.counts(),
        errors,
        ...(signature === null ? {} : { signature }),
      };
    },
  };
}

/** Signature of a metric of single answers; the number of references varies with them. */
function sampleSignature(name: string): string | null {
  if (name === 'sentence-bleu') return bleuSignature('var', { effectiveOrder: true });
  if (name === 'sentence-chrf') return chrfSignature('var');
  if (name === 'sentence-chrf++') return chrfSignature('var', { wordOrder: 2 });
  return rougeSignature(name);
}

import { z } from 'zod';

/** What a metric is, for `fulcrum metrics list` and `docs/metrics.md`. */
export const metricEntrySchema = z.strictObject({
  name: z.string(),
  /** One sentence: what a value says. */
  meaning: z.string(),
  /** Whose definition it is; null for Fulcrum's own. */
  reference: z.strictObject({ library: z.string(), version: z.string() }).nullable(),
  /**
   * What it is computed from: one answer (`sample`), all answers together (`corpus`), verdicts on claims (`claims`),
   * or numbers (`numbers`).
   */
  of: z.enum(['sample', 'corpus', 'claims', 'numbers']),
  needs: z.array(z.string()),
  /** Lowest and highest value; null for no limit. */
  range: z.tuple([z.number().nullable(), z.number().nullable()]),
  direction: z.enum(['higher', 'lower', 'none']),
  /** Whether `fulcrum score` and `--metrics` take it. */
  scores: z.boolean(),
  /** Names of the golden vectors that check it. */
  vectors: z.array(z.string()),
});
export type MetricEntry = z.infer<typeof metricEntrySchema>;

export const metricsListOutputSchema = z.strictObject({ metrics: z.array(metricEntrySchema) });

/** Releases that the ports reproduce. */
export const references = {
  sacrebleu: { library: 'sacrebleu', version: '2.6.0' },
  rouge: { library: 'rouge_score', version: '0.1.2' },
  nltk: { library: 'nltk', version: '3.10.4' },
  squad1: { library: 'SQuAD evaluate', version: '1.1' },
  squad2: { library: 'SQuAD evaluate', version: '2.0' },
  trec: { library: 'pytrec_eval-terrier', version: '0.5.11' },
  sklearn: { library: 'scikit-learn', version: '1.9.1' },
  krippendorff: { library: 'krippendorff', version: '0.9.0' },
  statsmodels: { library: 'statsmodels', version: '0.15.0' },
  scipy: { library: 'scipy', version: '1.17.1' },
  ragas: { library: 'ragas', version: '0.4.3' },
  trulens: { library: 'trulens', version: '2.16.0' },
  ragchecker: { library: 'RAGChecker', version: '6091f08' },
} as const;

type Reference = keyof typeof references;

/** Declares an entry; the range is [0, 1] and higher is better unless said otherwise. */
export function metricEntry(
  name: string,
  meaning: string,
  reference: Reference | null,
  of: MetricEntry['of'],
  needs: readonly string[],
  more: Partial<Pick<MetricEntry, 'range' | 'direction' | 'scores' | 'vectors'>> = {},
): MetricEntry {
  return {
    name,
    meaning,
    reference: reference && references[reference],
    of,
    needs: [...needs],
    range: more.range ?? [0, 1],
    direction: more.direction ?? 'higher',
    scores: more.scores ?? false,
    vectors: more.vectors ?? [],
  };
}

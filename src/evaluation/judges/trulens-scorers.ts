import { type Score, scored, undefinedScore } from '../../core/index.ts';
import { contextTexts } from '../claims/context-texts.ts';
import { type SplitSentences, splitClaims } from '../claims/split-claims.ts';
import type { ReadDocument, ScoredSample } from '../evaluated.ts';
import { trulensGroundedness, trulensRating, trulensVersion } from '../metrics/rag/trulens.ts';
import { answerText } from '../scorers/answer-text.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { Judge } from './judge.ts';
import { type EachTask, judgeEach } from './judge-each.ts';
import { withFaults } from './judge-fault.ts';
import { answerRelevanceTask, contextRelevanceTask, groundednessTask } from './judge-prompts.ts';
import { spentDetail } from './spent-detail.ts';
import type { TrulensMetric } from './trulens-metric-names.ts';

export interface TrulensScorersOptions {
  readonly metrics: readonly TrulensMetric[];
  readonly judge: Judge;
  readonly readDocument: ReadDocument;
  readonly sentences: () => Promise<SplitSentences>;
}

interface Rated {
  readonly task: EachTask;
  readonly items: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;
}

const descriptions: Readonly<Record<TrulensMetric, string>> = {
  groundedness:
    "mean rating, 0 to 3 brought to [0, 1], of how far the contexts bear out the answer's sentences",
  'context-relevance': 'mean rating of how relevant each context is to the question',
  'answer-relevance': 'rating of how far the answer answers the question',
};

/**
 * Ratings from 0 to 3 with the arithmetic of TruLens 2.16.0. They differ from it in two things: a rating that cannot be had is an
 * error, where TruLens leaves the sentence out, and a refusal is `undefined: abstained`, where TruLens calls it grounded.
 */
export function createTrulensScorers(options: TrulensScorersOptions): Scorer[] {
  const { judge } = options;
  return options.metrics.map((metric) => ({
    name: `${trulensVersion}.${metric}@${judge.name}`,
    description: descriptions[metric],
    direction: 'higher',
    needs: metric === 'answer-relevance' ? [] : ['contexts'],
    score: (judged) =>
      withFaults(async () => {
        const asked = await whatToRate(metric, judged, options);
        if ('status' in asked) return asked;
        const { verdicts, usage, cost } = await judgeEach(judge, asked.task, asked.items, asked.context);
        const failed = verdicts.find((verdict) => 'fault' in verdict);
        if (failed) throw failed.fault;
        const ratings = verdicts.map((verdict) =>
          trulensRating('label' in verdict ? Number(verdict.label) : -1),
        );
        const mean = trulensGroundedness(ratings);
        if (mean.status !== 'scored') return mean;
        const rated = verdicts.map((verdict, index) => ({ text: asked.items[index], ...verdict }));
        return scored(mean.value, { judge: judge.model, ratings: rated, ...spentDetail(usage, cost) });
      }),
  }));
}

async function whatToRate(
  metric: TrulensMetric,
  judged: ScoredSample,
  { readDocument, sentences }: TrulensScorersOptions,
): Promise<Rated | Score> {
  const { sample, answer, retrieves } = judged;
  const question = sample.input;
  if (metric !== 'context-relevance' && answer.refusal !== null) return undefinedScore('abstained');
  const text = answerText(answer);
  if (metric === 'answer-relevance')
    return { task: answerRelevanceTask, items: [text], context: { question } };
  if (answer.contexts.length === 0)
    return undefinedScore(retrieves === false ? 'no-retriever' : 'no-contexts');
  const contexts = await contextTexts(judged, readDocument);
  if (contexts === null) return undefinedScore('contexts-without-text');
  if (metric === 'context-relevance')
    return { task: contextRelevanceTask, items: contexts, context: { question } };
  const items = splitClaims(text, await sentences());
  if (items.length === 0) return undefinedScore('no-claims');
  return { task: groundednessTask, items, context: { question, evidence: contexts.join('\n') } };
}

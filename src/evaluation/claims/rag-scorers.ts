import { type Score, undefinedScore } from '../../core/index.ts';
import type { EmbedTexts, ReadDocument, ScoredSample } from '../evaluated.ts';
import { withFaults } from '../judges/judge-fault.ts';
import { spentDetail } from '../judges/spent-detail.ts';
import { answerText, referencesOf } from '../scorers/answer-text.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { CellStore } from './cell-store.ts';
import { createClaimChecker } from './check-claims.ts';
import type { ClaimVerifier } from './claim-verifier.ts';
import { contextTexts } from './context-texts.ts';
import type { RagMetric } from './rag-metric-names.ts';
import { ragMetrics } from './rag-metrics.ts';

export interface RagScorersOptions {
  readonly metrics: readonly RagMetric[];
  readonly verifier: ClaimVerifier;
  readonly cells: CellStore;
  readonly readDocument: ReadDocument;
  /** Null where nothing is embedded; answer correctness then rests on claims alone. */
  readonly embed: EmbedTexts | null;
}

/**
 * Scorers from claims and what texts say of them. Their names carry the tool whose arithmetic they follow, with its version, and
 * who judged: `ragas-0.4.3.faithfulness@strict`. A refusal is `undefined: abstained`.
 */
export function createRagScorers(options: RagScorersOptions): Scorer[] {
  return options.metrics.map((metric) => {
    const entry = ragMetrics[metric];
    const { direction, needs } = entry;
    const { name, description } =
      (options.verifier.source === 'deterministic' && entry.withoutModel) || entry;
    return {
      name: `${name}@${options.verifier.name}`,
      description,
      direction,
      needs,
      score: (judged) => withFaults(() => scoreMetric(metric, judged, options)),
    };
  });
}

async function scoreMetric(
  metric: RagMetric,
  judged: ScoredSample,
  options: RagScorersOptions,
): Promise<Score> {
  const { needs, score } = ragMetrics[metric];
  const { sample, answer, retrieves } = judged;
  const [reference] = referencesOf(sample);
  if (needs.includes('references') && reference === undefined) return undefinedScore('no-gold');
  if (metric !== 'context-precision' && metric !== 'context-recall' && answer.refusal !== null)
    return undefinedScore('abstained');
  let contexts: readonly string[] = [];
  if (needs.includes('contexts')) {
    if (retrieves === false && answer.contexts.length === 0) return undefinedScore('no-retriever');
    if (answer.contexts.length === 0 && retrieves === undefined) return undefinedScore('no-contexts');
    const texts = await contextTexts(judged, options.readDocument);
    if (texts === null) return undefinedScore('contexts-without-text');
    contexts = texts;
  }
  const checker = createClaimChecker(options.verifier, options.cells);
  const { embed } = options;
  const found = await score({
    question: sample.input,
    answer: answerText(answer),
    reference: reference ?? null,
    contexts,
    checker,
    embed: embed && ((texts, work) => embed(texts, { ...work, onEmbedded: checker.embedded })),
  });
  if (found.status === 'error') return found;
  const { usage, cost } = checker.taken();
  const spent = spentDetail(usage, cost);
  if (found.status === 'undefined') return usage.calls === 0 ? found : { ...found, detail: spent };
  return { ...found, detail: { ...(found.detail as object), judge: options.verifier.identity, ...spent } };
}

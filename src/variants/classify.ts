import { type Cost, noUsage } from '../core/index.ts';
import { timed } from './answering.ts';
import type { ClassifyConfig } from './config.ts';
import type { Variant } from './variant.ts';

/** A trained classifier as a variant sees it. Supplied by `app`. */
export interface Classifier {
  readonly id: string;
  /** Everything that its classes depend on. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** Probability under which a class is not taken; 0 takes all. */
  readonly reject: number;
  readonly learnedFrom?: Variant['learnedFrom'];
  /** The best class with its calibrated probability, and what finding it took. */
  classify(input: string, signal?: AbortSignal): Promise<Classified>;
}

export interface Classified {
  readonly label: string;
  /** 0 to 1. */
  readonly probability: number;
  readonly usage: { readonly coreSeconds: number; readonly embeddingTokens?: number | undefined };
  readonly cost: Cost;
}

/** A class for each question: the answer is its name, or a refusal where the probability is too low. */
export function createClassifyVariant(name: string, config: ClassifyConfig, classifier: Classifier): Variant {
  const reject = config.reject ?? classifier.reject;
  return {
    name,
    kind: 'tuned',
    deployable: true,
    retrieves: false,
    concurrency: 4,
    definition: { kind: 'tuned', reader: 'classify', model: classifier.id, reject, ...classifier.definition },
    learnedFrom: classifier.learnedFrom,
    estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd: 0 }),
    answer: (question) =>
      timed(question, async () => {
        const { label, probability, usage, cost } = await classifier.classify(
          question.input,
          question.signal,
        );
        const rejected = probability < reject;
        if (!rejected) question.onText?.(label);
        return {
          answer: rejected ? '' : label,
          citations: [],
          removedCitations: 0,
          refusal: rejected ? { reason: 'label-rejected' as const } : null,
          contexts: [],
          usage: { ...noUsage, coreSeconds: usage.coreSeconds },
          cost,
          confidence: probability,
          classification: { label, probability, rejected },
        };
      }),
    close: async () => {},
  };
}

import type { Evaluated } from '../evaluation/index.ts';
import type { Variant } from '../variants/index.ts';

/** Answers at a time of variants that wait for somebody else's machine; work done here goes one by one. */
const remoteConcurrency = 4;

/** A variant with what evaluation must know of its kind. */
export function asEvaluated(variant: Variant): Evaluated {
  const { kind, definition } = variant;
  const remoteKind = kind === 'external' || kind === 'cascade';
  const model = typeof definition.model === 'string' ? definition.model : 'local/';
  // A tuned model says by itself whether it runs here: one answer at a time.
  const isHere = model.startsWith('local/') || (model.startsWith('tuned/') && variant.concurrency === 1);
  const remote = kind === 'external' || !isHere;
  return {
    name: variant.name,
    kind,
    deployable: variant.deployable,
    definition,
    // An external pipeline may or may not retrieve; whether it names contexts tells.
    retrieves: variant.retrieves ?? (remoteKind ? undefined : kind === 'extract' || kind === 'rag'),
    concurrency: remoteKind ? (variant.concurrency ?? remoteConcurrency) : remote ? remoteConcurrency : 1,
    learnedFrom: variant.learnedFrom,
    cannotRun: async (principal) => (await variant.cannotRun?.(principal)) ?? null,
    estimate: (question) => variant.estimate(question),
    answer: (question) => variant.answer(question),
  };
}

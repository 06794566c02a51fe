import { type SampleOutcome, stageOf } from './sample-outcome.ts';

/**
 * Classes of failures, in the order in which they are tested: the first that fits counts. What is observed of the
 * label, the run and the search comes before what is inferred from the arms, and a sample that a placebo mends is
 * noise before it is anything that an arm may have mended by the same luck.
 */
export const failureClasses = [
  'label-suspect',
  'infrastructure-error',
  'format',
  'corpus-gap',
  'retrieval-miss',
  'ranking-miss',
  'variance',
  'abstained',
  'distracted',
  'behaviour',
  'undetermined',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** What each class suggests to do. */
export const suggestedRemedies: Readonly<Record<FailureClass, string>> = {
  'label-suspect': 'look at the label: fix or drop the sample',
  'infrastructure-error': 'mend what fails and run again',
  format: 'instructions on form, or structured output',
  'corpus-gap': 'add the documents',
  'retrieval-miss': 'chunking, hybrid search, another embedding model, query rewriting',
  'ranking-miss': 're-ranking, more hits, choice of sentences',
  variance: 'nothing: these come and go by themselves',
  abstained: 'lower the thresholds of refusal, or the instructions that lead to it',
  distracted: 'fewer or better passages, re-ranking, or fine-tuning on answers among distractors',
  behaviour: 'instructions and few-shot samples first, then fine-tuning or a stronger model',
  undetermined: 'mark the gold evidence, or give the arm that is missing',
};

/** The class of one failure and why. */
export interface ClassifiedFailure {
  readonly failure: FailureClass;
  readonly reason: string;
}

/** Whether a sample counts as failed: answerable, and wrong or without an answer for an error. */
export function hasFailed({ answerable, base }: SampleOutcome): boolean {
  return answerable && (base.right === false || base.error !== null);
}

/** The first class that fits a failed sample. */
export function classifyFailure(outcome: SampleOutcome): ClassifiedFailure {
  const { base, gold, labelDoubt, formFault, arms } = outcome;
  const found = (failure: FailureClass, reason: string): ClassifiedFailure => ({ failure, reason });
  if (labelDoubt !== null) return found('label-suspect', labelDoubt);
  if (base.error !== null) return found('infrastructure-error', base.error);
  if (formFault !== null) return found('format', formFault);
  const stage = stageOf(gold);
  if (stage === 'corpus-gap') return found(stage, 'the evidence is not in the corpus');
  if (stage === 'retrieval-miss')
    return found(
      stage,
      gold.candidateRank === undefined
        ? 'the evidence is not in the context (candidates unknown)'
        : 'the evidence is not among the candidates',
    );
  if (stage === 'ranking-miss') return found(stage, 'the evidence was a candidate, but not in the context');
  if (arms.placebo?.right) return found('variance', 'right when nothing that should matter was changed');
  if (arms.gold === undefined || arms.gold.right === null)
    return found('undetermined', stage === 'unknown' ? 'no evidence known, no gold arm' : 'no gold arm');
  if (!gold.marked) return found('undetermined', 'the sample names no evidence');
  if (!arms.gold.right) return found('behaviour', behaviourReason(arms['gold-few-shot']?.right));
  if (stage === 'unknown') return found('undetermined', 'the context is unknown; right with the evidence');
  if (base.refused) return found('abstained', 'refused with the evidence in the context');
  return found(
    'distracted',
    arms['gold-distractors']?.right
      ? 'right with the evidence pointed out among the same passages'
      : 'right with the evidence among far passages only',
  );
}

function behaviourReason(rightWithFewShot: boolean | null | undefined): string {
  if (rightWithFewShot) return 'right with few-shot samples and a structured answer';
  return rightWithFewShot === false
    ? 'wrong with the evidence, few-shot samples and a structured answer'
    : 'wrong with the evidence';
}

import { errorScore, FulcrumError, type Score, toFulcrumError } from '../../core/index.ts';

/** Why a judge gave no verdict. Each is counted by itself; none is ever turned into a number. */
export const judgeFaultReasons = [
  /** Verdicts are missing or belong to nothing that was asked, also after each was asked for alone. */
  'judge-shape',
  /** Two verdicts on one thing disagree, also after it was asked for alone. */
  'judge-contradictory',
  /** Cut off at the limit of output tokens. */
  'judge-truncated',
  /** No JSON, or JSON with prose around it. */
  'judge-not-json',
  /** JSON of another shape than asked for. */
  'judge-schema',
  /** The provider's filter, or the model, declined. */
  'judge-refused',
  'judge-rate-limited',
  'judge-timeout',
  'judge-unreachable',
  /** The texts are longer than the model takes. */
  'judge-too-long',
  /** Anything else that the model's provider said. */
  'judge-failed',
] as const;
export type JudgeFaultReason = (typeof judgeFaultReasons)[number];

/** Faults that may be gone at the next attempt without any change. */
const passing: ReadonlySet<JudgeFaultReason> = new Set([
  'judge-rate-limited',
  'judge-timeout',
  'judge-unreachable',
]);

/** The error that carries a fault. */
export function judgeFault(reason: JudgeFaultReason, judge: string, problem: string, cause?: unknown) {
  return new FulcrumError('judge-failed', { reason, judge, problem }, { cause });
}

/** The reason of a fault; null for any other error. */
export function faultReason(error: unknown): JudgeFaultReason | null {
  if (!(error instanceof FulcrumError) || error.code !== 'judge-failed') return null;
  return judgeFaultReasons.find((reason) => reason === error.data.reason) ?? 'judge-failed';
}

const reasonOfCode: Partial<Record<string, JudgeFaultReason>> = {
  'model-rate-limited': 'judge-rate-limited',
  'model-unreachable': 'judge-unreachable',
  'model-context-exceeded': 'judge-too-long',
};

/** The fault that an error of the model stands for; a stop on request stays what it is. */
export function faultOf(error: unknown, judge: string): FulcrumError {
  const known = toFulcrumError(error);
  if (known.code === 'judge-failed' || known.code === 'cancelled') return known;
  return judgeFault(reasonOfCode[known.code] ?? 'judge-failed', judge, known.message, error);
}

/** A score whose judge may fail: a fault becomes an error score that begins with its reason. */
export async function withFaults(work: () => Promise<Score>): Promise<Score> {
  try {
    return await work();
  } catch (error) {
    const reason = faultReason(error);
    if (reason === null) throw error;
    return errorScore(`${reason}: ${String((error as FulcrumError).data.problem)}`, passing.has(reason));
  }
}

/** Why a score is no number, in a word: the reason of an undefined one, the fault of a judge, else `other`. */
export function reasonWithout(score: Exclude<Score, { status: 'scored' }>): string {
  if (score.status === 'undefined') return score.reason;
  return judgeFaultReasons.find((each) => score.cause.startsWith(`${each}: `)) ?? 'other';
}

/** How often each reason stands behind the errors among scores; what no judge caused counts as `other`. */
export function countFaults(scores: readonly Score[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const score of scores) {
    if (score.status !== 'error') continue;
    const reason = reasonWithout(score);
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';
import { meanIntervalOf } from '../statistics/mean-interval.ts';
import { requireConfidence } from '../statistics/require-confidence.ts';
import { answersNeeded, fewestAnswers } from './answers-needed.ts';
import { type CalibrationAnswer, reweighAnswerable } from './calibration-answer.ts';
import { learnThenTest, testedShare, testThreshold } from './learn-then-test.ts';

const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

const rateSchema = z.strictObject({ rate: share, low: share, high: share, of: count });
export type Rate = z.infer<typeof rateSchema>;

const thresholdSchema = z.strictObject({
  threshold: share,
  answered: count,
  wrong: count,
  upper: share,
  passed: z.boolean(),
});

/** What calibration answers prove about a threshold of confidence. */
export const refusalCertificateSchema = z.strictObject({
  /** Most of the given answers that may be wrong. */
  risk: share,
  /**
   * 1 - the chance that a calibration ends in an untrue certificate, at least. It counts calibrations that certify nothing as kept, so it
   * is not the chance that a given certificate holds.
   */
  confidence: share,
  /** Share of the questions that the corpus cannot answer, for which this holds. */
  unanswerable: share,
  /** Calibration answers by kind, and how many of them stand for the stated share. */
  answers: z.strictObject({ answerable: count, unanswerable: count, used: count }),
  tested: z.array(thresholdSchema),
  /** The laxest threshold that is proven; null where the data prove none. */
  certified: thresholdSchema.nullable(),
  /** At the certified threshold, or where nothing is certified at the first one that was tested. */
  answerableAnswered: rateSchema.nullable(),
  unanswerableRefused: rateSchema.nullable(),
  /** Why nothing is certified, and what would be needed; too many are wrong where their share among those given is not under the risk. */
  shortfall: z
    .strictObject({
      reason: z.enum(['too-few-answers', 'too-many-wrong']),
      /** Given answers at the first threshold, in both parts; the two figures below are meant the same way. */
      answered: count,
      /** Fewest given answers that could prove it, if none of them were wrong. */
      fewest: count,
      /** Given answers that would prove it in four of five tries if as many are wrong as were; null where too few tell, or it is too many. */
      needed: count.nullable(),
    })
    .nullable(),
});
export type RefusalCertificate = z.infer<typeof refusalCertificateSchema>;

export interface RefusalTarget {
  /** Most of the given answers that may be wrong, above 0 and below 1. */
  readonly risk: number;
  /** For example .95. */
  readonly confidence: number;
  /** Share of the questions in use that the corpus cannot answer, from 0 to below 1. */
  readonly unanswerable: number;
  /** Another seed parts the answers in another way; do not try seeds until one passes. */
  readonly seed?: string | undefined;
}

/** Fixed start of the hashes that part calibration answers. */
const defaultSeed = 'fulcrum-refusal-1';

/**
 * The laxest threshold of confidence at which at most `risk` of the given answers are wrong, with probability `confidence`, for
 * questions like these of which `unanswerable` cannot be answered; see `learnThenTest`. Throws `usage` for a target out of range and
 * `calibration-one-sided` where a kind of question that the share asks for is lacking.
 */
export function certifyRefusal(
  answers: readonly CalibrationAnswer[],
  { risk, confidence, unanswerable, seed = defaultSeed }: RefusalTarget,
): RefusalCertificate {
  requireConfidence(confidence);
  if (!(risk > 0 && risk < 1))
    throw new FulcrumError('usage', { problem: `The risk must lie between 0 and 1; it is ${risk}.` });
  if (!(unanswerable >= 0 && unanswerable < 1))
    throw new FulcrumError('usage', {
      problem: `The share of unanswerable questions must be at least 0 and under 1; it is ${unanswerable}.`,
    });
  const hidden = answers.filter(({ answerable }) => !answerable).length;
  if ((unanswerable > 0 && hidden === 0) || hidden === answers.length)
    throw new FulcrumError('calibration-one-sided', {
      kind: hidden === answers.length ? 'answerable' : 'unanswerable',
      share: unanswerable,
    });
  const used = reweighAnswerable(answers, unanswerable, seed);
  const { tested, certified } = learnThenTest(used, { risk, confidence, seed });
  const shown = certified ?? tested[0] ?? null;
  return {
    risk,
    confidence,
    unanswerable,
    answers: { answerable: answers.length - hidden, unanswerable: hidden, used: used.length },
    tested: [...tested],
    certified,
    answerableAnswered:
      shown &&
      rateOf(
        answers,
        confidence,
        (answer) => answer.answerable,
        (answer) => isGiven(answer, shown.threshold),
      ),
    unanswerableRefused:
      shown &&
      rateOf(
        answers,
        confidence,
        (answer) => !answer.answerable,
        (answer) => !isGiven(answer, shown.threshold),
      ),
    shortfall: certified ? null : shortfallOf(used, tested[0]?.threshold ?? null, { risk, confidence }),
  };
}

function isGiven({ confidence }: CalibrationAnswer, threshold: number): boolean {
  return confidence !== null && confidence >= threshold;
}

function rateOf(
  answers: readonly CalibrationAnswer[],
  confidence: number,
  among: (answer: CalibrationAnswer) => boolean,
  happens: (answer: CalibrationAnswer) => boolean,
): Rate | null {
  const chosen = answers.filter(among);
  const { mean, low, high } = meanIntervalOf(
    chosen.map((answer) => (happens(answer) ? 1 : 0)),
    clusterLayout(chosen.map(({ group }) => group)),
    (1 - confidence) / 2,
    { low: 0, high: 1 },
  );
  return mean === null || low === null || high === null ? null : { rate: mean, low, high, of: chosen.length };
}

function shortfallOf(
  used: readonly CalibrationAnswer[],
  threshold: number | null,
  { risk, confidence }: { risk: number; confidence: number },
): RefusalCertificate['shortfall'] {
  const tail = 1 - confidence;
  const fewest = Math.ceil(fewestAnswers(risk, tail) / testedShare);
  if (threshold === null) return { reason: 'too-few-answers', answered: 0, fewest, needed: null };
  // All answers, not the tested part alone: this is a plan, not a proof.
  const { answered, wrong, upper } = testThreshold(used, threshold, tail);
  const needed = answersNeeded({ answered, wrong, upper, risk, tail });
  return {
    reason: answered > 0 && wrong / answered >= risk ? 'too-many-wrong' : 'too-few-answers',
    answered,
    fewest,
    needed: needed === null ? null : Math.ceil(needed / testedShare),
  };
}

import { upperMean } from '../statistics/bounded-mean.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';
import { proportionUpper } from '../statistics/quantiles.ts';
import { type CalibrationAnswer, unitHash } from './calibration-answer.ts';

/** Share of the groups that only say in which order thresholds are tested. */
const orderingShare = 0.25;
/** Share of the groups that thresholds are tested on. */
export const testedShare = 1 - orderingShare;
/** Thresholds between the strictest and the laxest, at most. */
const steps = 24;

/** One threshold of confidence: what is answered at or above it, and how often that is wrong. */
export interface TestedThreshold {
  readonly threshold: number;
  readonly answered: number;
  readonly wrong: number;
  /** Upper bound of the share of wrong answers among those given, at the stated confidence for this threshold alone. */
  readonly upper: number;
  readonly passed: boolean;
}

export interface TestedSequence {
  /** Thresholds in the order of testing, stricter ones first; it ends with the first that failed. */
  readonly tested: readonly TestedThreshold[];
  /** The laxest threshold that passed; null where the first one failed or there was none to test. */
  readonly certified: TestedThreshold | null;
}

/**
 * Learn then test (Angelopoulos, Bates, Candès, Jordan, Lei 2021, fixed sequence testing): a quarter of the groups chooses where to
 * begin and the order, strict to lax; on the other three quarters each threshold is tested in that order, until one fails. The
 * hypothesis of a threshold is that more than `risk` of the answers given at it are wrong; it is rejected when the Clopper-Pearson
 * upper bound at one-sided error 1 - `confidence` (on the effective number of answers where groups have several, see `upperMean`)
 * is at most `risk`. Since the order was fixed by other data, the chance that any threshold passes wrongly is at most
 * 1 - `confidence`.
 */
export function learnThenTest(
  answers: readonly CalibrationAnswer[],
  { risk, confidence, seed }: { readonly risk: number; readonly confidence: number; readonly seed: string },
): TestedSequence {
  const tail = 1 - confidence;
  const orders = (answer: CalibrationAnswer): boolean =>
    unitHash(`${seed}:order:${answer.group}`) < orderingShare;
  const ordering = answers.filter(orders);
  const testing = answers.filter((answer) => !orders(answer));
  const sequence = orderThresholds(ordering, testing.length / Math.max(1, ordering.length), tail);
  const tested: TestedThreshold[] = [];
  for (const threshold of sequence) {
    const figures = testThreshold(testing, threshold, tail);
    const passed = figures.answered > 0 && figures.upper <= risk;
    tested.push({ ...figures, passed });
    if (!passed) break;
  }
  return { tested, certified: tested.findLast(({ passed }) => passed) ?? null };
}

/** Wrong among given answers at a threshold, with its upper bound; 1 where nothing is answered. */
export function testThreshold(
  answers: readonly CalibrationAnswer[],
  threshold: number,
  tail: number,
): Omit<TestedThreshold, 'passed'> {
  const given = answers.filter(({ confidence }) => confidence !== null && confidence >= threshold);
  const wrong = given.map((answer) => (answer.wrong ? 1 : 0));
  return {
    threshold,
    answered: given.length,
    wrong: wrong.filter((value) => value === 1).length,
    upper: given.length === 0 ? 1 : upperMean(wrong, clusterLayout(given.map(({ group }) => group)), tail),
  };
}

/**
 * Thresholds from the one that is likeliest to pass to the laxest. Which is likeliest is guessed from the ordering part: the one whose
 * bound would be lowest if the other part, `scale` times as large, went alike.
 */
function orderThresholds(ordering: readonly CalibrationAnswer[], scale: number, tail: number): number[] {
  const confidences = ordering
    .flatMap(({ confidence }) => (confidence === null ? [] : [confidence]))
    .sort((a, b) => b - a);
  const places = Math.min(steps, confidences.length);
  const thresholds = [
    ...new Set(
      Array.from(
        { length: places },
        (_, place) => confidences[Math.ceil(((place + 1) * confidences.length) / places) - 1]!,
      ),
    ),
  ];
  const expected = thresholds.map((threshold) => {
    const { answered, wrong } = testThreshold(ordering, threshold, tail);
    // Half an error more than was seen, since few answers without one are no proof.
    return proportionUpper(((wrong + 0.5) / (answered + 1)) * answered * scale, answered * scale, tail);
  });
  return thresholds.slice(Math.max(0, expected.indexOf(Math.min(...expected))));
}

import { sha256 } from '../../core/index.ts';

/** One question of a calibration set, answered whatever the confidence, and what is known about the answer. */
export interface CalibrationAnswer {
  readonly sample: string;
  /** Answers of one group are not independent. */
  readonly group: string;
  /** Whether the corpus held the answer; false where its gold documents were hidden. */
  readonly answerable: boolean;
  /** The variant's own confidence in [0, 1]; null where it declined by itself, so that no threshold makes it answer. */
  readonly confidence: number | null;
  /** Whether the answer is wrong; every answer to an unanswerable question is. Means nothing where it declined. */
  readonly wrong: boolean;
}

/**
 * The answers as if `share` of the questions were unanswerable: of the kind that there is too much of, each is kept with the
 * probability that restores the share, by a hash of seed and name. What is kept stays independent and exact counts stay counts,
 * which weights would not. One kind alone is left as it is where the share asks for it (0 or 1); where a kind is wanted and
 * lacking, the result is empty.
 */
export function reweighAnswerable(
  answers: readonly CalibrationAnswer[],
  share: number,
  seed: string,
): CalibrationAnswer[] {
  const unanswerable = answers.filter(({ answerable }) => !answerable).length;
  const answerable = answers.length - unanswerable;
  // Questions that a mixture of this share could have at most, of either kind.
  const size = Math.min(
    share > 0 ? unanswerable / share : Number.POSITIVE_INFINITY,
    share < 1 ? answerable / (1 - share) : Number.POSITIVE_INFINITY,
  );
  const keptOf = (wanted: number, there: number): number => (there === 0 ? 0 : wanted / there);
  const kept = {
    answerable: keptOf(size * (1 - share), answerable),
    unanswerable: keptOf(size * share, unanswerable),
  };
  return answers.filter(
    (answer) =>
      unitHash(`${seed}:${answer.sample}`) < (answer.answerable ? kept.answerable : kept.unanswerable),
  );
}

/** A number in [0, 1) that a name always has. */
export function unitHash(name: string): number {
  return Number.parseInt(sha256(name).slice(0, 12), 16) / 2 ** 48;
}

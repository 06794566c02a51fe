import { dealFolds } from '../statistics/deal-folds.ts';

/** What two variants made of one sample, as a cascade of them needs it. */
export interface CascadeSample {
  readonly sample: string;
  readonly group: string;
  readonly first: {
    readonly value: number | null;
    readonly refused: boolean;
    readonly confidence: number | null;
    /** It ended in an error, which ends the cascade too. */
    readonly failed: boolean;
  };
  readonly other: { readonly value: number | null };
}

/** How a sample goes through a cascade whose threshold never saw it. */
export interface CascadeChoice {
  readonly sample: string;
  readonly group: string;
  readonly escalated: boolean;
  /** Value of the answer that counts; null where that has none. */
  readonly value: number | null;
}

/** A cascade evaluated on stored results. */
export interface CrossFitted {
  readonly choices: readonly CascadeChoice[];
  /** Threshold of each fold, fitted on the others. */
  readonly thresholds: readonly number[];
  /** Threshold fitted on all samples: the one to run. */
  readonly below: number;
  /** Mean at `below` on the very samples that it was fitted on, which flatters. */
  readonly inSample: number;
}

/** Fixed start of the hash that deals groups to folds. */
const foldSeed = 'fulcrum-cascade-folds-1';

/** Whether the second variant is asked: the first refused, or is less confident than the threshold. */
export function escalates({ first }: CascadeSample, below: number): boolean {
  return first.refused || (first.confidence ?? 0) < below;
}

/**
 * Evaluates a cascade without a new call: thresholds are fitted on all folds but one and applied to that one, so that
 * no sample is judged by a threshold that it had a part in choosing. Whole groups go to a fold, by a hash of their name.
 * Null with fewer than two groups.
 * @param folds at most the number of groups are made.
 * @param tolerance loss of mean value against the best threshold that is given up for fewer escalations.
 */
export function crossFit(
  samples: readonly CascadeSample[],
  { folds, tolerance }: { folds: number; tolerance: number },
): CrossFitted | null {
  const dealt = dealFolds(
    samples.map(({ group }) => group),
    { folds, seed: foldSeed },
  );
  if (dealt === null) return null;
  const { count, foldOf } = dealt;
  const thresholds = Array.from({ length: count }, (_, fold) =>
    fitThreshold(
      samples.filter(({ group }) => foldOf.get(group) !== fold),
      tolerance,
    ),
  );
  const below = fitThreshold(samples, tolerance);
  return {
    choices: samples.map((sample) => choose(sample, thresholds[foldOf.get(sample.group) ?? 0] ?? below)),
    thresholds,
    below,
    inSample: meanOf(samples.filter(isScored).map((sample) => choose(sample, below).value)),
  };
}

function choose(sample: CascadeSample, below: number): CascadeChoice {
  const escalated = !sample.first.failed && escalates(sample, below);
  const value = escalated ? sample.other.value : sample.first.value;
  return { sample: sample.sample, group: sample.group, escalated, value };
}

/**
 * The lowest threshold (so the fewest escalations) whose mean value lies within the tolerance of the best one; from the
 * samples that both variants have a value for. Thresholds lie half-way between neighbouring confidences; 0 escalates
 * refusals alone.
 */
export function fitThreshold(samples: readonly CascadeSample[], tolerance: number): number {
  const scored = samples.filter(isScored);
  const open = scored
    .filter(({ first }) => !first.refused)
    .sort((a, b) => (a.first.confidence ?? 0) - (b.first.confidence ?? 0));
  // Sums relative to escalating refusals alone: each step escalates one more answer.
  const steps = [{ below: 0, gain: 0 }];
  let gain = 0;
  for (const [index, { first, other }] of open.entries()) {
    gain += (other.value ?? 0) - (first.value ?? 0);
    const here = first.confidence ?? 0;
    const next = open[index + 1]?.first.confidence ?? 1;
    if (next > here) steps.push({ below: (here + next) / 2, gain });
  }
  const best = Math.max(...steps.map((step) => step.gain));
  const least = best - tolerance * scored.length - 1e-9;
  return steps.find((step) => step.gain >= least)?.below ?? 0;
}

/** Whether both variants have a value, which thresholds and means are computed from. */
function isScored({ first, other }: CascadeSample): boolean {
  return first.value !== null && other.value !== null;
}

function meanOf(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

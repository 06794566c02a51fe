/** Scores of rows, `classes` for each. */
export interface ScoredRows {
  readonly scores: Float32Array;
  readonly classes: number;
}

/** The best class of a row with its probability at a temperature. */
export function bestClass(
  { scores, classes }: ScoredRows,
  row: number,
  temperature: number,
): { index: number; probability: number } {
  const at = row * classes;
  let index = 0;
  for (let k = 1; k < classes; k++) if (scores[at + k]! > scores[at + index]!) index = k;
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp((scores[at + k]! - scores[at + index]!) / temperature);
  return { index, probability: 1 / sum };
}

/**
 * Temperature that makes probabilities fit the labels of rows which the classifier was not fitted on: the least negative log-likelihood
 * (Guo et al. 2017), by golden-section search over its logarithm. 1 where there are no rows.
 */
export function fitTemperature(rows: ScoredRows, labels: Uint16Array): number {
  if (labels.length === 0) return 1;
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.05), Math.log(20)];
  while (high - low > 1e-4) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (meanLoss(rows, labels, Math.exp(a)) < meanLoss(rows, labels, Math.exp(b))) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

/** Mean negative log-likelihood of labels, in nats. */
export function meanLoss({ scores, classes }: ScoredRows, labels: Uint16Array, temperature: number): number {
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const at = row * classes;
    const own = scores[at + labels[row]!]!;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) most = Math.max(most, scores[at + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp((scores[at + k]! - most) / temperature);
    loss += Math.log(sum) - (own - most) / temperature;
  }
  return loss / labels.length;
}

/** A row with what the classifier says of it. */
export interface Judged {
  readonly probability: number;
  /** Whether the best class is right; false for a row of no class. */
  readonly right: boolean;
  /** Whether the row belongs to no class and should be rejected. */
  readonly outside: boolean;
}

/** A threshold with what it does on the rows that it was chosen by; a figure without rows is null. */
export interface RejectPoint {
  readonly threshold: number;
  /** Rows with a class whose class is right and not rejected, of all rows with a class. */
  readonly inScopeAccuracy: number | null;
  /** Rows of no class that are rejected, of all of them. */
  readonly outsideRecall: number | null;
  /** Right among the rows with a class that are not rejected. */
  readonly acceptedAccuracy: number | null;
  /** Rows with a class that are not rejected, of all of them. */
  readonly accepted: number | null;
}

/** What a threshold has to reach. */
export interface RejectGoal {
  /** With rows of no class: the share of them that is rejected. */
  readonly outsideRecall: number;
  /** Without: the share of right classes among what is accepted. */
  readonly acceptedAccuracy: number;
}

interface Counts {
  readonly inside: number;
  readonly outside: number;
  accepted: number;
  right: number;
  outsideKept: number;
}

const shareOf = (part: number, all: number): number | null => (all === 0 ? null : part / all);

function pointOf(threshold: number, counts: Counts): RejectPoint {
  const { inside, outside, accepted, right, outsideKept } = counts;
  return {
    threshold,
    inScopeAccuracy: shareOf(right, inside),
    outsideRecall: shareOf(outside - outsideKept, outside),
    acceptedAccuracy: shareOf(right, accepted),
    accepted: shareOf(accepted, inside),
  };
}

/** What a threshold does. */
export function atThreshold(rows: readonly Judged[], threshold: number): RejectPoint {
  const kept = rows.filter(({ probability }) => probability >= threshold);
  const inside = kept.filter(({ outside }) => !outside);
  const outside = rows.filter((row) => row.outside).length;
  return pointOf(threshold, {
    inside: rows.length - outside,
    outside,
    accepted: inside.length,
    right: inside.filter(({ right }) => right).length,
    outsideKept: kept.length - inside.length,
  });
}

/** Accepted rows that a goal of accuracy is judged by, at most; fewer say nothing of it. */
const mostNeeded = 100;

/**
 * The least threshold that reaches a goal on validation rows. An accuracy counts as reached by as many accepted rows as it takes for one
 * error to be allowed (20 for .95), 100 at most: a few lucky rows are no goal reached. Where no threshold reaches it, nothing is rejected.
 */
export function chooseThreshold(
  rows: readonly Judged[],
  goal: RejectGoal,
): RejectPoint & { readonly goalReached: boolean } {
  const rising = [...rows].sort((a, b) => a.probability - b.probability);
  const none = atThreshold(rows, 0);
  const outside = rows.filter((row) => row.outside).length;
  const inside = rows.length - outside;
  const counts: Counts = {
    inside,
    outside,
    accepted: inside,
    right: rows.filter((row) => row.right && !row.outside).length,
    outsideKept: outside,
  };
  const needed = Math.min(mostNeeded, Math.ceil(1 / Math.max(1e-9, 1 - goal.acceptedAccuracy)));
  const reached = (): boolean =>
    outside > 0
      ? (outside - counts.outsideKept) / outside >= goal.outsideRecall
      : counts.accepted >= needed && counts.right / counts.accepted >= goal.acceptedAccuracy;
  if (reached()) return { ...none, goalReached: true };
  for (const [index, row] of rising.entries()) {
    if (row.outside) counts.outsideKept--;
    else counts.accepted--;
    if (row.right && !row.outside) counts.right--;
    if (rising[index + 1]?.probability === row.probability || !reached()) continue;
    return { ...pointOf(nextAbove(row.probability), counts), goalReached: true };
  }
  return { ...none, goalReached: false };
}

/** A little above a probability, so that a row at the threshold itself is rejected. */
function nextAbove(value: number): number {
  return value + Math.max(Number.EPSILON, value * 1e-9);
}

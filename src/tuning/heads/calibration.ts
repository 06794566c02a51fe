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

/** A threshold with what it does on the rows that it was chosen by. */
export interface RejectPoint {
  readonly threshold: number;
  /** Rows with a class whose class is right and not rejected, of all rows with a class. */
  readonly inScopeAccuracy: number;
  /** Rows of no class that are rejected, of all of them; null where there are none. */
  readonly outsideRecall: number | null;
  /** Right among the rows with a class that are not rejected; null where all are. */
  readonly acceptedAccuracy: number | null;
  readonly accepted: number;
}

/** What a threshold does. */
export function atThreshold(rows: readonly Judged[], threshold: number): RejectPoint {
  const inside = rows.filter(({ outside }) => !outside);
  const outside = rows.filter((row) => row.outside);
  const accepted = inside.filter(({ probability }) => probability >= threshold);
  const right = accepted.filter((row) => row.right).length;
  return {
    threshold,
    inScopeAccuracy: inside.length === 0 ? 0 : right / inside.length,
    outsideRecall:
      outside.length === 0
        ? null
        : outside.filter(({ probability }) => probability < threshold).length / outside.length,
    acceptedAccuracy: accepted.length === 0 ? null : right / accepted.length,
    accepted: inside.length === 0 ? 0 : accepted.length / inside.length,
  };
}

/**
 * The least threshold that reaches a goal on validation rows: with rows of no class, the wanted share of them rejected; without, the wanted
 * accuracy among what is accepted. 0 (nothing is rejected) where the goal is reached without one, or cannot be judged.
 */
export function chooseThreshold(
  rows: readonly Judged[],
  goal: { readonly outsideRecall: number; readonly acceptedAccuracy: number },
): RejectPoint {
  const candidates = [0, ...new Set(rows.map(({ probability }) => nextAbove(probability)))].sort(
    (a, b) => a - b,
  );
  const hasOutside = rows.some(({ outside }) => outside);
  for (const threshold of candidates) {
    const point = atThreshold(rows, threshold);
    const reached = hasOutside
      ? (point.outsideRecall ?? 0) >= goal.outsideRecall
      : (point.acceptedAccuracy ?? 1) >= goal.acceptedAccuracy;
    if (reached) return point;
  }
  return atThreshold(rows, 0);
}

/** The smallest number of single precision above one, so that a row at the threshold itself is rejected. */
function nextAbove(value: number): number {
  return value + Math.max(Number.EPSILON, value * 1e-9);
}

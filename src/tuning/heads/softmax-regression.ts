import { minimise } from './lbfgs.ts';

/** Rows of vectors, one after the other. */
export interface VectorRows {
  readonly values: Float32Array;
  readonly dimensions: number;
  readonly rows: number;
}

/** Weights of a linear classifier: for each class `dimensions` weights and a bias. */
export interface LinearClassifier {
  readonly classes: number;
  readonly dimensions: number;
  /** `classes` columns for each of `dimensions` rows, then a row of biases. */
  readonly weights: Float32Array;
}

export interface FitOptions {
  /** Strength of the penalty on squared weights, as scikit-learn's 1 / C; biases are free. */
  readonly l2: number;
  readonly maxIterations?: number | undefined;
  readonly start?: LinearClassifier | undefined;
  readonly onIteration?: ((iteration: number, loss: number) => void) | undefined;
}

export interface Fit extends LinearClassifier {
  readonly iterations: number;
  readonly converged: boolean;
  /** Mean negative log-likelihood a row with its penalty, in nats. */
  readonly loss: number;
}

/** Rows that are computed together, so that their scores stay in the cache. */
const block = 64;

/**
 * Multinomial logistic regression with a squared penalty: the same optimum as scikit-learn's `LogisticRegression(C = 1 / l2)`, whose
 * objective is the sum over rows plus half the penalty.
 */
export function fitSoftmax(rows: VectorRows, labels: Uint16Array, classes: number, options: FitOptions): Fit {
  const { dimensions } = rows;
  const size = (dimensions + 1) * classes;
  const start = options.start ? Float64Array.from(options.start.weights) : new Float64Array(size);
  const weights = new Float32Array(size);
  const penalty = options.l2 / rows.rows;
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    weights.set(point);
    const loss = lossAndGradient(rows, labels, classes, weights, gradient);
    let squared = 0;
    for (let i = 0; i < dimensions * classes; i++) {
      squared += point[i]! * point[i]!;
      gradient[i]! += penalty * point[i]!;
    }
    return loss + (penalty / 2) * squared;
  };
  const { maxIterations = 150, onIteration } = options;
  const found = minimise(objective, start, { maxIterations, tolerance: 1e-4, onIteration });
  return {
    classes,
    dimensions,
    weights: Float32Array.from(found.point),
    iterations: found.iterations,
    converged: found.converged,
    loss: found.value,
  };
}

/** Mean loss a row; its gradient is written. */
function lossAndGradient(
  rows: VectorRows,
  labels: Uint16Array,
  classes: number,
  weights: Float32Array,
  gradient: Float64Array,
): number {
  const { values, dimensions } = rows;
  const sums = new Float32Array(gradient.length);
  const scores = new Float32Array(block * classes);
  let loss = 0;
  for (let first = 0; first < rows.rows; first += block) {
    const count = Math.min(block, rows.rows - first);
    score(values, first, count, dimensions, classes, weights, scores);
    for (let r = 0; r < count; r++) {
      loss += softmaxInPlace(scores, r * classes, classes, labels[first + r]!);
      scores[r * classes + labels[first + r]!]! -= 1;
    }
    accumulate(values, first, count, dimensions, classes, scores, sums);
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] = sums[i]! / rows.rows;
  return loss / rows.rows;
}

/** Scores of rows: their vectors times the weights, plus the biases. Four features at a time, so that each score is loaded less often. */
function score(
  values: Float32Array,
  first: number,
  count: number,
  dimensions: number,
  classes: number,
  weights: Float32Array,
  scores: Float32Array,
): void {
  const bias = dimensions * classes;
  for (let r = 0; r < count; r++) {
    const out = r * classes;
    for (let k = 0; k < classes; k++) scores[out + k] = weights[bias + k]!;
    const row = (first + r) * dimensions;
    let f = 0;
    for (; f + 4 <= dimensions; f += 4) {
      const x0 = values[row + f]!;
      const x1 = values[row + f + 1]!;
      const x2 = values[row + f + 2]!;
      const x3 = values[row + f + 3]!;
      const w = f * classes;
      for (let k = 0; k < classes; k++)
        scores[out + k]! +=
          x0 * weights[w + k]! +
          x1 * weights[w + classes + k]! +
          x2 * weights[w + 2 * classes + k]! +
          x3 * weights[w + 3 * classes + k]!;
    }
    for (; f < dimensions; f++) {
      const x = values[row + f]!;
      for (let k = 0; k < classes; k++) scores[out + k]! += x * weights[f * classes + k]!;
    }
  }
}

/** Adds the outer products of vectors and residuals; four rows at a time. */
function accumulate(
  values: Float32Array,
  first: number,
  count: number,
  dimensions: number,
  classes: number,
  residuals: Float32Array,
  sums: Float32Array,
): void {
  const bias = dimensions * classes;
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    const [a, b, c, d] = [r * classes, (r + 1) * classes, (r + 2) * classes, (r + 3) * classes];
    const row = (first + r) * dimensions;
    for (let f = 0; f < dimensions; f++) {
      const x0 = values[row + f]!;
      const x1 = values[row + dimensions + f]!;
      const x2 = values[row + 2 * dimensions + f]!;
      const x3 = values[row + 3 * dimensions + f]!;
      const w = f * classes;
      for (let k = 0; k < classes; k++)
        sums[w + k]! +=
          x0 * residuals[a + k]! + x1 * residuals[b + k]! + x2 * residuals[c + k]! + x3 * residuals[d + k]!;
    }
    for (let k = 0; k < classes; k++)
      sums[bias + k]! += residuals[a + k]! + residuals[b + k]! + residuals[c + k]! + residuals[d + k]!;
  }
  for (; r < count; r++) {
    const row = (first + r) * dimensions;
    for (let f = 0; f < dimensions; f++) {
      const x = values[row + f]!;
      for (let k = 0; k < classes; k++) sums[f * classes + k]! += x * residuals[r * classes + k]!;
    }
    for (let k = 0; k < classes; k++) sums[bias + k]! += residuals[r * classes + k]!;
  }
}

/** Turns scores into probabilities where they stand; returns the negative log-likelihood of the label. */
function softmaxInPlace(scores: Float32Array, at: number, classes: number, label: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) most = Math.max(most, scores[at + k]!);
  let sum = 0;
  const own = scores[at + label]!;
  for (let k = 0; k < classes; k++) {
    const value = Math.exp(scores[at + k]! - most);
    scores[at + k] = value;
    sum += value;
  }
  for (let k = 0; k < classes; k++) scores[at + k]! /= sum;
  return Math.log(sum) - (own - most);
}

/** Scores of every class for every row, one row after the other. */
export function classScores(classifier: LinearClassifier, rows: VectorRows): Float32Array {
  const scores = new Float32Array(rows.rows * classifier.classes);
  score(rows.values, 0, rows.rows, rows.dimensions, classifier.classes, classifier.weights, scores);
  return scores;
}

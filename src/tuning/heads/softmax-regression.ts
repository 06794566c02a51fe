import { minimise } from './lbfgs.ts';
import { softmaxGraph } from './softmax-graph.ts';

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

/** Rows of one pass through the graph, so that their scores take little memory. */
const block = 4096;

/**
 * Multinomial logistic regression with a squared penalty: the same optimum as scikit-learn's `LogisticRegression(C = 1 / l2)`, whose
 * objective is the sum over rows plus half the penalty. Matrices are multiplied by ONNX Runtime, on every core.
 */
export async function fitSoftmax(
  rows: VectorRows,
  labels: Uint16Array,
  classes: number,
  options: FitOptions,
): Promise<Fit> {
  const { dimensions } = rows;
  const { l2, start, maxIterations = 300, onIteration } = options;
  const features = dimensions * classes;
  const weights = new Float32Array(features + classes);
  const penalty = l2 / rows.rows;
  const pass = await createPass(rows, labels, classes, weights);
  const objective = async (point: Float64Array, gradient: Float64Array): Promise<number> => {
    weights.set(point);
    const loss = await pass.run(gradient);
    let squared = 0;
    for (let i = 0; i < features; i++) {
      squared += point[i]! * point[i]!;
      gradient[i]! += penalty * point[i]!;
    }
    return loss + (penalty / 2) * squared;
  };
  const from = start ? Float64Array.from(start.weights) : new Float64Array(weights.length);
  const found = await minimise(objective, from, { maxIterations, tolerance: 1e-4, onIteration }).finally(
    pass.release,
  );
  return {
    classes,
    dimensions,
    weights: Float32Array.from(found.point),
    iterations: found.iterations,
    converged: found.converged,
    loss: found.value,
  };
}

/** Passes over all rows with the weights as they are at that time. */
async function createPass(
  { values, dimensions, rows }: VectorRows,
  labels: Uint16Array,
  classes: number,
  weights: Float32Array,
): Promise<{ run(gradient: Float64Array): Promise<number>; release(): Promise<void> }> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(softmaxGraph, { logSeverityLevel: 3 });
  const features = dimensions * classes;
  const classifier = {
    weights: new Tensor('float32', weights.subarray(0, features), [dimensions, classes]),
    biases: new Tensor('float32', weights.subarray(features), [classes]),
  };
  const blocks = Array.from({ length: Math.ceil(rows / block) }, (_, index) => {
    const [first, end] = [index * block, Math.min(rows, (index + 1) * block)];
    const vectors = values.subarray(first * dimensions, end * dimensions);
    return {
      rows: new Tensor('float32', vectors, [end - first, dimensions]),
      labels: new Tensor('int64', BigInt64Array.from(labels.subarray(first, end), BigInt), [end - first]),
    };
  });
  return {
    /** Mean loss a row; its gradient is written. */
    async run(gradient) {
      let likelihood = 0;
      gradient.fill(0);
      for (const part of blocks) {
        const sums = await session.run({ ...part, ...classifier });
        for (const value of sums.likelihoods!.data as Float32Array) likelihood += value;
        add(gradient, sums.weightSums!.data as Float32Array, 0);
        add(gradient, sums.biasSums!.data as Float32Array, features);
      }
      for (let i = 0; i < gradient.length; i++) gradient[i]! /= rows;
      return -likelihood / rows;
    },
    release: () => session.release(),
  };
}

function add(sums: Float64Array, values: Float32Array, at: number): void {
  for (let i = 0; i < values.length; i++) sums[at + i]! += values[i]!;
}

/** Scores of every class for every row, one row after the other: its vector times the weights, plus the biases. */
export function classScores({ classes, weights }: LinearClassifier, rows: VectorRows): Float32Array {
  const { values, dimensions } = rows;
  const scores = new Float32Array(rows.rows * classes);
  const biases = weights.subarray(dimensions * classes);
  for (let row = 0; row < rows.rows; row++) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    own.set(biases);
    for (let f = 0; f < dimensions; f++) {
      const x = values[row * dimensions + f]!;
      const w = f * classes;
      for (let k = 0; k < classes; k++) own[k]! += x * weights[w + k]!;
    }
  }
  return scores;
}

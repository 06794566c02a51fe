import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { VectorRows } from './softmax-regression.ts';

/** Questions with the passage that answers each; row i belongs to row i. */
export interface QueryPairs {
  readonly queries: VectorRows;
  readonly passages: VectorRows;
}

export interface ProjectionOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Divides cosines before the softmax over the passages of a batch. */
  readonly temperature: number;
  /** Pulls the matrix back to the identity, so that few pairs change little. */
  readonly pull: number;
  readonly seed: number;
  readonly onEpoch?: ((epoch: number, loss: number) => void) | undefined;
}

export const projectionDefaults: Omit<ProjectionOptions, 'seed'> = {
  epochs: 20,
  batchSize: 64,
  learningRate: 0.003,
  temperature: 0.05,
  pull: 1e-3,
};

/**
 * A matrix for query vectors, so that projected queries lie nearer to their passages: the softmax over the passages of a batch
 * (InfoNCE, van den Oord et al. 2018) by Adam, begun at the identity. Passages are not changed, so that nothing is embedded anew.
 * @return rows of the matrix one after the other, `dimensions` squared.
 */
export function fitProjection({ queries, passages }: QueryPairs, options: ProjectionOptions): Float32Array {
  const { dimensions: d, rows: n } = queries;
  const matrix = identity(d);
  const gradient = new Float32Array(d * d);
  const first = new Float32Array(d * d);
  const second = new Float32Array(d * d);
  const order = Array.from({ length: n }, (_, index) => index);
  const random = xoroshiro128plus(options.seed);
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    for (let last = n - 1; last > 0; last--) {
      const other = Math.floor(uniformFloat64(random) * (last + 1));
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    let loss = 0;
    for (let at = 0; at < n; at += options.batchSize) {
      const batch = order.slice(at, at + options.batchSize);
      if (batch.length < 2) continue;
      gradient.fill(0);
      loss += batchGradient(matrix, batch, queries, passages, options.temperature, gradient) * batch.length;
      for (let i = 0; i < d * d; i++)
        gradient[i]! += options.pull * (matrix[i]! - (i % (d + 1) === 0 ? 1 : 0));
      adam(matrix, gradient, first, second, ++step, options.learningRate);
    }
    options.onEpoch?.(epoch, loss / n);
  }
  return matrix;
}

export function identity(dimensions: number): Float32Array {
  const matrix = new Float32Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) matrix[i * dimensions + i] = 1;
  return matrix;
}

/** A query vector times the matrix, at unit length. */
export function project(matrix: Float32Array, query: Float32Array): Float32Array {
  const d = query.length;
  const out = new Float32Array(d);
  for (let row = 0; row < d; row++) {
    let sum = 0;
    for (let column = 0; column < d; column++) sum += matrix[row * d + column]! * query[column]!;
    out[row] = sum;
  }
  return unit(out);
}

/** Share of questions whose own passage is the nearest of all passages given, before or after a projection. */
export function hitAtOne({ queries, passages }: QueryPairs, matrix: Float32Array | null): number {
  const { dimensions: d } = queries;
  let hits = 0;
  for (let i = 0; i < queries.rows; i++) {
    const raw = queries.values.subarray(i * d, (i + 1) * d);
    const query = matrix ? project(matrix, raw) : raw;
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < passages.rows; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += query[k]! * passages.values[j * d + k]!;
      if (sum > most) [most, best] = [sum, j];
    }
    if (best === i || isSame(passages, best, i)) hits++;
  }
  return queries.rows === 0 ? 0 : hits / queries.rows;
}

function batchGradient(
  matrix: Float32Array,
  batch: readonly number[],
  queries: VectorRows,
  passages: VectorRows,
  temperature: number,
  gradient: Float32Array,
): number {
  const d = queries.dimensions;
  let loss = 0;
  for (const own of batch) {
    const query = queries.values.subarray(own * d, (own + 1) * d);
    const raw = new Float32Array(d);
    for (let row = 0; row < d; row++) {
      let sum = 0;
      for (let column = 0; column < d; column++) sum += matrix[row * d + column]! * query[column]!;
      raw[row] = sum;
    }
    const length = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0)) || 1;
    const scores = batch.map((other) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += raw[k]! * passages.values[other * d + k]!;
      return sum / length / temperature;
    });
    const most = Math.max(...scores);
    const exponents = scores.map((value) => Math.exp(value - most));
    const total = exponents.reduce((sum, value) => sum + value, 0);
    const ownIndex = batch.indexOf(own);
    loss += Math.log(total) - (scores[ownIndex]! - most);
    // Gradient by the projected query of unit length, then through the division by its length.
    const direction = new Float32Array(d);
    for (const [index, other] of batch.entries()) {
      // The same passage twice in a batch is no wrong answer.
      if (index !== ownIndex && isSame(passages, other, own)) continue;
      const factor = (exponents[index]! / total - (index === ownIndex ? 1 : 0)) / temperature;
      for (let k = 0; k < d; k++) direction[k]! += factor * passages.values[other * d + k]!;
    }
    let along = 0;
    for (let k = 0; k < d; k++) along += (direction[k]! * raw[k]!) / length;
    for (let row = 0; row < d; row++) {
      const g = (direction[row]! - (along * raw[row]!) / length) / length / batch.length;
      for (let column = 0; column < d; column++) gradient[row * d + column]! += g * query[column]!;
    }
  }
  return loss / batch.length;
}

function isSame({ values, dimensions: d }: VectorRows, a: number, b: number): boolean {
  if (a === b) return true;
  for (let k = 0; k < d; k++) if (values[a * d + k] !== values[b * d + k]) return false;
  return true;
}

function adam(
  matrix: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  step: number,
  rate: number,
): void {
  const [a, b] = [0.9, 0.999];
  const scale = (rate * Math.sqrt(1 - b ** step)) / (1 - a ** step);
  for (let i = 0; i < matrix.length; i++) {
    const g = gradient[i]!;
    first[i] = a * first[i]! + (1 - a) * g;
    second[i] = b * second[i]! + (1 - b) * g * g;
    matrix[i]! -= (scale * first[i]!) / (Math.sqrt(second[i]!) + 1e-8);
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}

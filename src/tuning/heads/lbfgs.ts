/** A function with its gradient; the gradient is written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number | Promise<number>;

export interface LbfgsOptions {
  /** Pairs that approximate the curvature. */
  readonly memory?: number | undefined;
  readonly maxIterations?: number | undefined;
  /** Ends where no member of the gradient is larger. */
  readonly tolerance?: number | undefined;
  readonly onIteration?: ((iteration: number, value: number) => void) | undefined;
}

export interface LbfgsResult {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** False where it ended by the limit of iterations or found no better point. */
  readonly converged: boolean;
}

const sufficientDecrease = 1e-4;
const mostHalvings = 30;

/** Least point of a smooth convex function: limited-memory BFGS with a backtracking line search (Nocedal and Wright, algorithm 7.5). */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions = {},
): Promise<LbfgsResult> {
  const { memory = 10, maxIterations = 200, tolerance = 1e-5 } = options;
  const n = start.length;
  let point = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = await objective(point, gradient);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    if (largest(gradient) <= tolerance) return { point, value, iterations: iteration - 1, converged: true };
    const direction = descend(gradient, pairs);
    const slope = dot(direction, gradient);
    // The first step has no curvature to go by; its length is that of the gradient's unit.
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(n);
    const nextGradient = new Float64Array(n);
    let nextValue = Number.POSITIVE_INFINITY;
    let tries = 0;
    for (; tries < mostHalvings; tries++) {
      for (let i = 0; i < n; i++) next[i] = point[i]! + step * direction[i]!;
      nextValue = await objective(next, nextGradient);
      if (nextValue <= value + sufficientDecrease * step * slope) break;
      step /= 2;
    }
    if (tries === mostHalvings) return { point, value, iterations: iteration - 1, converged: false };
    const s = new Float64Array(n);
    const y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      s[i] = next[i]! - point[i]!;
      y[i] = nextGradient[i]! - gradient[i]!;
    }
    const curvature = dot(s, y);
    if (curvature > 1e-12) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
    }
    point = next;
    gradient = nextGradient;
    value = nextValue;
    options.onIteration?.(iteration, value);
  }
  return { point, value, iterations: maxIterations, converged: false };
}

function descend(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = Float64Array.from(gradient);
  const alphas: number[] = [];
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]!;
    const alpha = rho * dot(s, q);
    alphas[k] = alpha;
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  const last = pairs.at(-1);
  const scale = last ? dot(last.s, last.y) / dot(last.y, last.y) : 1;
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  for (const [k, { s, y, rho }] of pairs.entries()) {
    const beta = rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += (alphas[k]! - beta) * s[i]!;
  }
  for (let i = 0; i < q.length; i++) q[i]! = -q[i]!;
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

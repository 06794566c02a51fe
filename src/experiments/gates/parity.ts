import { type GateOutcome, notMeasured, shown } from './gate-outcome.ts';

/** A text scored by one runtime: its tokens, and the log-probability of each trained token by base and tuned model. */
export interface ScoredInRuntime {
  readonly ids: readonly number[];
  readonly end: number | null;
  readonly base: readonly number[];
  readonly tuned: readonly number[];
}

/** The same text in the runtime that trained and in the one that serves. */
export interface ScoredTwice {
  readonly id: string;
  readonly training: ScoredInRuntime;
  readonly serving: ScoredInRuntime;
}

/** Slope of what tuning changed, serving against training, between which a conversion counts as whole. */
export const paritySlope = { least: 0.95, most: 1.05 } as const;

/**
 * The residual may be as large as two independent errors of the size of the base's: tuned and base differ by one each. The factor on
 * the root mean square follows from adding their variances.
 */
export const residualFactor = Math.SQRT2;

/** Fewest trained tokens that a slope is read from. */
const fewestTokens = 50;

/**
 * Train/serve parity. Both runtimes must see the same tokens and the same end. Then, on identical teacher-forced completions, the change of
 * the log-probability of each trained token by tuning (tuned minus base) is regressed, serving on training, by least squares: a slope
 * beside 1 says that the adapter is applied too weakly or too strongly, a residual beyond the noise of the base (which both runtimes
 * score too) that something else was applied. Accuracy would not show either.
 */
export function judgeParity(rows: readonly ScoredTwice[]): GateOutcome {
  const gate = 'parity';
  const other = rows.filter(({ training, serving }) => training.ids.join() !== serving.ids.join());
  if (other.length > 0)
    return {
      gate,
      passed: false,
      detail: `${other.length} of ${rows.length} rows have other tokens in serving than in training, the first is "${other[0]!.id}".`,
      figures: { rows: rows.length, sameTokens: rows.length - other.length },
    };
  const ends = new Set(rows.flatMap(({ training, serving }) => [training.end, serving.end]));
  if (ends.size > 1)
    return {
      gate,
      passed: false,
      detail: `The end tokens differ: ${[...ends].join(' and ')}.`,
      figures: { rows: rows.length },
    };
  const x: number[] = [];
  const y: number[] = [];
  const noise: number[] = [];
  for (const { training, serving } of rows)
    for (const [index, base] of training.base.entries()) {
      x.push(training.tuned[index]! - base);
      y.push(serving.tuned[index]! - serving.base[index]!);
      noise.push(serving.base[index]! - base);
    }
  if (x.length < fewestTokens)
    return notMeasured(gate, `${x.length} trained tokens are too few; ${fewestTokens} are needed.`);
  const { slope, residual } = regress(x, y);
  const baseNoise = Math.sqrt(mean(noise.map((value) => value * value)));
  const limit = residualFactor * baseNoise;
  const slopeGood = slope >= paritySlope.least && slope <= paritySlope.most;
  const residualGood = residual <= limit;
  return {
    gate,
    passed: slopeGood && residualGood,
    detail: `Same tokens in ${rows.length} of ${rows.length} rows; tuned minus base, serving on training: slope ${shown(slope)} (${paritySlope.least} to ${paritySlope.most}), residual ${shown(residual)} nats a token (at most ${shown(limit)}, √2 times the base's ${shown(baseNoise)}), ${x.length} tokens.`,
    figures: { rows: rows.length, tokens: x.length, slope, residual, baseNoise, limit },
  };
}

function regress(x: readonly number[], y: readonly number[]): { slope: number; residual: number } {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [products, squares] = [0, 0];
  for (const [index, value] of x.entries()) {
    products += (value - meanX) * (y[index]! - meanY);
    squares += (value - meanX) ** 2;
  }
  const slope = squares === 0 ? Number.NaN : products / squares;
  const residuals = x.map((value, index) => y[index]! - meanY - slope * (value - meanX));
  return { slope, residual: Math.sqrt(mean(residuals.map((value) => value * value))) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

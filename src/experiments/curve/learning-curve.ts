import { clusterLayout, differenceInterval, meanIntervalOf } from '../../evaluation/index.ts';

/** Results of a model that was trained on a part of the rows: right or wrong on each test row. */
export interface CurveRun {
  /** Share of the training rows. */
  readonly share: number;
  readonly rows: number;
  readonly seed: number;
  /** 0 or 1 for each test row, in the same order in every run. */
  readonly right: readonly number[];
}

/** A point of the curve, over the seeds at that share. */
export interface CurvePoint {
  readonly share: number;
  readonly rows: number;
  readonly seeds: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Largest and least mean of a seed; how much the choice of rows alone moves it. */
  readonly spread: readonly [number, number];
}

export interface LearningCurve {
  readonly testRows: number;
  readonly points: readonly CurvePoint[];
  /** Gain of the last doubling on the same test rows, with its .95 interval by clusters. */
  readonly gain: {
    readonly from: number;
    readonly to: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
  };
  readonly verdict: 'more-rows' | 'plateau' | 'too-close-to-call';
  readonly sentence: string;
}

/** Gain of a doubling that is not worth its labels. */
const worthless = 0.02;
const tail = 0.025;

/**
 * What the last doubling of the rows brought. "More rows would help" where its interval lies above 0; "plateau" where it lies below what is worth
 * anything; else too close to call. The interval is over test rows; how much the choice of training rows moves a point is shown beside it.
 */
export function judgeCurve(runs: readonly CurveRun[], clusters: readonly string[]): LearningCurve {
  const layout = clusterLayout(clusters);
  const shares = [...new Set(runs.map(({ share }) => share))].sort((a, b) => a - b);
  const meanRight = (of: readonly CurveRun[]): number[] =>
    clusters.map((_, row) => of.reduce((sum, { right }) => sum + right[row]!, 0) / of.length);
  const points = shares.map((share): CurvePoint => {
    const own = runs.filter((run) => run.share === share);
    const means = own.map(({ right }) => right.reduce((sum, value) => sum + value, 0) / right.length);
    const { mean, low, high } = meanIntervalOf(meanRight(own), layout, tail, { low: 0, high: 1 });
    return {
      share,
      rows: own[0]!.rows,
      seeds: own.length,
      mean: mean!,
      low: low!,
      high: high!,
      spread: [Math.min(...means), Math.max(...means)],
    };
  });
  const [half, full] = [shares.at(-2)!, shares.at(-1)!];
  const [before, after] = [half, full].map((share) => meanRight(runs.filter((run) => run.share === share)));
  const gain = differenceInterval(
    after!.map((value, row) => value - before![row]!),
    layout,
    tail,
  );
  const verdict = gain.low > 0 ? 'more-rows' : gain.high < worthless ? 'plateau' : 'too-close-to-call';
  const figure = `${(100 * gain.difference).toFixed(1)} points [${(100 * gain.low).toFixed(1)}, ${(100 * gain.high).toFixed(1)}]`;
  const sentences = {
    'more-rows': `More rows would help: from ${half * 100} to ${full * 100} % of the rows brought ${figure}; another doubling may bring about as much or less.`,
    plateau: `Plateau: from ${half * 100} to ${full * 100} % of the rows brought ${figure}, less than ${100 * worthless} points. Look at labels, base and prompt instead.`,
    'too-close-to-call': `Too close to call: from ${half * 100} to ${full * 100} % of the rows brought ${figure}. A larger test would tell.`,
  };
  return {
    testRows: clusters.length,
    points,
    gain: { from: half, to: full, ...gain },
    verdict,
    sentence: sentences[verdict],
  };
}

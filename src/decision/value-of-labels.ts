import type { LabelStratum } from './label-strata.ts';
import { normal } from './normal-draws.ts';

/** What more labels are worth. */
export interface LabelValue {
  readonly stratum: string;
  /** Share of the traffic that the stratum stands for. */
  readonly share: number;
  /** Samples of it that are scored now. */
  readonly n: number;
  /** More labels than this are not worth it. */
  readonly stopAt: number;
  /** Expected gain of that many, USD a month. */
  readonly usdPerMonth: number;
  /** Expected gain by number of labels. */
  readonly curve: readonly { readonly labels: number; readonly usdPerMonth: number }[];
}

/** How a month comes out: USD = fixed - volume * (cost + loss * (1 - quality)). */
export interface LabelValueOptions {
  readonly strata: readonly LabelStratum[];
  /** USD a month of each arm at the volume, in the order of the strata's means. */
  readonly monthlyUsd: readonly number[];
  /** Requests a month. */
  readonly volume: number;
  /** USD lost by a wrong answer. */
  readonly wrongUsd: number;
  /** USD for one label of all arms; without it labels stop where nine tenths of what they can bring is had. */
  readonly labelUsd?: number | undefined;
  /** Months over which a better choice pays; 12 by default. */
  readonly months?: number | undefined;
}

/** Numbers of labels that are looked at. */
export const labelCounts = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 150, 200, 300, 500, 800, 1200];

/** Share of the gain of all labels after which, without a price of a label, more are not asked for. */
const mostOfIt = 0.9;

/** Draws of the posterior means; the same ones for every count. */
const draws = 4000;

/**
 * Expected value of sample information by stratum (Raiffa & Schlaifer 1961), USD a month: how much better, in expectation, the
 * arm of least cost plus loss will be if it is chosen after m more labels of the stratum than if it is chosen now. The posterior of the
 * means is taken as normal with the measured, clustered covariance S / n; m more labels move the posterior mean with
 * covariance S m / (n (n + m)) (preposterior analysis). The most valuable stratum first.
 */
export function valueOfLabels(options: LabelValueOptions): LabelValue[] {
  const { strata, monthlyUsd, volume, wrongUsd, labelUsd, months = 12 } = options;
  const arms = monthlyUsd.length;
  const benefit = monthlyUsd.map((usd, arm) => {
    const quality = strata.reduce((sum, { share, means }) => sum + share * means[arm]!, 0);
    return -usd - volume * wrongUsd * (1 - quality);
  });
  return strata
    .map((stratum) => {
      const factor = factorOf(stratum.covariance.map((row) => row.map((value) => value * stratum.n)));
      const shocks = normal(draws, arms).map((draw) =>
        factor.map((row) => row.reduce((sum, value, index) => sum + value * draw[index]!, 0)),
      );
      const gain = (labels: number): number => {
        const scale =
          volume * wrongUsd * stratum.share * Math.sqrt(labels / (stratum.n * (stratum.n + labels)));
        return expectedGain(benefit, shocks, scale);
      };
      const curve = labelCounts.map((labels) => ({ labels, usdPerMonth: gain(labels) }));
      const stopAt = stopOf(curve, labelUsd, months);
      return {
        stratum: stratum.name,
        share: stratum.share,
        n: stratum.n,
        stopAt,
        usdPerMonth: curve.find(({ labels }) => labels === stopAt)?.usdPerMonth ?? 0,
        curve,
      };
    })
    .sort((a, b) => b.usdPerMonth - a.usdPerMonth);
}

/** E[max(benefit + scale * shock)] - max(benefit), never under 0. */
function expectedGain(
  benefit: readonly number[],
  shocks: readonly (readonly number[])[],
  scale: number,
): number {
  const best = Math.max(...benefit);
  const incumbent = benefit.indexOf(best);
  let sum = 0;
  for (const shock of shocks) {
    let most = Number.NEGATIVE_INFINITY;
    for (const [arm, value] of benefit.entries()) most = Math.max(most, value + scale * shock[arm]!);
    // Against the arm that would be chosen now, whose shock has mean 0: the same expectation with less noise.
    sum += most - benefit[incumbent]! - scale * shock[incumbent]!;
  }
  // What is left of rounding where nothing can change is nothing.
  const gain = sum / shocks.length;
  return gain < 1e-9 * Math.abs(best) ? 0 : gain;
}

function stopOf(curve: LabelValue['curve'], labelUsd: number | undefined, months: number): number {
  const all = curve.at(-1)?.usdPerMonth ?? 0;
  if (all <= 0) return 0;
  if (labelUsd === undefined)
    return curve.find(({ usdPerMonth }) => usdPerMonth >= mostOfIt * all)?.labels ?? 0;
  const net = curve.map(({ labels, usdPerMonth }) => ({
    labels,
    usd: usdPerMonth * months - labels * labelUsd,
  }));
  const best = net.reduce((most, each) => (each.usd > most.usd ? each : most), { labels: 0, usd: 0 });
  return best.labels;
}

/** Lower triangular L with L L' = matrix (Cholesky); a direction without variance is 0. */
function factorOf(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const lower = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row]![column]!;
      for (let k = 0; k < column; k += 1) sum -= lower[row]![k]! * lower[column]![k]!;
      if (row === column) lower[row]![row] = Math.sqrt(Math.max(0, sum));
      else lower[row]![column] = lower[column]![column]! > 1e-12 ? sum / lower[column]![column]! : 0;
    }
  return lower;
}

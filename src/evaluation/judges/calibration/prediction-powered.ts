import { clusterLayout, clusterSums } from '../../statistics/cluster-layout.ts';
import { differenceInterval } from '../../statistics/difference-interval.ts';
import { tUpper } from '../../statistics/quantiles.ts';

/** Below it t has no bound that can be told from infinity. */
const fewestDegrees = 1e-3;

/** One sample that both variants answered. */
export interface PairedJudgement {
  /** The judge's difference, variant a minus variant b, in [-1, 1]. */
  readonly judged: number;
  /** The people's difference on the same answers; null where nobody labelled both. */
  readonly labelled: number | null;
  /** Probability with which this sample was chosen for labels, above 0. */
  readonly probability: number;
  readonly group: string;
}

/** The mean difference of two variants as people would see it. */
export interface PoweredDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Weight of the judge, 0 (it says nothing of the labels) to 1. */
  readonly weight: number;
  readonly samples: number;
  readonly labels: number;
  readonly clusters: number;
}

/**
 * Prediction-powered paired difference (Angelopoulos et al. 2023; with the weight of PPI++, Angelopoulos, Duchi & Zrnic 2023):
 * the mean of the judge's differences over all samples plus the inverse-probability weighted mean of labels minus judge over the
 * labelled ones. It holds whatever the judge's errors are, also where they differ between the variants; a good judge makes it
 * narrower. The interval is t with the jackknife over clusters and `degreesOfClusters`; where nothing varies it is that of the labels alone
 * (`differenceInterval`), which has a width. Null under two clusters or without a label.
 * @param alpha error of the two-sided interval.
 */
export function predictionPoweredDifference(
  samples: readonly PairedJudgement[],
  alpha = 0.05,
): PoweredDifference | null {
  const layout = clusterLayout(samples.map(({ group }) => group));
  const labels = samples.filter(({ labelled }) => labelled !== null).length;
  if (layout.count < 2 || labels === 0) return null;
  // Mean of own + weight * rest: `own` from the labels alone, `rest` of mean zero whatever the judge says.
  const own = samples.map(({ labelled, probability }) => (labelled === null ? 0 : labelled / probability));
  const rest = samples.map(
    ({ judged, labelled, probability }) => judged * (1 - (labelled === null ? 0 : 1 / probability)),
  );
  const spread = (values: readonly number[], others: readonly number[]): number => {
    const first = residuals(values);
    const second = residuals(others);
    return first.reduce((sum, value, cluster) => sum + value * second[cluster]!, 0);
  };
  const residuals = (values: readonly number[]): Float64Array => {
    const mean = values.reduce((sum, value) => sum + value, 0) / samples.length;
    return clusterSums(values, layout).map((sum, cluster) => sum - mean * layout.sizes[cluster]!);
  };
  const ofRest = spread(rest, rest);
  const weight = ofRest === 0 ? 0 : Math.min(1, Math.max(0, -spread(own, rest) / ofRest));
  const values = own.map((value, index) => value + weight * rest[index]!);
  const difference = values.reduce((sum, value) => sum + value, 0) / samples.length;
  const squares = residuals(values).reduce(
    (sum, value, cluster) => sum + (value / (samples.length - layout.sizes[cluster]!)) ** 2,
    0,
  );
  const deviation = Math.sqrt(((layout.count - 1) / layout.count) * squares);
  const reach = tUpper(alpha / 2, Math.max(layout.degrees, fewestDegrees)) * deviation;
  const { low, high } =
    deviation > 1e-12 ? { low: difference - reach, high: difference + reach } : ofLabels(samples, alpha / 2);
  return {
    difference,
    low: Math.max(-1, low),
    high: Math.min(1, high),
    weight,
    samples: samples.length,
    labels,
    clusters: layout.count,
  };
}

/** Interval of the labels alone, each counting by 1 over the probability with which it was chosen. */
function ofLabels(samples: readonly PairedJudgement[], tail: number): { low: number; high: number } {
  const kept = samples.filter(({ labelled }) => labelled !== null);
  const layout = clusterLayout(
    kept.map(({ group }) => group),
    kept.map(({ probability }) => 1 / probability),
  );
  return differenceInterval(
    kept.map(({ labelled }) => labelled ?? 0),
    layout,
    tail,
  );
}

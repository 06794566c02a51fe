/** Which sample belongs to which cluster, and how large the clusters are. */
export interface ClusterLayout {
  /** Number of samples. */
  readonly samples: number;
  /** Weight of every sample, scaled to sum to `samples`; null where all count the same. */
  readonly weights: Float64Array | null;
  /** Number of equally weighted samples that know a mean as precisely (Kish): `samples` without weights. */
  readonly effectiveSamples: number;
  /** Number of clusters. */
  readonly count: number;
  /** Cluster number of every sample, from 0. */
  readonly indexes: Int32Array;
  /** Samples of every cluster; with weights the sum of theirs. */
  readonly sizes: readonly number[];
  /** Size of the cluster that an average sample lives in: sum of squared sizes over samples (Kish). */
  readonly typicalSize: number;
  /** `samples / typicalSize`: equals `count` when all clusters are of one size, less otherwise. */
  readonly effectiveCount: number;
  /** Degrees of freedom of a variance between the clusters (`degreesOfClusters`). */
  readonly degrees: number;
}

/**
 * Degrees of freedom of a variance that is estimated between clusters. Satterthwaite's are n^2 / S2 - 1 where members of a cluster are
 * independent and S2^2 / S4 - 1 where they are all alike (n being the samples, Sk the sum of the k-th powers of the sizes; Bell &
 * McCaffrey 2002 have both as cases of one formula). How alike they are is not known, so this is the geometric mean of the two. For
 * clusters of one size it is their number - 1.
 */
export function degreesOfClusters(samples: number, squares: number, fourths: number): number {
  const independent = Math.max(0, (samples * samples) / squares - 1);
  const alike = Math.max(0, (squares * squares) / fourths - 1);
  return Math.sqrt(independent * alike);
}

/**
 * Numbers the clusters by first appearance.
 * @param clusters one name per sample.
 * @param weights one above 0 per sample, of any scale; all the same by default.
 */
export function clusterLayout(
  clusters: readonly string[],
  weights: readonly number[] | null = null,
): ClusterLayout {
  const samples = clusters.length;
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? samples;
  const scaled = weights && Float64Array.from(weights, (weight) => (weight * samples) / total);
  const numbers = new Map<string, number>();
  const sizes: number[] = [];
  const indexes = Int32Array.from(clusters, (cluster, sample) => {
    const size = scaled?.[sample] ?? 1;
    const known = numbers.get(cluster);
    if (known !== undefined) {
      sizes[known] = sizes[known]! + size;
      return known;
    }
    numbers.set(cluster, sizes.length);
    return sizes.push(size) - 1;
  });
  const squares = sizes.reduce((sum, size) => sum + size * size, 0);
  const fourths = sizes.reduce((sum, size) => sum + size ** 4, 0);
  const typicalSize = samples === 0 ? 0 : squares / samples;
  const weightSquares = scaled?.reduce((sum, weight) => sum + weight * weight, 0) ?? samples;
  return {
    samples,
    weights: scaled,
    effectiveSamples: samples === 0 ? 0 : (samples * samples) / weightSquares,
    count: sizes.length,
    indexes,
    sizes,
    typicalSize,
    effectiveCount: samples === 0 ? 0 : samples / typicalSize,
    degrees: samples === 0 ? 0 : degreesOfClusters(samples, squares, fourths),
  };
}

/** Sum of a value per sample over each cluster, weighted where there are weights. */
export function clusterSums(values: ArrayLike<number>, layout: ClusterLayout): Float64Array {
  const sums = new Float64Array(layout.count);
  for (let sample = 0; sample < layout.samples; sample += 1) {
    const cluster = layout.indexes[sample]!;
    sums[cluster] = sums[cluster]! + (layout.weights?.[sample] ?? 1) * values[sample]!;
  }
  return sums;
}

/** Mean over the samples, weighted where there are weights; NaN without samples. */
export function weightedMean(values: ArrayLike<number>, { samples, weights }: ClusterLayout): number {
  let sum = 0;
  for (let sample = 0; sample < samples; sample += 1) sum += (weights?.[sample] ?? 1) * values[sample]!;
  return sum / samples;
}

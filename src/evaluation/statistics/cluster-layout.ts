/** Which sample belongs to which cluster, and how large the clusters are. */
export interface ClusterLayout {
  /** Number of samples. */
  readonly samples: number;
  /** Number of clusters. */
  readonly count: number;
  /** Cluster number of every sample, from 0. */
  readonly indexes: Int32Array;
  readonly sizes: readonly number[];
  /** Size of the cluster that an average sample lives in: sum of squared sizes over samples (Kish). */
  readonly typicalSize: number;
  /** `samples / typicalSize`: equals `count` when all clusters are of one size, less otherwise. */
  readonly effectiveCount: number;
}

/** Numbers the clusters by first appearance. `clusters` holds one name per sample. */
export function clusterLayout(clusters: readonly string[]): ClusterLayout {
  const numbers = new Map<string, number>();
  const sizes: number[] = [];
  const indexes = Int32Array.from(clusters, (cluster) => {
    const known = numbers.get(cluster);
    if (known !== undefined) {
      sizes[known] = sizes[known]! + 1;
      return known;
    }
    numbers.set(cluster, sizes.length);
    return sizes.push(1) - 1;
  });
  const samples = clusters.length;
  const squares = sizes.reduce((sum, size) => sum + size * size, 0);
  const typicalSize = samples === 0 ? 0 : squares / samples;
  return {
    samples,
    count: sizes.length,
    indexes,
    sizes,
    typicalSize,
    effectiveCount: samples === 0 ? 0 : samples / typicalSize,
  };
}

/** Sum of a value per sample over each cluster. */
export function clusterSums(values: ArrayLike<number>, layout: ClusterLayout): Float64Array {
  const sums = new Float64Array(layout.count);
  for (let sample = 0; sample < layout.samples; sample += 1) {
    const cluster = layout.indexes[sample]!;
    sums[cluster] = sums[cluster]! + values[sample]!;
  }
  return sums;
}

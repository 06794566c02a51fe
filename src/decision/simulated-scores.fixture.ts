import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { type ScoreRow, warmGenerator } from '../evaluation/index.ts';

/** A world in which the truth about the variants is known. */
export interface World {
  readonly variants: number;
  readonly clusters: number;
  readonly clusterSize: number;
  /** Cluster sizes drawn from a geometric distribution with this mean instead of all alike. */
  readonly unequal?: boolean;
  /** A tenth of the clusters of 60 and the others of 2 instead. */
  readonly dominated?: boolean;
  /** Intra-cluster correlation of the joint outcome of all variants: 0 independent, 1 all samples of a cluster alike. */
  readonly icc: number;
  /**
   * `binary`: yes/no; `sparse`: in [0, 1], mostly alike for all variants; `dense`: in [0, 1], always different; `skewed`: dense, near 1
   * but for a long tail.
   */
  readonly kind: 'binary' | 'sparse' | 'dense' | 'skewed';
  /** Mean of a variant (not used by `dense` and `skewed`). */
  readonly mean: number;
  /** Share of samples on which two equally good variants differ (`binary`); sets how often `sparse` draws afresh. */
  readonly discordance: number;
  /** How much worse the last variant is, by mean. */
  readonly loss: number;
}

/** Rows of one data set drawn from a world; variants are `v0`, `v1`, … and the last one may be worse. */
export function drawRows(world: World, seed: number): ScoreRow[] {
  const generator = warmGenerator(seed);
  const uniform = (): number => uniformFloat64(generator);
  const copies = Math.sqrt(world.icc);
  const rows: ScoreRow[] = [];
  for (let cluster = 0; cluster < world.clusters; cluster += 1) {
    const shared = drawOutcome(world, uniform);
    const size = drawSize(world, cluster, uniform);
    for (let member = 0; member < size; member += 1) {
      const outcome = uniform() < copies ? shared : drawOutcome(world, uniform);
      for (const [variant, value] of outcome.entries())
        rows.push({
          sample: `s${cluster}-${member}`,
          variant: `v${variant}`,
          metric: 'correct',
          value,
          group: `g${cluster}`,
          costUsd: (world.variants - variant) / 1000,
        });
    }
  }
  return rows;
}

function drawSize(world: World, cluster: number, uniform: () => number): number {
  if (world.dominated) return cluster < world.clusters / 10 ? 60 : 2;
  if (!world.unequal) return world.clusterSize;
  return 1 + Math.floor(Math.log(1 - uniform()) / Math.log(1 - 1 / world.clusterSize));
}

function drawOutcome(world: World, uniform: () => number): number[] {
  const draw = drawValue(world, uniform);
  const fresh = freshShare(world);
  const values = Array.from({ length: world.variants }, () => draw(fresh));
  const last = world.variants - 1;
  if (world.loss > 0) {
    if (world.kind === 'dense' || world.kind === 'skewed') values[last] = values[last]! - world.loss;
    else if (uniform() < world.loss / world.mean) values[last] = 0;
  }
  return values;
}

/** Chance that a variant draws a value of its own instead of the common one. */
function freshShare({ kind, mean, discordance }: World): number {
  if (kind === 'dense' || kind === 'skewed') return 0;
  // Two variants differ when at least one draws afresh and the outcomes differ: (1 - (1-f)^2) 2p(1-p).
  return 1 - Math.sqrt(Math.max(0, 1 - discordance / (2 * mean * (1 - mean))));
}

function drawValue(world: World, uniform: () => number): (fresh: number) => number {
  const { kind, mean } = world;
  // A uniform on [2 mean - 1, 1] or [0, 2 mean] has that mean and stays inside [0, 1].
  const one = (): number => {
    if (kind === 'binary') return uniform() < mean ? 1 : 0;
    return mean > 0.5 ? 2 * mean - 1 + uniform() * (2 - 2 * mean) : uniform() * 2 * mean;
  };
  if (kind === 'dense') {
    const level = uniform();
    return () => 0.2 + 0.5 * level + 0.3 * uniform();
  }
  if (kind === 'skewed') return () => 1 - uniform() ** 6;
  const common = one();
  return (fresh) => (uniform() < fresh ? one() : common);
}

/** True mean of a variant that is not worse. */
export function trueMean(world: World): number {
  if (world.kind === 'skewed') return 6 / 7;
  return world.kind === 'dense' ? 0.6 : world.mean;
}

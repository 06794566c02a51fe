import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { alphaForLook, clusterLayout, normalUpper, warmGenerator } from '../evaluation/index.ts';
import { boundsOfHuman, type HumanScores } from './human-scores.ts';
import { type Latencies, speedTests } from './latency.ts';
import { qualifyVariants } from './qualification.ts';
import { boundsOfScores, type RuleBounds } from './rule-bounds.ts';

/** A world of yes/no scores whose arms lie where a rule is wrong most easily: on the bar, or a margin below the best. */
export interface AttackWorld {
  /** True means, the best one among them. */
  readonly means: readonly number[];
  readonly bar: number;
  readonly margin: number;
  readonly clusters: number;
  /** Samples of a cluster; with `unequal` the mean of a geometric distribution. */
  readonly size: number;
  readonly unequal?: boolean;
  /** Weights of the samples, over and over; the memory must then be left out. */
  readonly weights?: readonly number[];
  /** Parts of the variance of the latent quality of an answer: the cluster for all arms, the sample for all, the cluster for one arm. */
  readonly shared: { readonly cluster: number; readonly sample: number; readonly own: number };
  /** Labels of people on so many clusters at random; the scores are then wrong in favour of an arm by so much. */
  readonly human?: { readonly clusters: number; readonly bias: readonly number[] };
  /** Share of answers over the limit of latency, by arm. */
  readonly slow?: readonly number[];
}

/** What the rule said of one data set. */
interface Attacked {
  readonly qualified: readonly number[];
  readonly noneGoodEnough: boolean;
}

/** Answers by arm, what is seen of them and what is right, with the cluster of each sample. */
interface Answers {
  readonly seen: readonly (readonly number[])[];
  readonly right: readonly (readonly number[])[];
  readonly seconds: readonly (readonly number[])[];
  readonly groups: readonly string[];
}

/** Draws one data set with a Gaussian copula. */
function drawAnswers(world: AttackWorld, seed: number): Answers {
  const { means, human, slow } = world;
  const uniform = uniformOf(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const { cluster, sample, own } = world.shared;
  const rest = Math.sqrt(1 - cluster - sample - own);
  const seen: number[][] = means.map(() => []);
  const right: number[][] = means.map(() => []);
  const seconds: number[][] = means.map(() => []);
  const groups: string[] = [];
  const limits = means.map((mean) => -normalUpper(1 - mean));
  const biased = means.map((mean, arm) => -normalUpper(1 - mean - (human?.bias[arm] ?? 0)));
  for (let group = 0; group < world.clusters; group += 1) {
    const size = world.unequal
      ? 1 + Math.floor(Math.log(1 - uniform()) / Math.log(1 - 1 / world.size))
      : world.size;
    const ofCluster = Math.sqrt(cluster) * normal();
    const ofArm = means.map(() => Math.sqrt(own) * normal());
    for (let member = 0; member < size; member += 1) {
      groups.push(`g${group}`);
      const common = ofCluster + Math.sqrt(sample) * normal();
      for (const arm of means.keys()) {
        const latent = common + ofArm[arm]! + rest * normal();
        right[arm]!.push(latent > limits[arm]! ? 1 : 0);
        seen[arm]!.push(latent > biased[arm]! ? 1 : 0);
        if (slow) seconds[arm]!.push(uniform() < slow[arm]! ? 2 : 0.5);
      }
    }
  }
  return { seen, right, seconds, groups };
}

/** Draws one data set and lets the rule judge it. */
function attack(world: AttackWorld, seed: number, memory?: Map<string, number>): Attacked {
  const { means, bar, margin, human, slow } = world;
  const { seen, right, seconds, groups } = drawAnswers(world, seed);
  const names = means.map((_mean, arm) => `v${arm}`);
  const columns = new Map(names.map((name, arm) => [name, Float64Array.from(seen[arm]!)]));
  const { weights } = world;
  const layout = clusterLayout(
    groups,
    weights && groups.map((_group, index) => weights[index % weights.length]!),
  );
  const scores = {
    ...{ layout, groups, range: { low: 0, high: 1 }, worst: columns, best: columns },
    samples: groups.map((_group, index) => `s${index}`),
    errors: new Map(names.map((name) => [name, 0])),
  };
  const labels = human && labelsOf(names, right, groups, human.clusters);
  const plain = labels ? boundsOfHuman(scores, labels) : boundsOfScores(scores);
  const bounds = memory && !labels && world.size === 1 ? remembered(plain, columns, memory) : plain;
  const times = new Map(
    names.map((name, arm): [string, Latencies] => [name, { seconds: seconds[arm]!, layout }]),
  );
  const found = qualifyVariants(names, bounds, {
    ...{ bar, margin, alpha: alphaForLook(0.05, 1) },
    ...(slow ? { speed: speedTests(times, 1) } : {}),
  });
  return {
    qualified: found.qualified.map((name) => names.indexOf(name)),
    noneGoodEnough: found.noneGoodEnough,
  };
}

function uniformOf(seed: number): () => number {
  const generator = warmGenerator(seed);
  return () => uniformFloat64(generator);
}

/** The clusters are exchangeable, so the first ones are a random subsample. */
function labelsOf(
  names: readonly string[],
  right: readonly (readonly number[])[],
  groups: readonly string[],
  clusters: number,
): HumanScores {
  const chosen = groups.map((group) => Number(group.slice(1)) < clusters);
  return {
    labelled: new Map(
      names.map((name, arm) => [name, right[arm]!.map((value, at) => (chosen[at] ? value : null))]),
    ),
    n: chosen.filter(Boolean).length,
    clusters,
    enough: true,
  };
}

/** Bounds of independent yes/no scores depend on counts alone. */
function remembered(
  bounds: RuleBounds,
  columns: ReadonlyMap<string, Float64Array>,
  memory: Map<string, number>,
): RuleBounds {
  const once = (key: string, compute: () => number): number => {
    const value = memory.get(key) ?? compute();
    memory.set(key, value);
    return value;
  };
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const n = columns.get('v0')!.length;
  const counts = new Map([...columns].map(([name, values]) => [name, total(values)]));
  return {
    ...bounds,
    meanLow: (variant, tail) =>
      once(`low ${n} ${tail} ${counts.get(variant)}`, () => bounds.meanLow(variant, tail)),
    meanHigh: (variant, tail) =>
      once(`high ${n} ${tail} ${counts.get(variant)}`, () => bounds.meanHigh(variant, tail)),
    differenceLow(variant, against, tail) {
      const [mine, theirs] = [columns.get(variant)!, columns.get(against)!];
      const both = mine.reduce((sum, value, at) => sum + value * theirs[at]!, 0);
      const [gains, losses] = [counts.get(variant)! - both, counts.get(against)! - both];
      return once(`difference ${n} ${tail} ${gains} ${losses}`, () =>
        bounds.differenceLow(variant, against, tail),
      );
    },
  };
}

/** Arms that are not good: at or under the bar, too slow, or worse by the margin or more than the best of the good ones. */
function badArms({ means, bar, margin, slow }: AttackWorld): Set<number> {
  const stands = (arm: number): boolean => means[arm]! > bar + 1e-9 && (slow?.[arm] ?? 0) <= 0.05 + 1e-9;
  const best = Math.max(...means.filter((_mean, arm) => stands(arm)));
  return new Set([...means.keys()].filter((arm) => !stands(arm) || means[arm]! <= best - margin + 1e-9));
}

/**
 * Shares of data sets in which the advice holds anything untrue (not only of the arm that would be named), and in which a good arm qualifies.
 * @param memory bounds by counts, shared by worlds of one process.
 */
export function attackRate(
  world: AttackWorld,
  repetitions: number,
  memory?: Map<string, number>,
): { readonly wrong: number; readonly good: number } {
  const bad = badArms(world);
  const allBad = bad.size === world.means.length;
  let wrong = 0;
  let good = 0;
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const { qualified, noneGoodEnough } = attack(world, seed, memory);
    if (qualified.some((arm) => bad.has(arm)) || (noneGoodEnough && !allBad)) wrong += 1;
    if (qualified.some((arm) => !bad.has(arm))) good += 1;
  }
  return { wrong: wrong / repetitions, good: good / repetitions };
}

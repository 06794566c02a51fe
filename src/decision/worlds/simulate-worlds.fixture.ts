import { alphaForLook, clusterLayout, fewestClusters } from '../../evaluation/index.ts';
import { boundsOfHuman, type HumanScores } from '../human-scores.ts';
import { qualifyVariants } from '../qualification.ts';
import { boundsOfScores, type RuleBounds, type RuleScores } from '../rule-bounds.ts';
import {
  type DecisionWorld,
  drawOutcomes,
  isTrulyWorse,
  type Outcomes,
  trueQuality,
  worldMargin,
} from './scripted-models.fixture.ts';

/** Shares of simulated data sets by what was decided. */
export interface WorldRates {
  /** The right arm was named; where none is good enough, that was said. */
  readonly right: number;
  /** An arm was named that is under the bar or worse by the margin or more, or all were refused although one is good. */
  readonly worse: number;
  /** A good arm that is dearer than the right one. */
  readonly dearer: number;
  readonly notEnough: number;
}

/** What the rule of `decide` says of one data set; the same as `decide`, without the intervals that are only shown. */
export function decideWorld(
  world: DecisionWorld,
  outcomes: Outcomes,
  memory: Map<string, number>,
): { named: string | null; noneGoodEnough: boolean } {
  const names = world.arms.map(({ name }) => name);
  const scores = scoresOf(names, outcomes);
  const human = labelsOf(names, outcomes);
  if (human && !human.enough) return { named: null, noneGoodEnough: false };
  const independent = (world.groupSize ?? 1) === 1;
  const bounds = human
    ? boundsOfHuman(scores, human)
    : independent
      ? remembered(scores, memory)
      : boundsOfScores(scores);
  const { qualified, noneGoodEnough } = qualifyVariants(names, bounds, {
    bar: world.bar,
    margin: worldMargin,
    alpha: alphaForLook(0.05, 1),
  });
  const cheapest = world.arms
    .filter(({ name }) => qualified.includes(name))
    .sort((a, b) => a.costUsd - b.costUsd)[0];
  return { named: cheapest?.name ?? null, noneGoodEnough };
}

function scoresOf(names: readonly string[], { seen, groups }: Outcomes): RuleScores {
  const filled = (missing: number): Map<string, Float64Array> =>
    new Map(
      names.map((name) => [name, seen.get(name)!.map((value) => (Number.isNaN(value) ? missing : value))]),
    );
  return {
    layout: clusterLayout(groups),
    samples: groups.map((_group, sample) => `s${sample}`),
    groups,
    range: { low: 0, high: 1 },
    worst: filled(0),
    best: filled(1),
    errors: new Map(names.map((name) => [name, seen.get(name)!.filter(Number.isNaN).length])),
  };
}

function labelsOf(names: readonly string[], { right, labelled, groups }: Outcomes): HumanScores | null {
  if (labelled.size === 0) return null;
  const clusters = new Set([...labelled].map((sample) => groups[sample])).size;
  return {
    labelled: new Map(
      names.map((name) => [
        name,
        [...right.get(name)!].map((value, sample) => (labelled.has(sample) ? value : null)),
      ]),
    ),
    n: labelled.size,
    clusters,
    enough: clusters >= fewestClusters,
  };
}

/** Bounds of independent yes/no scores depend on counts alone; each is computed once over all data sets. */
function remembered(scores: RuleScores, memory: Map<string, number>): RuleBounds {
  const bounds = boundsOfScores(scores);
  const once = (key: string, compute: () => number): number => {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const value = compute();
    memory.set(key, value);
    return value;
  };
  const countOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const n = scores.layout.samples;
  return {
    meanLow: (variant, tail) =>
      once(`low ${tail} ${n} ${countOf(scores.worst.get(variant)!)}`, () => bounds.meanLow(variant, tail)),
    meanHigh: (variant, tail) =>
      once(`high ${tail} ${n} ${countOf(scores.best.get(variant)!)}`, () => bounds.meanHigh(variant, tail)),
    mean: bounds.mean,
    difference: bounds.difference,
    differenceLow(variant, against, tail) {
      const other = scores.best.get(against)!;
      let gains = 0;
      let losses = 0;
      for (const [sample, value] of scores.worst.get(variant)!.entries()) {
        if (value > other[sample]!) gains += 1;
        if (value < other[sample]!) losses += 1;
      }
      return once(`difference ${tail} ${n} ${gains} ${losses}`, () =>
        bounds.differenceLow(variant, against, tail),
      );
    },
  };
}

/**
 * Draws data sets with seeds 1, 2, … of a world and decides each.
 * @param memory bounds by counts, to be shared by all worlds of one process.
 */
export function simulateWorld(
  world: DecisionWorld,
  repetitions: number,
  memory: Map<string, number>,
): WorldRates {
  const goodExists = world.arms.some((arm) => trueQuality(world, arm) > world.bar);
  let right = 0;
  let worse = 0;
  let dearer = 0;
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const { named, noneGoodEnough } = decideWorld(world, drawOutcomes(world, seed), memory);
    if (named === null) {
      if (noneGoodEnough && goodExists) worse += 1;
      else if (noneGoodEnough && world.right === null) right += 1;
    } else if (named === world.right) right += 1;
    else if (isTrulyWorse(world, named)) worse += 1;
    else dearer += 1;
  }
  const share = (count: number): number => count / repetitions;
  return {
    right: share(right),
    worse: share(worse),
    dearer: share(dearer),
    notEnough: share(repetitions - right - worse - dearer),
  };
}

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ScoreRow } from '../../evaluation/index.ts';

/** A way to answer with known abilities. */
export interface ScriptedArm {
  readonly name: string;
  /** Share of the facts of the corpus that it has at hand, 0 to 1; the same facts for every arm of the same share. */
  readonly facts: number;
  /** Share of the forms of answer that it masters, likewise. */
  readonly form: number;
  /** Part of what it would get right that it spoils, such as a tuned model that is thrown off by passages. */
  readonly spoils?: number | undefined;
  /** Part of its wrong answers that end in an error, which leaves no score. */
  readonly errors?: number | undefined;
  /** Part of its wrong answers that the judge takes for right. */
  readonly flattered?: number | undefined;
  /** Part of its right answers that the gold does not know, or the label calls wrong. */
  readonly wronged?: number | undefined;
  readonly costUsd: number;
}

/** A world in which the truth about seven ways to answer is known, and what `decide` should say of it. */
export interface DecisionWorld {
  readonly arms: readonly ScriptedArm[];
  /** Share of the samples that need a fact of the corpus, and of those that need a learned form. */
  readonly knowledge: number;
  readonly behaviour: number;
  /** Share that nobody gets right. */
  readonly hard: number;
  /** Share of samples on which two equally able arms differ. */
  readonly discordance: number;
  readonly bar: number;
  readonly samples: number;
  /** Samples of a group share what they need and most of their luck; 1 by default. */
  readonly groupSize?: number | undefined;
  /** Samples that people label, drawn at random; 0 by default. */
  readonly labelled?: number | undefined;
  /** The arm to name; null where none is good enough. */
  readonly right: string | null;
}

export const worldMargin = 0.1;

/** True mean of an arm, as people would see it. */
export function trueQuality(world: DecisionWorld, arm: ScriptedArm): number {
  const noise = flipChance(world);
  const able =
    (1 - world.hard) *
    (1 - world.knowledge * (1 - arm.facts)) *
    (1 - world.behaviour * (1 - arm.form)) *
    (1 - (arm.spoils ?? 0));
  return able * (1 - noise) + (1 - able) * noise;
}

/** Whether naming an arm is an error: under the bar, or worse than the best by the margin or more. */
export function isTrulyWorse(world: DecisionWorld, name: string): boolean {
  const quality = (arm: ScriptedArm): number => trueQuality(world, arm);
  const own = quality(world.arms.find((arm) => arm.name === name)!);
  const best = Math.max(...world.arms.map(quality));
  return own <= world.bar + 1e-9 || own <= best - worldMargin + 1e-9;
}

/** What came of one data set, by arm and sample. */
export interface Outcomes {
  /** Score of the rule or judge: 0 or 1, NaN where the answer ended in an error. */
  readonly seen: ReadonlyMap<string, Float64Array>;
  /** What people say: 0 or 1. */
  readonly right: ReadonlyMap<string, Float64Array>;
  readonly labelled: ReadonlySet<number>;
  readonly groups: readonly string[];
}

export function drawOutcomes(world: DecisionWorld, seed: number): Outcomes {
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(generator);
  const noise = flipChance(world);
  const size = world.groupSize ?? 1;
  const labelled = chooseSome(world.samples, world.labelled ?? 0, uniform);
  const columns = (): Map<string, Float64Array> =>
    new Map(world.arms.map(({ name }) => [name, new Float64Array(world.samples)]));
  const [seen, right] = [columns(), columns()];
  let shared = drawNeeds(world, uniform);
  for (let sample = 0; sample < world.samples; sample += 1) {
    if (sample % size === 0) shared = drawNeeds(world, uniform);
    const needs = size > 1 && uniform() < 0.5 ? shared : drawNeeds(world, uniform);
    for (const arm of world.arms) {
      const able =
        !needs.hard &&
        !(needs.fact && needs.rank >= arm.facts) &&
        !(needs.form && needs.style >= arm.form) &&
        !(needs.spoil < (arm.spoils ?? 0));
      const answer = uniform() < noise ? !able : able;
      const failed = !answer && uniform() < (arm.errors ?? 0);
      const judged = answer ? uniform() >= (arm.wronged ?? 0) : uniform() < (arm.flattered ?? 0);
      right.get(arm.name)![sample] = answer ? 1 : 0;
      seen.get(arm.name)![sample] = failed ? Number.NaN : judged ? 1 : 0;
    }
  }
  const groups = Array.from({ length: world.samples }, (_, sample) => `g${Math.floor(sample / size)}`);
  return { seen, right, labelled, groups };
}

/** Score rows of one data set: `correct` of every arm and sample, `human` where people labelled, as a file would hold them. */
export function drawScores(world: DecisionWorld, seed: number): ScoreRow[] {
  const { seen, right, labelled, groups } = drawOutcomes(world, seed);
  return groups.flatMap((group, sample) =>
    world.arms.flatMap(({ name, costUsd }): ScoreRow[] => {
      const row = { sample: `s${sample}`, variant: name, group, costUsd };
      const value = seen.get(name)![sample]!;
      const score = Number.isNaN(value) ? { value: null, reason: 'error' } : { value };
      const label = { ...row, metric: 'human', value: right.get(name)![sample]! };
      return [{ ...row, metric: 'correct', ...score }, ...(labelled.has(sample) ? [label] : [])];
    }),
  );
}

interface Needs {
  readonly fact: boolean;
  readonly form: boolean;
  readonly hard: boolean;
  readonly rank: number;
  readonly style: number;
  readonly spoil: number;
}

function drawNeeds(world: DecisionWorld, uniform: () => number): Needs {
  return {
    fact: uniform() < world.knowledge,
    form: uniform() < world.behaviour,
    hard: uniform() < world.hard,
    rank: uniform(),
    style: uniform(),
    spoil: uniform(),
  };
}

/** Chance that an answer comes out otherwise than the arm is able to: two equal arms then differ as often as stated. */
function flipChance({ discordance }: DecisionWorld): number {
  return (1 - Math.sqrt(1 - 2 * discordance)) / 2;
}

function chooseSome(count: number, wanted: number, uniform: () => number): Set<number> {
  const chosen = new Set<number>();
  while (chosen.size < wanted) chosen.add(Math.floor(uniform() * count));
  return chosen;
}

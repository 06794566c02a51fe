import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { warmGenerator } from '../statistics/warm-generator.ts';
import type { ArmOutcome, AttributionArm, GoldPlace, SampleOutcome } from './sample-outcome.ts';

/** An outcome that is right or wrong and nothing else. */
export function armOutcomeOf(right: boolean, more: Partial<ArmOutcome> = {}): ArmOutcome {
  return { value: right ? 1 : 0, right, refused: false, error: null, inputTokens: 100, ...more };
}

/** Evidence that was before the reader, or lost on the way. */
export const goldAt: Readonly<Record<'context' | 'candidates' | 'nowhere' | 'outside', GoldPlace>> = {
  context: { marked: true, inCorpus: true, candidateRank: undefined, inContext: true },
  candidates: { marked: true, inCorpus: true, candidateRank: 9, inContext: false },
  nowhere: { marked: true, inCorpus: true, candidateRank: null, inContext: false },
  outside: { marked: true, inCorpus: false, candidateRank: undefined, inContext: false },
};

/** A sample with its base and arms, everything else without a finding. */
export function outcomeOf(
  sample: string,
  right: { base: boolean } & Partial<Record<AttributionArm, boolean>>,
  more: Partial<SampleOutcome> = {},
): SampleOutcome {
  const { base, ...arms } = right;
  return {
    sample,
    group: sample,
    answerable: true,
    base: armOutcomeOf(base),
    arms: Object.fromEntries(Object.entries(arms).map(([arm, value]) => [arm, armOutcomeOf(value)])),
    gold: goldAt.context,
    labelDoubt: null,
    formFault: null,
    ...more,
  };
}

/** A world in which the truth about failures is known. */
export interface PlantedWorld {
  readonly clusters: number;
  readonly clusterSize: number;
  /** Shares of samples: evidence not found; evidence read, but wrong among distractors; wrong whatever is shown. */
  readonly missed: number;
  readonly distracted: number;
  readonly hopeless: number;
  /** Chance that any answer comes out the other way round, independently each time. */
  readonly noise: number;
  /** Chance that a cluster is all of one sort. */
  readonly alike: number;
}

type Sort = 'missed' | 'distracted' | 'hopeless' | 'fine';

/** Whether each arm is right but for noise, by the sort of the sample. */
const rightBySort: Readonly<Record<Sort, Record<'base' | AttributionArm, boolean>>> = {
  missed: row(false, { 'gold-distractors': true, gold: true, 'gold-few-shot': true }),
  distracted: row(false, { gold: true, 'gold-few-shot': true }),
  hopeless: row(false, {}),
  fine: row(true, { 'gold-distractors': true, gold: true, 'gold-few-shot': true, placebo: true }),
};

function row(base: boolean, arms: Partial<Record<AttributionArm, boolean>>) {
  const wrong = {
    'no-context': false,
    'gold-distractors': false,
    gold: false,
    'gold-few-shot': false,
    placebo: false,
  };
  return { ...wrong, ...arms, base };
}

/** Outcomes of one data set drawn from a world. A placebo is the base drawn anew, and so is an arm that does nothing. */
export function drawOutcomes(world: PlantedWorld, seed: number): SampleOutcome[] {
  const generator = warmGenerator(seed);
  const uniform = (): number => uniformFloat64(generator);
  const drawSort = (): Sort => {
    const drawn = uniform();
    if (drawn < world.missed) return 'missed';
    if (drawn < world.missed + world.distracted) return 'distracted';
    return drawn < world.missed + world.distracted + world.hopeless ? 'hopeless' : 'fine';
  };
  return Array.from({ length: world.clusters }, (_, cluster) => {
    const common = uniform() < world.alike ? drawSort() : null;
    return Array.from({ length: world.clusterSize }, (_member, member) => {
      const sort = common ?? drawSort();
      const flip = (right: boolean): boolean => (uniform() < world.noise ? !right : right);
      const { base, ...arms } = rightBySort[sort];
      const drawn = Object.fromEntries(Object.entries(arms).map(([arm, right]) => [arm, flip(right)]));
      return outcomeOf(
        `s${cluster}-${member}`,
        { base: flip(base), ...drawn },
        { group: `g${cluster}`, gold: sort === 'missed' ? goldAt.nowhere : goldAt.context },
      );
    });
  }).flat();
}

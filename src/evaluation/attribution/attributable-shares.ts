import { clusterLayout } from '../statistics/cluster-layout.ts';
import { differenceInterval } from '../statistics/difference-interval.ts';
import { meanIntervalOf } from '../statistics/mean-interval.ts';
import { inferRange } from '../statistics/metric-range.ts';
import type { Interval, RemedyReport } from './attribution-report.ts';
import {
  type ArmOutcome,
  type AttributionArm,
  outcomeIn,
  type RemedyArm,
  remedyArms,
  type SampleOutcome,
} from './sample-outcome.ts';

/** Means, net differences and attributable shares of all arms, whose intervals all hold at once. */
export interface ArmStatistics {
  readonly scores: ReadonlyMap<'base' | AttributionArm, Interval>;
  readonly remedies: readonly RemedyReport[];
}

/** Statements made of one remedy: net difference, attributable share, attributable harm, headroom. */
const statementsPerRemedy = 4;

/**
 * Judges the arms on matched outcomes (every one has a score in the base and in each of `arms`). Selecting failures and
 * doing nothing "mends" some of them; so what a remedy mends is held against what a placebo mends among the same
 * failures. Clustered by group; the error is shared evenly over every interval (Bonferroni).
 */
export function judgeArms(
  matched: readonly SampleOutcome[],
  arms: readonly AttributionArm[],
  confidence: number,
): ArmStatistics {
  const given = remedyArms.filter((arm) => arms.includes(arm));
  const statements = 1 + arms.length + statementsPerRemedy * given.length;
  const tail = (1 - confidence) / statements / 2;
  const placebo = arms.includes('placebo');
  const groups = matched.map(({ group }) => group);
  const layout = clusterLayout(groups);
  const valuesOf = (arm: 'base' | AttributionArm): number[] =>
    matched.map((outcome) => matchedOutcome(outcome, arm).value ?? 0);
  const range = inferRange((['base', ...arms] as const).flatMap(valuesOf));
  const scores = (['base', ...arms] as const).flatMap((arm): ['base' | AttributionArm, Interval][] => {
    const { mean, low, high } = meanIntervalOf(valuesOf(arm), layout, tail, range);
    return mean === null || low === null || high === null ? [] : [[arm, { mean, low, high }]];
  });
  const base = valuesOf('base');
  const width = range.high - range.low;
  const remedies =
    matched.length === 0
      ? []
      : given.map((arm): RemedyReport => {
          const values = valuesOf(arm);
          const net = differenceInterval(
            values.map((value, index) => (value - (base[index] ?? 0)) / width),
            layout,
            tail,
          );
          return {
            arm,
            net: { mean: net.difference * width, low: net.low * width, high: net.high * width },
            ...flips(matched, arm, placebo),
            ...(placebo
              ? attribute(matched, arm, tail)
              : { attributable: null, attributableHarm: null, headroom: null }),
          };
        });
  return { scores: new Map(scores), remedies };
}

/** The outcome of an arm, which is there since the outcomes are matched. */
function matchedOutcome(outcome: SampleOutcome, arm: 'base' | AttributionArm): ArmOutcome {
  return outcomeIn(outcome, arm)!;
}

function flips(matched: readonly SampleOutcome[], arm: RemedyArm, placebo: boolean) {
  const wrong = matched.filter(({ base }) => !base.right);
  const right = matched.filter(({ base }) => base.right);
  const turned = (from: readonly SampleOutcome[], by: AttributionArm, to: boolean): number =>
    from.filter((outcome) => matchedOutcome(outcome, by).right === to).length;
  return {
    helped: turned(wrong, arm, true),
    harmed: turned(right, arm, false),
    helpedByPlacebo: placebo ? turned(wrong, 'placebo', true) : null,
    harmedByPlacebo: placebo ? turned(right, 'placebo', false) : null,
    wrongBefore: wrong.length,
    rightBefore: right.length,
  };
}

function attribute(matched: readonly SampleOutcome[], arm: RemedyArm, tail: number) {
  const wrong = matched.filter(({ base }) => !base.right);
  const right = matched.filter(({ base }) => base.right);
  return {
    attributable: gainOver(wrong, () => true, arm, 'placebo', tail),
    attributableHarm: negated(gainOver(right, () => true, arm, 'placebo', tail)),
    headroom: gainOver(matched, ({ base }) => !base.right, arm, 'placebo', tail),
  };
}

/**
 * Mean over `outcomes` of right under `arm` - right under `against`, counted where `where` holds and 0 elsewhere, with
 * its clustered interval; null for no outcome.
 */
export function gainOver(
  outcomes: readonly SampleOutcome[],
  where: (outcome: SampleOutcome) => boolean,
  arm: AttributionArm,
  against: AttributionArm,
  tail: number,
): Interval | null {
  if (outcomes.length === 0) return null;
  const gains = outcomes.map((outcome) =>
    where(outcome)
      ? Number(matchedOutcome(outcome, arm).right) - Number(matchedOutcome(outcome, against).right)
      : 0,
  );
  const layout = clusterLayout(outcomes.map(({ group }) => group));
  const { difference, low, high } = differenceInterval(gains, layout, tail);
  return { mean: difference, low, high };
}

function negated(interval: Interval | null): Interval | null {
  return interval && { mean: 0 - interval.mean, low: 0 - interval.high, high: 0 - interval.low };
}

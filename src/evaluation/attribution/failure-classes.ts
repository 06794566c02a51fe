import { meanInterval } from '../statistics/mean-interval.ts';
import { gainOver } from './attributable-shares.ts';
import type { AttributionReport, ClassReport, Interval } from './attribution-report.ts';
import {
  type ClassifiedFailure,
  classifyFailure,
  type FailureClass,
  failureClasses,
  hasFailed,
  suggestedRemedies,
} from './classify-failure.ts';
import { type AttributionArm, type SampleOutcome, stageOf } from './sample-outcome.ts';

/** Where a class is observed without looking at an arm, and which arm against which says what mending it gives. */
interface HeadroomTest {
  readonly where: (outcome: SampleOutcome) => boolean;
  readonly arm: AttributionArm;
  readonly against: AttributionArm;
}

const inContext = (outcome: SampleOutcome): boolean => stageOf(outcome.gold) === 'in-context';

/**
 * A class whose members were chosen by what an arm did would credit that arm with its luck; so headroom is taken where
 * the failure was seen before any arm was run, against what the placebo gains there.
 */
const headroomTests: Readonly<Partial<Record<FailureClass, HeadroomTest>>> = {
  'retrieval-miss': {
    where: ({ gold }) => stageOf(gold) === 'retrieval-miss',
    arm: 'gold-distractors',
    against: 'placebo',
  },
  'ranking-miss': {
    where: ({ gold }) => stageOf(gold) === 'ranking-miss',
    arm: 'gold-distractors',
    against: 'placebo',
  },
  abstained: {
    where: (outcome) => inContext(outcome) && outcome.base.refused,
    arm: 'gold',
    against: 'placebo',
  },
  distracted: {
    where: (outcome) => inContext(outcome) && !outcome.base.refused,
    arm: 'gold',
    against: 'placebo',
  },
  behaviour: { where: inContext, arm: 'gold-few-shot', against: 'gold' },
};

/** Intervals of one report of classes: a share for each, a headroom for those that are tested, the failed and the unsupported share. */
const statements = failureClasses.length + Object.keys(headroomTests).length + 2;

/** What is said of failures, one class at a time; all its intervals hold at once. */
export function judgeFailures(
  outcomes: readonly SampleOutcome[],
  matched: readonly SampleOutcome[],
  arms: readonly AttributionArm[],
  confidence: number,
): Pick<AttributionReport, 'failures' | 'classes' | 'unsupported' | 'failed'> {
  const level = 1 - (1 - confidence) / statements;
  const judged = outcomes.filter(
    (outcome) => hasFailed(outcome) || (outcome.answerable && outcome.base.right),
  );
  const failed = judged
    .filter(hasFailed)
    .map((outcome) => ({ outcome, classified: classifyFailure(outcome) }))
    .sort(
      (a, b) =>
        failureClasses.indexOf(a.classified.failure) - failureClasses.indexOf(b.classified.failure) ||
        (a.outcome.sample < b.outcome.sample ? -1 : 1),
    );
  return {
    failures: {
      count: failed.length,
      of: judged.length,
      share: shareOf(judged, hasFailed, level),
    },
    classes: failureClasses.map((failure) =>
      describeClass(failure, failed, judged.length, { matched, arms, level }),
    ),
    unsupported: unsupportedOf(judged, level),
    failed: failed.map(({ outcome, classified }) => ({
      sample: outcome.sample,
      ...classified,
      arms: Object.fromEntries(
        Object.entries(outcome.arms).map(([arm, { right }]) => [
          arm,
          right === null ? 'none' : right ? 'right' : 'wrong',
        ]),
      ),
    })),
  };
}

function describeClass(
  failure: FailureClass,
  failed: readonly { outcome: SampleOutcome; classified: ClassifiedFailure }[],
  judged: number,
  {
    matched,
    arms,
    level,
  }: { matched: readonly SampleOutcome[]; arms: readonly AttributionArm[]; level: number },
): ClassReport {
  const members = failed.filter(({ classified }) => classified.failure === failure);
  const reasons: Record<string, number> = {};
  for (const { classified } of members) reasons[classified.reason] = (reasons[classified.reason] ?? 0) + 1;
  const test = headroomTests[failure];
  const tested = test && [test.arm, test.against].every((arm) => arms.includes(arm));
  const headroom = tested
    ? gainOver(
        matched,
        (outcome) => hasFailed(outcome) && test.where(outcome),
        test.arm,
        test.against,
        (1 - level) / 2,
      )
    : null;
  return {
    failure,
    count: members.length,
    share: shareOf(failed, ({ classified }) => classified.failure === failure, level),
    ceiling: judged === 0 ? 0 : members.length / judged,
    headroom: headroom && test ? { ...headroom, arm: test.arm, against: test.against } : null,
    remedy: suggestedRemedies[failure],
    reasons,
  };
}

function unsupportedOf(judged: readonly SampleOutcome[], level: number): AttributionReport['unsupported'] {
  const right = judged.filter(
    (outcome) => !hasFailed(outcome) && outcome.gold.marked && outcome.gold.inContext !== null,
  );
  const isUnsupported = ({ gold }: SampleOutcome): boolean => gold.inContext === false;
  const found = right.filter(isUnsupported);
  return {
    count: found.length,
    of: right.length,
    share: shareOf(right, isUnsupported, level),
    rightWithoutContext: found.filter(({ arms }) => arms['no-context']?.right).length,
  };
}

/** Share of the items for which `holds`, with a clustered interval; null for no item. */
export function shareOf<Item extends { group: string } | { outcome: { group: string } }>(
  items: readonly Item[],
  holds: (item: Item) => boolean,
  confidence: number,
): Interval | null {
  const groups = items.map((item) => ('outcome' in item ? item.outcome.group : item.group));
  const values = items.map((item) => (holds(item) ? 1 : 0));
  const { mean, low, high } = meanInterval(values, groups, confidence);
  return mean === null || low === null || high === null ? null : { mean, low, high };
}

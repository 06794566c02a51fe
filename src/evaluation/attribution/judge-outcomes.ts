import {
  clustersSuffice,
  fewestClusters,
  fewestEffectiveClusters,
} from '../comparison/simultaneous-bounds.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';
import { judgeArms } from './attributable-shares.ts';
import type { AttributionReport, Placebo } from './attribution-report.ts';
import { judgeFailures, shareOf } from './failure-classes.ts';
import { type AttributionArm, attributionArms, outcomeIn, type SampleOutcome } from './sample-outcome.ts';

/** The arms of an attribution: what was run under which name, and why some were not. */
export type ArmRun =
  | { readonly arm: 'base' | AttributionArm; readonly variant: string; readonly run: string }
  | { readonly arm: AttributionArm; readonly variant: string; readonly absent: string };

/** What a report says beside what its outcomes say. */
export interface JudgeOptions {
  readonly outcomes: readonly SampleOutcome[];
  readonly arms: readonly ArmRun[];
  readonly dataset: string;
  readonly split: string | null;
  readonly variant: string;
  readonly metric: string;
  readonly rightFrom: number;
  readonly candidates: number | null;
  /** What the placebo does, where there is one; `shuffled` by default. */
  readonly placebo?: Placebo | undefined;
  /** Confidence of the intervals of one table together; .95 by default. */
  readonly confidence?: number | undefined;
  readonly notes?: readonly string[] | undefined;
}

/**
 * The whole report of an attribution, from what came of every sample in every arm; nothing is asked of a model. Arms
 * are compared on the answerable samples that have a score in all of them.
 */
export function judgeOutcomes(options: JudgeOptions): AttributionReport {
  const { outcomes, confidence = 0.95, arms, notes = [], placebo = 'shuffled', ...named } = options;
  const answerable = outcomes.filter((outcome) => outcome.answerable);
  const run = attributionArms.filter((name) => arms.some((arm) => arm.arm === name && 'run' in arm));
  const matched = answerable.filter((outcome) =>
    (['base', ...run] as const).every((arm) => (outcomeIn(outcome, arm)?.right ?? null) !== null),
  );
  const statistics = judgeArms(matched, run, confidence);
  const { count: clusters, effectiveCount: effectiveClusters } = clusterLayout(
    matched.map(({ group }) => group),
  );
  const { variant, rightFrom, ...rest } = named;
  return {
    ...rest,
    variant,
    rightFrom,
    confidence,
    samples: outcomes.length,
    answerable: answerable.length,
    matched: matched.length,
    clusters,
    effectiveClusters,
    placebo: run.includes('placebo') ? placebo : null,
    arms: arms.map((given) => {
      const wasRun = 'run' in given;
      const found = wasRun ? answerable.flatMap((outcome) => outcomeIn(outcome, given.arm) ?? []) : [];
      return {
        arm: given.arm,
        variant: given.variant,
        run: wasRun ? given.run : null,
        score: wasRun ? (statistics.scores.get(given.arm) ?? null) : null,
        unscored: wasRun ? answerable.length - found.filter(({ right }) => right !== null).length : 0,
        inputTokens:
          found.length === 0
            ? null
            : found.reduce((sum, { inputTokens }) => sum + inputTokens, 0) / found.length,
        absent: wasRun ? null : given.absent,
      };
    }),
    remedies: [...statistics.remedies],
    ...judgeFailures(outcomes, matched, run, confidence),
    unanswerable: refusals(outcomes, run, confidence),
    notes: [
      ...notes,
      ...warnings(options, run, {
        matched: matched.length,
        answerable: answerable.length,
        clusters,
        effectiveClusters,
      }),
    ],
  };
}

/** Of the questions that cannot be answered, how many each arm refused; the arm that must answer is left out. */
function refusals(
  outcomes: readonly SampleOutcome[],
  run: readonly AttributionArm[],
  confidence: number,
): AttributionReport['unanswerable'] {
  const unanswerable = outcomes.filter((outcome) => !outcome.answerable);
  const asked = (['base', ...run] as const).filter((arm) => arm !== 'no-context');
  return asked.flatMap((arm) => {
    const answered = unanswerable.filter((outcome) => outcomeIn(outcome, arm)?.error === null);
    const share = shareOf(
      answered,
      (outcome) => outcomeIn(outcome, arm)?.refused === true,
      1 - (1 - confidence) / asked.length,
    );
    const refused = answered.filter((outcome) => outcomeIn(outcome, arm)?.refused === true).length;
    return share === null ? [] : [{ arm, refused, of: answered.length, share }];
  });
}

function warnings(
  { outcomes }: JudgeOptions,
  run: readonly AttributionArm[],
  counts: { matched: number; answerable: number; clusters: number; effectiveClusters: number },
): string[] {
  const found: string[] = [];
  if (counts.clusters < fewestClusters)
    found.push(
      `Only ${counts.clusters} independent groups of samples; the intervals are rough under ${fewestClusters}, and nothing is called shown.`,
    );
  else if (!clustersSuffice({ count: counts.clusters, effectiveCount: counts.effectiveClusters }))
    found.push(
      `The groups are of very unequal size, worth about ${Math.floor(counts.effectiveClusters)} equal ones; under ${fewestEffectiveClusters} nothing is called shown.`,
    );
  if (!run.includes('placebo'))
    found.push(
      'Without a placebo arm what a remedy mends cannot be told from chance: no attributable share.',
    );
  if (counts.matched < counts.answerable)
    found.push(
      `${counts.answerable - counts.matched} of ${counts.answerable} answerable samples lack a score in some arm; arms are compared on the other ${counts.matched}.`,
    );
  const unmarked = outcomes.filter(({ answerable, gold }) => answerable && !gold.marked).length;
  if (unmarked > 0)
    found.push(`${unmarked} answerable samples name no evidence: where it was lost cannot be told for them.`);
  return found;
}

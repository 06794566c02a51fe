import { FulcrumError } from '../core/index.ts';
import {
  arrangeRows,
  type LookPlan,
  requireSettings,
  requireWithinScale,
  type ScoreRow,
} from '../evaluation/index.ts';
import { rolesOf } from './arm-roles.ts';
import type { Decision, VariantDecision } from './decision.ts';
import { type Costing, type DecisionCosts, decisionCosts } from './decision-costs.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { evidenceRows } from './evidence-rows.ts';
import { humanMetric } from './human-scores.ts';
import { labelStrata } from './label-strata.ts';
import { climbLadder, type LadderBasis, type LadderFacts } from './ladder.ts';
import { type Latencies, latenciesOf, latencyBounds, speedTests } from './latency.ts';
import { type MoneyMargin, marginOfMoney, netBounds } from './net-bounds.ts';
import { nextSteps } from './next-steps.ts';
import { lookAgainOf, notTestedOf, type OutlookFacts, risksOf } from './outlook.ts';
import { type Qualification, qualifyVariants, type Requirements } from './qualification.ts';
import type { RuleBounds } from './rule-bounds.ts';
import { tippingOf } from './tipping.ts';
import { type LabelValue, valueOfLabels } from './value-of-labels.ts';
import { waterfalls } from './waterfall.ts';

/** What is decided on, and what counts as good enough. */
export interface DecideOptions {
  /** Rows of the primary metric; those of the metric `human` correct them, those of `latency` say how long answers took. */
  readonly rows: readonly ScoreRow[];
  /** The primary metric, named before the run. */
  readonly metric: string;
  /** The mean must be shown to lie above it. */
  readonly bar: number;
  /** Largest loss against another variant that does not matter; .05 by default. Not used with `money`. */
  readonly margin?: number | undefined;
  /** The margin from money: differences are judged net of what differences in cost are worth. */
  readonly money?: MoneyMargin | undefined;
  /** Requests a month; 10,000 by default. */
  readonly volume?: number | undefined;
  /** Seconds within which 95 of 100 answers must be shown to come. */
  readonly maxP95?: number | undefined;
  /** Confidence of everything stated together, over all looks; .95 by default. */
  readonly confidence?: number | undefined;
  /** Which look at this comparison it is, from 1 (the default). */
  readonly look?: number | undefined;
  /** Looks declared before the first one; by default their number is open. */
  readonly plan?: LookPlan | null | undefined;
  /** Costs beside those of the answers: fixed, hosting, upfront. Without it a month costs what its answers cost. */
  readonly costing?: Costing | undefined;
  /** What labels are worth is computed where the cost of a wrong answer is known. */
  readonly labels?: LabelOptions | undefined;
  /** What is known of corpus, models and licences. */
  readonly facts?: (LadderFacts & OutlookFacts) | undefined;
  /** Hash of the seal that it is decided against. */
  readonly seal?: string | undefined;
  /** Ids that are handed through to the result. */
  readonly runs?: readonly string[] | undefined;
}

export interface LabelOptions {
  /** USD lost by a wrong answer. */
  readonly wrongUsd: number;
  /** USD for one label of all variants. */
  readonly labelUsd?: number | undefined;
}

/** A decision with the evidence it rests on, for reports. */
export interface ExplainedDecision {
  readonly decision: Decision;
  readonly evidence: Evidence;
  readonly confidence: number;
  readonly look: number;
}

/**
 * Names the cheapest variant that qualifies, by the cost of a month at the volume. A deployable variant qualifies when its mean is
 * shown to lie above the bar, it is shown to be worse than no other deployable variant by the margin or more, and, with a limit
 * of latency, 95 of 100 of its answers are shown to come in time (`qualifyVariants`).
 * `none-good-enough` when every deployable variant is shown not to lie above the bar or to be too slow; `not-enough-evidence` otherwise,
 * always under 30 clusters. Throws `run-mismatch` when no row has the metric, `usage` for settings out of range and
 * `decision-cost-unknown` where the margin comes from money and a cost is not known.
 */
export function decide(options: DecideOptions): Decision {
  return explainDecision(options).decision;
}

/** `decide` together with its evidence. */
export function explainDecision(options: DecideOptions): ExplainedDecision {
  const { rows, metric, bar, volume = 10_000, confidence = 0.95, look = 1 } = options;
  const margin = options.money ? marginOfMoney(options.money) : (options.margin ?? 0.05);
  requireSettings({ margin, confidence, look });
  requireLimits(bar, volume, options.maxP95);
  const evidence = gatherEvidence(rows, metric, { confidence, look, plan: options.plan });
  if (evidence.bounds) {
    requireWithinScale('bar', bar, evidence.bounds.range);
    if (!options.money) requireWithinScale('margin', margin, evidence.bounds.range);
  }
  const costs = decisionCosts(evidence.costs, volume, options.costing);
  const times = latenciesOf(rows);
  const rule = ruleOf(evidence, costs, volume, options.money);
  const speed = options.maxP95 === undefined ? undefined : speedTests(times, options.maxP95);
  const shown = qualification({ ...evidence, rule }, { bar, margin, speed });
  const variants = describeVariants(evidence, { costs, times, shown });
  const recommended = cheapest(variants);
  const basis = ladderBasis(evidence, costs, { ...options, margin });
  const ladder = basis ? climbLadder(basis) : [];
  const reached = {
    metric,
    margin,
    bar,
    volume,
    maxP95: options.maxP95 ?? null,
    money: options.money ? { ...options.money } : null,
    labelled: evidence.human?.n ?? null,
    variants,
    recommended,
    reason: reasonFor(recommended, shown),
  };
  const tipping = tippingOf(reached, evidence, {
    ...{ rule, shown, costing: options.costing },
    next: cheapest(variants.filter(({ variant }) => variant !== recommended)),
  });
  const named = recommended === null ? evidence.deployable : [recommended];
  return {
    decision: {
      ...reached,
      evidence: named.flatMap((variant) =>
        evidenceRows(variant, { evidence, shown, rule, times, ...reached }),
      ),
      ladder,
      waterfalls: basis ? waterfalls(basis) : [],
      next: nextSteps(reached, evidence, { rule, shown, costs }),
      labels: labelsOf(evidence, costs, options, volume).map((each) => ({
        ...each,
        curve: [...each.curve],
      })),
      risks: risksOf(recommended, options.facts ?? {}),
      notTested: notTestedOf(ladder),
      tipping,
      lookAgain: lookAgainOf(
        {
          recommended,
          volume,
          volumes: tipping
            .filter(({ parameter }) => parameter === 'volume')
            .map(({ direction, flipsAt }) => [direction, flipsAt]),
        },
        options.facts ?? {},
      ),
      seal: options.seal ?? null,
      runs: [...(options.runs ?? [])],
    },
    evidence,
    confidence,
    look,
  };
}

function requireLimits(bar: number, volume: number, maxP95: number | undefined): void {
  if (!Number.isFinite(bar))
    throw new FulcrumError('usage', { problem: `The bar must be a number; it is ${bar}.` });
  if (!(volume > 0 && Number.isFinite(volume)))
    throw new FulcrumError('usage', { problem: `The volume must be above 0; it is ${volume}.` });
  if (maxP95 !== undefined && !(maxP95 > 0 && Number.isFinite(maxP95)))
    throw new FulcrumError('usage', {
      problem: `The limit of latency must be above 0 seconds; it is ${maxP95}.`,
    });
}

function ruleOf(
  { rule, deployable, unmeasured }: Evidence,
  { now }: DecisionCosts,
  volume: number,
  money: MoneyMargin | undefined,
): RuleBounds | null {
  if (!rule || !money || unmeasured.length > 0) return rule;
  const perRequest = new Map(
    deployable.map((variant) => {
      const usd = now.get(variant) ?? null;
      return [variant, usd === null ? null : usd / volume];
    }),
  );
  return netBounds(rule, perRequest, money.wrongUsd);
}

/** The rule applied to evidence: nothing qualifies under 30 clusters, or while a deployable variant has no score. */
export function qualification(
  evidence: Evidence,
  requirements: Omit<Requirements, 'alpha'>,
): Qualification | null {
  if (!evidence.enough || !evidence.rule || evidence.unmeasured.length > 0) return null;
  const alpha = 1 - evidence.bounds!.confidenceOfLook;
  return qualifyVariants(evidence.deployable, evidence.rule, { ...requirements, alpha });
}

function describeVariants(
  evidence: Evidence,
  found: {
    costs: DecisionCosts;
    times: ReadonlyMap<string, Latencies>;
    shown: Qualification | null;
  },
): VariantDecision[] {
  const { costs, times, shown } = found;
  const tail = evidence.bounds?.tail ?? 0.025;
  return [...evidence.deployable, ...evidence.diagnostic].sort().map((variant): VariantDecision => {
    const mean = evidence.means.get(variant);
    const own = times.get(variant);
    const bounds = own && latencyBounds(own, tail);
    return {
      variant,
      deployable: evidence.deployable.includes(variant),
      n: mean?.n ?? 0,
      mean: mean?.mean ?? null,
      low: mean?.low ?? null,
      high: mean?.high ?? null,
      costPer1000Usd: evidence.costs.get(variant) ?? null,
      monthlyUsd: costs.now.get(variant) ?? null,
      monthlyUsdTenfold: costs.tenfold.get(variant) ?? null,
      perAcceptedUsd: finite(costs.perAccepted.get(variant) ?? null),
      p95: bounds ? { n: bounds.n, seconds: bounds.p95, low: bounds.low, high: bounds.high } : null,
      qualifies: shown?.qualified.includes(variant) ?? false,
    };
  });
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/**
 * The cheapest of those that qualify; equal costs go by the higher mean, then by name. One whose cost is not known is
 * named only when no other qualifies, since it cannot be called cheapest.
 */
function cheapest(variants: readonly VariantDecision[]): string | null {
  const qualified = variants.filter((variant) => variant.qualifies);
  const priced = qualified
    .filter((variant) => variant.monthlyUsd !== null)
    .sort(
      (a, b) =>
        a.monthlyUsd! - b.monthlyUsd! || (b.mean ?? 0) - (a.mean ?? 0) || (a.variant < b.variant ? -1 : 1),
    );
  if (priced[0]) return priced[0].variant;
  return qualified.length === 1 ? qualified[0]!.variant : null;
}

function reasonFor(recommended: string | null, shown: Qualification | null): Decision['reason'] {
  if (recommended !== null) return 'qualified';
  return shown?.noneGoodEnough ? 'none-good-enough' : 'not-enough-evidence';
}

function ladderBasis(
  { table, bounds, costs, human }: Evidence,
  { now }: DecisionCosts,
  { bar, margin, facts, rows: given }: DecideOptions & { margin: number },
): LadderBasis | null {
  if (!bounds) return null;
  const labels = given.filter(({ metric, value }) => metric === humanMetric && value !== null);
  const rows = [...table.rows.values()].flatMap((own) => [...own.values()]);
  return {
    table,
    labels: human && arrangeRows(labels, humanMetric),
    roles: rolesOf(rows, costs),
    bar,
    margin,
    alpha: 1 - bounds.confidenceOfLook,
    width: bounds.range.high - bounds.range.low,
    monthly: now,
    facts,
  };
}

function labelsOf(
  { deployable, unmeasured, bounds, table, human }: Evidence,
  { now }: DecisionCosts,
  { labels }: DecideOptions,
  volume: number,
): LabelValue[] {
  const arms = deployable.filter(
    (variant) => !unmeasured.includes(variant) && (now.get(variant) ?? null) !== null,
  );
  // The strata know the scores alone, which labels of people say are wrong.
  if (!labels || !bounds || human || arms.length < 2) return [];
  return valueOfLabels({
    ...labels,
    strata: labelStrata(table, arms, bounds.range),
    monthlyUsd: arms.map((variant) => now.get(variant)!),
    volume,
  });
}

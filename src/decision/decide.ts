import { FulcrumError } from '../core/index.ts';
import { type LookPlan, requireSettings, requireWithinScale, type ScoreRow } from '../evaluation/index.ts';
import { monthlyCost } from './cost.ts';
import type { Decision, VariantDecision } from './decision.ts';
import { differenceOf, type Evidence, gatherEvidence } from './evidence.ts';
import { nextSteps } from './next-steps.ts';

/** What is decided on, and what counts as good enough. */
export interface DecideOptions {
  readonly rows: readonly ScoreRow[];
  /** The primary metric, named before the run. */
  readonly metric: string;
  /** The mean must be shown to lie above it. */
  readonly bar: number;
  /** Largest loss against another variant that does not matter; .05 by default. */
  readonly margin?: number | undefined;
  /** Requests a month; 10,000 by default. */
  readonly volume?: number | undefined;
  /** Confidence of everything stated together, over all looks; .95 by default. */
  readonly confidence?: number | undefined;
  /** Which look at this comparison it is, from 1 (the default). */
  readonly look?: number | undefined;
  /** Looks declared before the first one; by default their number is open. */
  readonly plan?: LookPlan | null | undefined;
  /** Ids that are handed through to the result. */
  readonly runs?: readonly string[] | undefined;
}

/** A decision with the evidence it rests on, for reports. */
export interface ExplainedDecision {
  readonly decision: Decision;
  readonly evidence: Evidence;
  readonly confidence: number;
  readonly look: number;
}

/**
 * Names the cheapest variant that qualifies. A deployable variant qualifies when, with all bounds holding at once, its
 * mean is shown to lie above the bar and it is shown to be worse than no other deployable variant by the margin or more.
 * `none-good-enough` when every deployable variant is shown not to lie above the bar; `not-enough-evidence` otherwise,
 * always under 30 clusters. Throws `run-mismatch` when no row has the metric and `usage` for settings out of range.
 */
export function decide(options: DecideOptions): Decision {
  return explainDecision(options).decision;
}

/** `decide` together with its evidence. */
export function explainDecision(options: DecideOptions): ExplainedDecision {
  const { rows, metric, bar, margin = 0.05, volume = 10_000, confidence = 0.95, look = 1 } = options;
  requireSettings({ margin, confidence, look });
  if (!Number.isFinite(bar))
    throw new FulcrumError('usage', { problem: `The bar must be a number; it is ${bar}.` });
  if (!(volume > 0 && Number.isFinite(volume)))
    throw new FulcrumError('usage', { problem: `The volume must be above 0; it is ${volume}.` });
  const evidence = gatherEvidence(rows, metric, { confidence, look, plan: options.plan });
  if (evidence.bounds) {
    requireWithinScale('bar', bar, evidence.bounds.range);
    requireWithinScale('margin', margin, evidence.bounds.range);
  }
  const variants = [...evidence.deployable, ...evidence.diagnostic].sort().map((variant): VariantDecision => {
    const found = evidence.means.get(variant);
    const costPer1000Usd = evidence.costs.get(variant) ?? null;
    return {
      variant,
      deployable: evidence.deployable.includes(variant),
      n: found?.n ?? 0,
      mean: found?.mean ?? null,
      low: found?.low ?? null,
      high: found?.high ?? null,
      costPer1000Usd,
      monthlyUsd: monthlyCost(costPer1000Usd, volume),
      qualifies: qualifies(evidence, variant, bar, margin),
    };
  });
  const recommended = cheapest(variants);
  const judged = {
    metric,
    margin,
    bar,
    volume,
    variants,
    recommended,
    reason: reasonFor(recommended, variants, evidence, bar),
  };
  return {
    decision: { ...judged, next: nextSteps(judged, evidence), runs: [...(options.runs ?? [])] },
    evidence,
    confidence,
    look,
  };
}

/** Whether a variant is shown to be above the bar and worse than no other deployable one by the margin or more. */
export function qualifies(evidence: Evidence, variant: string, bar: number, margin: number): boolean {
  if (!evidence.enough || evidence.unmeasured.length > 0 || !evidence.deployable.includes(variant))
    return false;
  const mean = evidence.means.get(variant);
  if (!mean || mean.low <= bar) return false;
  return evidence.deployable.every((other) => {
    if (other === variant) return true;
    const difference = differenceOf(evidence, variant, other);
    return difference !== null && difference.low > -margin;
  });
}

/**
 * The cheapest of those that qualify; equal costs go by the higher mean, then by name. One whose cost is not known is
 * named only when no other qualifies, since it cannot be called cheapest.
 */
function cheapest(variants: readonly VariantDecision[]): string | null {
  const qualified = variants.filter((variant) => variant.qualifies);
  const priced = qualified
    .filter((variant) => variant.costPer1000Usd !== null)
    .sort(
      (a, b) =>
        a.costPer1000Usd! - b.costPer1000Usd! ||
        (b.mean ?? 0) - (a.mean ?? 0) ||
        (a.variant < b.variant ? -1 : 1),
    );
  if (priced[0]) return priced[0].variant;
  return qualified.length === 1 ? qualified[0]!.variant : null;
}

function reasonFor(
  recommended: string | null,
  variants: readonly VariantDecision[],
  evidence: Evidence,
  bar: number,
): Decision['reason'] {
  if (recommended !== null) return 'qualified';
  const deployable = variants.filter((variant) => variant.deployable);
  const refuted =
    evidence.enough &&
    deployable.length > 0 &&
    deployable.every((variant) => variant.high !== null && variant.high <= bar);
  return refuted ? 'none-good-enough' : 'not-enough-evidence';
}

import { FulcrumError, suggest } from '../../core/index.ts';
import type { ScoreRow } from '../score-row.ts';
import { inferRange, knownRange, type MetricRange } from '../statistics/metric-range.ts';
import { boundSpread, detectableDifference, samplesToSettle } from '../statistics/sample-size.ts';
import type { ArmCounts, Comparison, Verdict } from './comparison.ts';
import type { LookPlan } from './look-plan.ts';
import { arrangeRows, type MatchedScores, matchSamples } from './match-samples.ts';
import {
  clustersSuffice,
  fewestClusters,
  fewestEffectiveClusters,
  type PairBounds,
  type SimultaneousBounds,
  simultaneousBounds,
} from './simultaneous-bounds.ts';

/** What is compared, and how. */
export interface CompareOptions {
  readonly rows: readonly ScoreRow[];
  /** The primary metric, named before the run. */
  readonly metric: string;
  /** Largest difference that does not matter, in units of the metric, above 0. */
  readonly margin: number;
  /** Confidence of everything stated together, over all looks; .95 by default. */
  readonly confidence?: number | undefined;
  /** Which look at this comparison it is, from 1 (the default). */
  readonly look?: number | undefined;
  /** Looks declared before the first one; by default their number is open. */
  readonly plan?: LookPlan | null | undefined;
  /**
   * Confidence sequences, valid however often one looks, in place of looks: of the means of clusters, taken in the order in which
   * the rows first name them. Needs a metric in [0, 1] (or `range`) and samples of equal weight.
   */
  readonly sequential?: boolean | undefined;
  /** Compare every other variant with this one only; by default all pairs are compared. */
  readonly baseline?: string | undefined;
  /** False leaves `samplesNeeded` and `smallestDetectable` null, which take most of the time. */
  readonly planning?: boolean | undefined;
  /** Range of the metric; inferred by default: [0, 1] when all values lie in it. */
  readonly range?: MetricRange | undefined;
}

/**
 * Compares variants on the samples that all of them have a score for. Differences are paired and clustered by group, and all
 * intervals hold at once. Verdicts are read off the intervals and given from 30 clusters on.
 * Throws `run-mismatch` when there are fewer than two variants or no common sample, `variant-unknown` for the baseline,
 * `looks-spent`, and `usage` for a margin or confidence outside its range or for what confidence sequences cannot do.
 */
export function compareVariants(options: CompareOptions): Comparison {
  const { rows, metric, margin, confidence = 0.95, look = 1, baseline, sequential = false } = options;
  requireSettings({ margin, confidence, look });
  const table = arrangeRows(rows, metric);
  if (baseline !== undefined && !table.variants.includes(baseline))
    throw new FulcrumError('variant-unknown', {
      variant: baseline,
      suggestion: suggest(baseline, table.variants),
    });
  if (table.variants.length < 2)
    throw new FulcrumError('run-mismatch', {
      problem: `only one variant ("${table.variants[0]}") has scores.`,
      metric,
    });
  const matched = matchSamples(table, table.variants);
  if (matched.samples.length === 0)
    throw new FulcrumError('run-mismatch', { problem: nothingShared(matched), metric });
  const range = options.range ?? knownRange(metric);
  if (sequential) requireSequence(matched, range);
  const bounds = simultaneousBounds(matched, pairsOf(table.variants, baseline), {
    confidence,
    look,
    plan: options.plan,
    sequential,
    range,
  });
  requireWithinScale('margin', margin, bounds.range);
  return {
    metric,
    margin,
    confidence,
    look,
    plan: options.plan ?? null,
    sequential,
    confidenceOfLook: bounds.confidenceOfLook,
    n: matched.samples.length,
    clusters: bounds.layout.count,
    effectiveClusters: bounds.layout.effectiveCount,
    statements: bounds.statements,
    variants: bounds.means.map(({ variant, mean, low, high }) => ({
      variant,
      n: matched.samples.length,
      mean,
      low,
      high,
    })),
    comparisons: bounds.pairs.map((pair) => ({
      ...describePair(pair, bounds, margin),
      // What a sequence will need depends on when it is stopped; there is no plan to compute it from.
      ...(sequential || options.planning === false ? noPlan : planPair(pair, bounds, margin)),
    })),
    excluded: [...matched.arms],
    warnings: warnings(bounds, matched.arms),
  };
}

/** Why no sample is scored for all variants: one that has no score at all, or samples that do not meet. */
function nothingShared({ arms }: MatchedScores): string {
  const empty = arms.filter(({ scored }) => scored === 0).map(({ variant }) => `"${variant}"`);
  if (empty.length === 0) return 'no sample is scored for all of them.';
  return `${empty.join(', ')} ${empty.length === 1 ? 'has' : 'have'} no score at all; name the runs without ${empty.length === 1 ? 'it' : 'them'}.`;
}

/** Throws `usage` for a margin, confidence or look that has no meaning. */
export function requireSettings(settings: { margin: number; confidence: number; look: number }): void {
  const { margin, confidence, look } = settings;
  if (!(margin > 0 && Number.isFinite(margin)))
    throw new FulcrumError('usage', { problem: `The margin must be above 0; it is ${margin}.` });
  if (!(confidence > 0.5 && confidence < 1))
    throw new FulcrumError('usage', {
      problem: `The confidence must lie between .5 and 1; it is ${confidence}.`,
    });
  if (!(Number.isInteger(look) && look >= 1))
    throw new FulcrumError('usage', { problem: `The look must be a whole number from 1; it is ${look}.` });
}

/**
 * Throws `usage` for a margin of 1 or more, or a bar above 1, on scores from 0 to 1: every difference would be inside that margin
 * and no mean above that bar, whatever was measured. Points or per cent were meant.
 */
export function requireWithinScale(name: 'margin' | 'bar', value: number, { low, high }: MetricRange): void {
  if (low !== 0 || high !== 1 || value < 1 || (name === 'bar' && value === 1)) return;
  throw new FulcrumError('usage', {
    problem: `The ${name} is ${value}, and the scores lie between 0 and 1: write ${value} points as ${value / 100}.`,
  });
}

/** Throws `usage` for scores that confidence sequences do not hold for. */
function requireSequence(matched: MatchedScores, range: MetricRange | undefined): void {
  if (matched.weights)
    throw new FulcrumError('usage', { problem: 'Confidence sequences take samples of equal weight only.' });
  const unit = ({ low, high }: MetricRange): boolean => low === 0 && high === 1;
  if (!range && !unit(inferRange([...matched.values.values()].flat())))
    throw new FulcrumError('usage', {
      problem: 'Confidence sequences need a metric whose range is known beforehand: from 0 to 1.',
    });
}

/** All pairs in alphabetical order, or every variant against the baseline. */
export function pairsOf(variants: readonly string[], baseline?: string): [string, string][] {
  if (baseline !== undefined)
    return variants.filter((variant) => variant !== baseline).map((variant) => [variant, baseline]);
  return variants.flatMap((variant, index) =>
    variants.slice(index + 1).map((against): [string, string] => [variant, against]),
  );
}

/**
 * Verdict that an interval of a difference allows. "equivalent" (inside the margin on both sides) goes before "better" and
 * "worse": a difference that is real but does not matter is called equivalent.
 */
export function verdictOf(interval: { low: number; high: number }, margin: number): Verdict {
  if (interval.low > -margin && interval.high < margin) return 'equivalent';
  if (interval.low > 0) return 'better';
  if (interval.high < 0) return 'worse';
  return 'inconclusive';
}

type ComparedPair = Comparison['comparisons'][number];
type PairPlan = Pick<ComparedPair, 'samplesNeeded' | 'smallestDetectable'>;
const noPlan: PairPlan = { samplesNeeded: null, smallestDetectable: null };

function describePair(
  pair: PairBounds,
  { layout }: SimultaneousBounds,
  margin: number,
): Omit<ComparedPair, keyof PairPlan> {
  const differing = [...pair.scaled.keys()].filter((sample) => pair.scaled[sample] !== 0);
  return {
    variant: pair.variant,
    against: pair.against,
    difference: pair.difference,
    low: pair.low,
    high: pair.high,
    verdict: clustersSuffice(layout) ? verdictOf(pair, margin) : 'inconclusive',
    differingSamples: differing.length,
    differingClusters: new Set(differing.map((sample) => layout.indexes[sample])).size,
  };
}

function planPair(pair: PairBounds, bounds: SimultaneousBounds, margin: number): PairPlan {
  const { layout, range, tail } = bounds;
  const width = range.high - range.low;
  const spread = boundSpread(pair.scaled, layout, bounds.confidence);
  const detectable = detectableDifference(spread, layout.samples, tail);
  const { verdict } = describePair(pair, bounds, margin);
  return {
    samplesNeeded:
      verdict === 'inconclusive' ? samplesFor(samplesToSettle(spread, margin / width, tail), bounds) : null,
    smallestDetectable: detectable === null ? null : detectable * width,
  };
}

/** A planned number of samples, raised to what verdicts need (`clustersSuffice`) where groups stay as they are. */
export function samplesFor(planned: number | null, { layout }: SimultaneousBounds): number | null {
  if (planned === null) return null;
  const growth = Math.max(fewestClusters / layout.count, fewestEffectiveClusters / layout.effectiveCount);
  return Math.max(planned, Math.ceil(growth * layout.samples - 1e-9));
}

/** Sentences about what weakens a comparison: too few or very unequal clusters, samples left out. */
export function warnings(bounds: SimultaneousBounds, arms: readonly ArmCounts[]): string[] {
  const { count, effectiveCount, samples, sizes, weights } = bounds.layout;
  const found: string[] = [];
  const largest =
    weights === null && count < samples
      ? ` (by their "group"; the largest holds ${Math.max(...sizes)} of ${samples})`
      : '';
  if (count < fewestClusters)
    found.push(
      `Only ${count} independent groups of samples${largest}; verdicts need ${fewestClusters}. The intervals are rough.`,
    );
  else if (effectiveCount < fewestClusters)
    found.push(
      `The groups are of very unequal size: ${count} of them are worth about ${Math.floor(effectiveCount)} equal ones${effectiveCount < fewestEffectiveClusters ? `; verdicts need ${fewestEffectiveClusters}` : ''}.`,
    );
  for (const arm of arms) {
    const unscored = arm.samples - arm.scored;
    if (unscored === 0) continue;
    const reasons = [
      ...(arm.errors > 0 ? [arm.errors === 1 ? '1 error' : `${arm.errors} errors`] : []),
      ...Object.entries(arm.undefined).map(([reason, number]) => `${number} ${reason}`),
      ...(arm.missing > 0 ? [`${arm.missing} without a row`] : []),
    ];
    found.push(
      `${arm.variant}: ${unscored} of ${arm.samples} samples have no score (${reasons.join(', ')}). They are left out for all variants; if they are the hard ones, its mean is too high.`,
    );
  }
  return found;
}

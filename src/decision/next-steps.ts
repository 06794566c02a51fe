import {
  boundSpread,
  comparisonWarnings,
  fewestClusters,
  samplesFor,
  samplesToPassBar,
  samplesToSettle,
} from '../evaluation/index.ts';
import type { Decision } from './decision.ts';
import { differenceOf, type Evidence } from './evidence.ts';

type Judged = Omit<Decision, 'next' | 'runs'>;

/** What to do after a decision, one sentence each, the most useful first; warnings about the evidence come last. */
export function nextSteps(judged: Judged, evidence: Evidence): string[] {
  const steps = [...unmeasuredSteps(evidence), ...verdictSteps(judged, evidence)];
  const caveats = evidence.bounds ? comparisonWarnings(evidence.bounds, evidence.arms) : [];
  return [...steps, ...unknownCostSteps(judged), ...caveats];
}

function unmeasuredSteps(evidence: Evidence): string[] {
  if (evidence.deployable.length === 0)
    return ['Only diagnostic variants were measured: run at least one that can be deployed.'];
  return evidence.unmeasured.map(
    (variant) => `${variant} has no score at all: correct what fails and run it again, or leave it out.`,
  );
}

function verdictSteps(judged: Judged, evidence: Evidence): string[] {
  if (judged.recommended !== null && evidence.composite.includes(judged.recommended))
    return [
      `${judged.recommended} was put together from stored results with cross-fitted thresholds: add it as a variant ("fulcrum eval cascades" prints its config), run it, and decide again before deploying.`,
    ];
  if (judged.reason === 'qualified')
    return [`Deploy ${judged.recommended}; decide again when prices, volume or questions change.`];
  if (!evidence.bounds)
    return evidence.deployable.length > 1 && evidence.unmeasured.length === 0
      ? ['The variants have no scored sample in common: run them on the same samples.']
      : [];
  if (judged.reason === 'none-good-enough')
    return [
      `No deployable variant reaches ${judged.bar}: try a stronger model, better instructions or better retrieval, or lower the bar.`,
      ...ceilingSteps(judged),
    ];
  if (!evidence.enough)
    return [
      evidence.bounds.layout.count < fewestClusters
        ? `Measure at least ${fewestClusters} independent groups of samples; there are ${evidence.bounds.layout.count}.`
        : 'Measure more groups of samples: a few of them hold most of the samples.',
      ...ceilingSteps(judged),
    ];
  return [...openQuestions(judged, evidence), ...ceilingSteps(judged)];
}

/** For every variant that could still qualify: what is not yet shown, and how many samples would show it. */
function openQuestions(judged: Judged, evidence: Evidence): string[] {
  const bounds = evidence.bounds!;
  const width = bounds.range.high - bounds.range.low;
  const steps: string[] = [];
  for (const { variant, deployable, low, high } of judged.variants) {
    if (!deployable || low === null || high === null || high <= judged.bar) continue;
    if (low <= judged.bar) {
      const trials = bounds.means.find((mean) => mean.variant === variant)?.trialsPerSample ?? 0;
      const bar = (judged.bar - bounds.range.low) / width;
      const planned = samplesFor(samplesToPassBar(bar, judged.margin / width, trials, bounds.tail), bounds);
      steps.push(
        `${variant} is not shown to lie above ${judged.bar} (interval ${span(low, high)})${samplesClause(planned, bounds.layout.samples, `if its mean is ${judged.margin} above the bar`)}`,
      );
    }
    for (const other of evidence.deployable) {
      const difference = other === variant ? null : differenceOf(evidence, variant, other);
      if (!difference || difference.low > -judged.margin) continue;
      if (difference.high <= -judged.margin) {
        steps.push(
          `${variant} is worse than ${other} by more than ${judged.margin}: look at ${other} instead.`,
        );
        continue;
      }
      const planned = samplesFor(plannedFor(evidence, variant, other, judged.margin), bounds);
      steps.push(
        `${variant} may be worse than ${other} by ${judged.margin} or more (difference ${span(difference.low, difference.high)})${samplesClause(planned, bounds.layout.samples, 'if they are equally good')}`,
      );
    }
  }
  return steps;
}

function plannedFor(evidence: Evidence, variant: string, other: string, margin: number): number | null {
  const bounds = evidence.bounds!;
  const pair = bounds.pairs.find((found) =>
    [variant, other].every((name) => [found.variant, found.against].includes(name)),
  );
  if (!pair) return null;
  const spread = boundSpread(pair.scaled, bounds.layout, bounds.confidence);
  return samplesToSettle(spread, margin / (bounds.range.high - bounds.range.low), bounds.tail);
}

function samplesClause(planned: number | null, present: number, condition: string): string {
  if (planned === null) return ': no sample size in reach settles it at this margin.';
  if (planned <= present)
    return `: ${present} samples should have shown it ${condition}, so that is doubtful; more samples tell.`;
  return `: about ${planned} samples would show it ${condition} (there are ${present}).`;
}

/**
 * What a diagnostic variant that is given the gold evidence says about where to look. Only statements whose simultaneous
 * intervals bear them out; it names a place to look at, not a cause.
 */
function ceilingSteps(judged: Judged): string[] {
  const ceiling = judged.variants.find(({ variant, deployable }) => !deployable && variant === 'oracle');
  if (!ceiling || ceiling.low === null || ceiling.high === null) return [];
  const { low, high } = ceiling;
  const steps: string[] = [];
  if (high <= judged.bar)
    steps.push(
      `Even with the gold evidence given (oracle, ${span(low, high)}) the bar is not reached: look at the model and its instructions before retrieval.`,
    );
  const retrieving = judged.variants.filter(
    (variant) => variant.deployable && variant.high !== null && variant.high < low,
  );
  if (high > judged.bar && retrieving.length > 0)
    steps.push(
      `With the gold evidence given the score is ${span(low, high)} (oracle), clearly above ${retrieving.map(({ variant }) => variant).join(', ')}: look at retrieval and at the choice of evidence first.`,
    );
  return steps;
}

function unknownCostSteps(judged: Judged): string[] {
  const unknown = judged.variants.filter((variant) => variant.qualifies && variant.costPer1000Usd === null);
  const names = unknown.map(({ variant }) => variant).join(', ');
  if (unknown.length === 0) return [];
  if (judged.recommended === null)
    return [
      `${names} qualify but their costs are not known, so none can be called cheapest: enter their prices.`,
    ];
  if (unknown.some(({ variant }) => variant === judged.recommended))
    return [
      `The cost of ${judged.recommended} is not known; it is named because no other variant qualifies. Enter its price.`,
    ];
  return [
    `${names} would qualify too, but the cost is not known, so ${judged.recommended} is the cheapest of those with a price.`,
  ];
}

function span(low: number, high: number): string {
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
}

import {
  boundSpread,
  comparisonWarnings,
  fewestClusters,
  samplesFor,
  samplesToPassBar,
  samplesToSettle,
} from '../evaluation/index.ts';
import type { Decision } from './decision.ts';
import type { DecisionCosts } from './decision-costs.ts';
import type { Evidence } from './evidence.ts';
import type { Qualification } from './qualification.ts';
import type { RuleBounds } from './rule-bounds.ts';

type Judged = Pick<
  Decision,
  'metric' | 'margin' | 'bar' | 'volume' | 'maxP95' | 'variants' | 'recommended' | 'reason'
>;

/** What the rule went by. */
export interface RuleShown {
  readonly rule: RuleBounds | null;
  readonly shown: Qualification | null;
  readonly costs: DecisionCosts;
}

/** What to do after a decision, one sentence each, the most useful first; warnings about the evidence come last. */
export function nextSteps(judged: Judged, evidence: Evidence, found: RuleShown): string[] {
  const steps = [...unmeasuredSteps(evidence), ...verdictSteps(judged, evidence, found)];
  const caveats = evidence.bounds ? comparisonWarnings(evidence.bounds, evidence.arms) : [];
  return [
    ...steps,
    ...unknownCostSteps(judged, found.costs),
    ...errorSteps(evidence),
    ...humanSteps(evidence),
    ...caveats,
  ];
}

function unmeasuredSteps(evidence: Evidence): string[] {
  if (evidence.deployable.length === 0)
    return ['Only diagnostic variants were measured: run at least one that can be deployed.'];
  return evidence.unmeasured.map(
    (variant) => `${variant} has no score at all: correct what fails and run it again, or leave it out.`,
  );
}

function verdictSteps(judged: Judged, evidence: Evidence, found: RuleShown): string[] {
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
        : evidence.human && !evidence.human.enough
          ? `Have people label more answers of all variants: at least ${fewestClusters} groups of samples drawn at random; there are ${evidence.human.clusters}.`
          : 'Measure more groups of samples: a few of them hold most of the samples.',
      ...ceilingSteps(judged),
    ];
  return [...openQuestions(judged, evidence, found), ...speedSteps(judged), ...ceilingSteps(judged)];
}

/** For every variant that could still qualify: what is not yet shown, and how many samples would show it. */
function openQuestions(judged: Judged, evidence: Evidence, { rule, shown }: RuleShown): string[] {
  const bounds = evidence.bounds!;
  if (!rule || !shown) return [];
  const { tail } = shown;
  const width = bounds.range.high - bounds.range.low;
  const steps: string[] = [];
  for (const { variant, deployable, low, high } of judged.variants) {
    if (!deployable || low === null || high === null || high <= judged.bar) continue;
    if (rule.meanLow(variant, tail) <= judged.bar) {
      const trials = bounds.means.find((mean) => mean.variant === variant)?.trialsPerSample ?? 0;
      const bar = (judged.bar - bounds.range.low) / width;
      const planned = samplesFor(samplesToPassBar(bar, judged.margin / width, trials, tail), bounds);
      steps.push(
        `${variant} is not shown to lie above ${judged.bar} (interval ${span(low, high)})${samplesClause(planned, bounds.layout.samples, `if its mean is ${figure(judged.margin)} above the bar`)}`,
      );
    }
    for (const other of evidence.deployable) {
      if (other === variant || shown.tooSlow.includes(other)) continue;
      const lower = rule.differenceLow(variant, other, shown.tailOf(variant, other));
      if (lower > -judged.margin) continue;
      const upper = -rule.differenceLow(other, variant, tail);
      if (upper <= -judged.margin) {
        steps.push(
          `${variant} is worse than ${other} by more than ${figure(judged.margin)}: look at ${other} instead.`,
        );
        continue;
      }
      const planned = samplesFor(plannedFor(evidence, variant, other, judged.margin, tail), bounds);
      steps.push(
        `${variant} may be worse than ${other} by ${figure(judged.margin)} or more (difference ${span(lower, upper)})${samplesClause(planned, bounds.layout.samples, 'if they are equally good')}`,
      );
    }
  }
  return steps;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Variants that are not shown to be quick enough. */
function speedSteps({ maxP95, variants }: Judged): string[] {
  if (maxP95 === null) return [];
  return variants.flatMap(({ variant, deployable, p95 }) => {
    if (!deployable) return [];
    if (!p95) return [`${variant} has no times: measure the latency of its answers.`];
    if (p95.high !== null && p95.high <= maxP95) return [];
    if (p95.low !== null && p95.low > maxP95)
      return [`${variant} is too slow: 95 of 100 answers take more than ${maxP95} s.`];
    return [`${variant} is not shown to give 95 of 100 answers within ${maxP95} s: time more answers.`];
  });
}

/** Answers that ended in an error count as bad as can be for the variant and as good as can be for the others. */
function errorSteps({ errors }: Evidence): string[] {
  return [...errors].flatMap(([variant, count]) =>
    count === 0
      ? []
      : [
          `${count === 1 ? 'One answer' : `${count} answers`} of ${variant} ended in an error. Nobody knows what they would have scored, so ${variant} is taken to have failed them, and to have had them right where another is set against it: run them again.`,
        ],
  );
}

function humanSteps({ human }: Evidence): string[] {
  return human
    ? [
        `Scores are corrected by what people say of ${human.n} samples, which holds if those were drawn at random.`,
      ]
    : [];
}

function plannedFor(
  evidence: Evidence,
  variant: string,
  other: string,
  margin: number,
  tail: number,
): number | null {
  const bounds = evidence.bounds!;
  const pair = bounds.pairs.find((found) =>
    [variant, other].every((name) => [found.variant, found.against].includes(name)),
  );
  if (!pair) return null;
  const spread = boundSpread(pair.scaled, bounds.layout, bounds.confidence);
  return samplesToSettle(spread, margin / (bounds.range.high - bounds.range.low), tail);
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

function unknownCostSteps(judged: Judged, costs: DecisionCosts): string[] {
  const unknown = judged.variants.filter((variant) => variant.qualifies && variant.monthlyUsd === null);
  const names = unknown
    .map(({ variant }) => {
      const reason = costs.unknown.get(variant);
      return reason === undefined ? variant : `${variant} (${reason})`;
    })
    .join(', ');
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

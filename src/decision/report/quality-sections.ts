import { type Block, type Section, text } from './blocks.ts';
import { dollars, figure, interval, samplesToSettleText } from './figures.ts';
import { differenceAxis, type ForestAxis } from './forest.ts';
import type { References } from './references.ts';
import type { ReportModel } from './report-model.ts';

/** How good the variants are: their means, and their differences. */
export function qualitySections(model: ReportModel, references: References, basis: string): Section[] {
  return [
    { id: 'variants', heading: 'Variants', blocks: variants(model, references, basis) },
    { id: 'differences', heading: 'Differences', blocks: differences(model, references) },
  ];
}

function variants(model: ReportModel, { scores, cost }: References, basis: string): Block[] {
  const { means, explained, settings, basis: given } = model;
  const ends = means.flatMap(({ low, high }) => [low ?? 0, high ?? 1]);
  const axis: ForestAxis = {
    domain: [Math.min(0, ...ends), Math.max(1, ...ends)],
    dashed: explained ? [explained.decision.bar] : [],
  };
  const head = ['Variant', `Mean ${given.metric}`, 'Interval', 'USD per 1,000'];
  if (explained) head.push('USD a month', 'USD per accepted', 'Qualifies');
  const rows = means.map((mean) => {
    const { variant } = mean;
    const decided = explained?.decision.variants.find((each) => each.variant === variant);
    const recommended = decided !== undefined && variant === explained?.decision.recommended;
    return {
      name: variant,
      label: [scores(variant), ...(mean.deployable ? [] : [' (diagnostic)']), ...(recommended ? [' ✓'] : [])],
      value: mean.mean,
      low: mean.low,
      high: mean.high,
      cells: [
        figure(mean.mean),
        interval(mean.low, mean.high),
        cost(variant, dollars(mean.costPer1000Usd)),
        ...(decided
          ? [
              cost(variant, dollars(decided.monthlyUsd)),
              dollars(decided.perAcceptedUsd),
              decided.qualifies ? 'yes' : 'no',
            ]
          : []),
      ],
      mark: recommended ? 'better' : undefined,
    };
  });
  const note = explained
    ? `Dashed: the bar at ${settings.bar}. A variant passes it when its whole interval lies to the right.`
    : 'Means with intervals that hold together with those of the differences.';
  return [{ kind: 'forest', head, rows, axis }, text(note), text(basis)];
}

function differences(
  { pairs, settings, explained, closer, basis: given, n }: ReportModel,
  { scores }: References,
): Block[] {
  if (pairs.length === 0) return [];
  const margin = explained?.decision.margin ?? settings.margin;
  const axis = differenceAxis(
    pairs.flatMap(({ low, high }) => [low, high]),
    margin,
  );
  const needed = pairs.some(({ samplesNeeded }) => samplesNeeded !== null);
  const rows = pairs.map((pair) => ({
    name: `${pair.variant} − ${pair.against}`,
    label: [scores(pair.variant), ' − ', scores(pair.against)],
    value: pair.difference,
    low: pair.low,
    high: pair.high,
    cells: [
      figure(pair.difference),
      interval(pair.low, pair.high),
      { text: pair.verdict, to: isCloser(pair, closer) ? 'samples' : null },
      ...(needed ? [samplesToSettleText(pair.samplesNeeded, n)] : []),
    ],
    mark: pair.verdict,
  }));
  const head = ['First − second', 'Difference', 'Interval', 'Verdict'];
  if (needed) head.push('Samples to settle');
  return [
    { kind: 'forest', head, rows, axis },
    text(
      `Differences of ${given.metric} on the same samples. Dashed: the margin of ${Number(margin.toPrecision(3))}. Better or worse: the interval excludes 0. Equivalent: it lies between the dashed lines.`,
    ),
  ];
}

/** Whether the samples of a pair stand side by side in the page. */
function isCloser(pair: ReportModel['pairs'][number], closer: ReportModel['closer']): boolean {
  if (!closer) return false;
  const shown = [closer.flips.variant, closer.flips.against];
  return shown.includes(pair.variant) && shown.includes(pair.against);
}

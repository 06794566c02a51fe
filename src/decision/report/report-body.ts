import { escapeHtml, fewestSliceClusters } from '../../evaluation/index.ts';
import { dollars, figure, interval, probability, samplesToSettleText, whole } from './figures.ts';
import { differenceAxis, type ForestAxis, forest } from './forest.ts';
import { bullets, folded, paragraph, section, table } from './html.ts';
import { type PlotTools, plotCosts, plotFrontier, plotRisk } from './plots.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import {
  armSentence,
  basis,
  comparisonBasis,
  headline,
  pairSentence,
  percent,
  priceSentence,
} from './sentences.ts';

/** The verdict at the top of a report. */
export function renderVerdict(model: ReportModel): string {
  const { explained } = model;
  if (explained)
    return `<p class="verdict ${explained.decision.reason}">${escapeHtml(headline(explained))}</p>`;
  const shown = [...model.pairs].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, 3);
  const decided = shown.some(({ verdict }) => verdict !== 'inconclusive');
  const sentences = shown.map((pair) => pairSentence(pair, model.settings.margin));
  const more = model.pairs.length - shown.length;
  const rest = more > 0 ? [`${more} more differences are below.`] : [];
  return `<div class="verdict ${decided ? 'qualified' : ''}">${[...sentences, ...rest].map((text) => `<p>${escapeHtml(text)}</p>`).join('')}</div>`;
}

/** All that follows from rows and settings, as HTML; what comes from data is escaped. */
export function renderResults(model: ReportModel, data: ReportData, tools: PlotTools): string {
  const { explained, settings } = model;
  return [
    paragraph(
      explained ? basis(explained) : comparisonBasis({ ...model, ...model.basis, ...settings }),
      'basis',
    ),
    section('Variants', variants(model)),
    section('Differences', differences(model)),
    section('Warnings', bullets(model.warnings)),
    section('What to do next', bullets(explained?.decision.next ?? [])),
    section('Cost and quality', frontier(model, tools)),
    explained ? section('Cost over volume', costs(model, tools)) : '',
    section('Slices', slices(model)),
    section('Risk and coverage', risk(model, tools)),
    folded('Other methods', methods(model)),
    folded('Other metrics', others(data)),
    folded(
      'Samples, prices and runs',
      bullets([...model.arms.map(armSentence), ...prices(data), ...data.runs]),
    ),
  ].join('\n');
}

function variants(model: ReportModel): string {
  const { means, explained, settings, basis: given } = model;
  const ends = means.flatMap(({ low, high }) => [low ?? 0, high ?? 1]);
  const axis: ForestAxis = {
    domain: [Math.min(0, ...ends), Math.max(1, ...ends)],
    dashed: explained ? [explained.decision.bar] : [],
  };
  const head = ['Variant', `Mean ${given.metric}`, 'Interval', 'USD per 1,000'];
  if (explained) head.push('USD a month', 'Qualifies');
  const rows = means.map((mean) => {
    const decided = explained?.decision.variants.find(({ variant }) => variant === mean.variant);
    return {
      name: mean.deployable ? mean.variant : `${mean.variant} (diagnostic)`,
      value: mean.mean,
      low: mean.low,
      high: mean.high,
      cells: [
        figure(mean.mean),
        interval(mean.low, mean.high),
        dollars(mean.costPer1000Usd),
        ...(decided ? [dollars(decided.monthlyUsd), decided.qualifies ? 'yes' : 'no'] : []),
      ],
      mark: decided?.variant === explained?.decision.recommended && decided ? 'better' : undefined,
    };
  });
  const note = explained
    ? `Dashed: the bar at ${settings.bar}. A variant passes it when its whole interval lies to the right.`
    : 'Means with intervals that hold together with those of the differences.';
  return forest(head, rows, axis) + paragraph(note);
}

function differences({ pairs, settings, basis: given, n }: ReportModel): string {
  if (pairs.length === 0) return '';
  const axis = differenceAxis(
    pairs.flatMap(({ low, high }) => [low, high]),
    settings.margin,
  );
  const needed = pairs.some(({ samplesNeeded }) => samplesNeeded !== null);
  const rows = pairs.map((pair) => ({
    name: `${pair.variant} − ${pair.against}`,
    value: pair.difference,
    low: pair.low,
    high: pair.high,
    cells: [
      figure(pair.difference),
      interval(pair.low, pair.high),
      pair.verdict,
      ...(needed ? [samplesToSettleText(pair.samplesNeeded, n)] : []),
    ],
    mark: pair.verdict,
  }));
  const head = [
    'First − second',
    'Difference',
    'Interval',
    'Verdict',
    ...(needed ? ['Samples to settle'] : []),
  ];
  const note = `Differences of ${given.metric} on the same samples. Dashed: the margin of ${settings.margin}. Better or worse: the interval excludes 0. Equivalent: it lies between the dashed lines.`;
  return forest(head, rows, axis) + paragraph(note);
}

function frontier({ frontier: points, means }: ReportModel, tools: PlotTools): string {
  const unknown = means.filter((mean) => mean.deployable && mean.costPer1000Usd === null);
  if (points.length === 0)
    return unknown.length === 0 ? '' : paragraph('The cost of no variant is known: enter prices.');
  const best = points.filter(({ onFrontier }) => onFrontier).map(({ variant }) => variant);
  const note = [
    `On the frontier, by the point estimates: ${best.join(', ')}. For every other variant one of these is at least as good and costs no more.`,
    ...(unknown.length > 0 ? [`Cost not known: ${unknown.map(({ variant }) => variant).join(', ')}.`] : []),
  ];
  return chart(plotFrontier(tools, points), note.join(' '));
}

function costs({ explained }: ReportModel, tools: PlotTools): string {
  if (!explained) return '';
  const { decision } = explained;
  const free = decision.variants.filter(({ costPer1000Usd }) => costPer1000Usd === 0);
  const left = free.length > 0 ? ` Costs nothing: ${free.map(({ variant }) => variant).join(', ')}.` : '';
  return chart(
    plotCosts(tools, decision),
    `Measured cost of an answer times the volume; both axes are logarithmic.${left}`,
  );
}

function slices({ closer, settings, basis }: ReportModel): string {
  if (!closer || closer.slices.slices.length === 0) return '';
  const { flips, slices: found } = closer;
  const axis = differenceAxis(
    found.slices.flatMap(({ differences: [only] }) => [only?.low ?? 0, only?.high ?? 0]),
    settings.margin,
  );
  const known = found.slices.filter(({ clusters }) => clusters >= fewestSliceClusters);
  const small = found.slices.filter(({ clusters }) => clusters < fewestSliceClusters);
  const rows = known.map((slice) => {
    const only = slice.differences[0]!;
    const mean = (variant: string): string =>
      figure(slice.means.find((each) => each.variant === variant)?.mean ?? null);
    return {
      name: slice.tag,
      value: only.difference,
      low: only.low,
      high: only.high,
      cells: [
        mean(flips.variant),
        mean(flips.against),
        interval(only.low, only.high),
        slice.n === slice.clusters ? whole(slice.n) : `${whole(slice.n)} in ${whole(slice.clusters)} groups`,
      ],
    };
  });
  const note = `${flips.variant} − ${flips.against} by tag. All ${found.statements} intervals hold together with ${percent(found.confidence)} confidence${basis.sequential ? ' (at one look only)' : ''}, so that looking at many slices finds nothing that is not there. A slice tells where to look; the verdict is about all samples.`;
  const few = small.map(({ tag, n }) => `${tag} (${whole(n)})`).join(', ');
  return [
    forest(['Tag', flips.variant, flips.against, 'Interval', 'Samples'], rows, axis),
    paragraph(note),
    few === '' ? '' : paragraph(`Too few, under ${fewestSliceClusters} independent groups: ${few}.`),
  ].join('');
}

function risk({ risk: curves, settings }: ReportModel, tools: PlotTools): string {
  if (curves.length === 0) return '';
  const rows = curves.map((curve) => [
    curve.variant,
    figure(curve.area),
    curve.interval ? interval(curve.interval.low, curve.interval.high) : '–',
    figure(curve.fullRisk),
    `${whole(curve.n)} of ${whole(curve.scored)}`,
  ]);
  const note = `Risk is 1 − mean among the answers at or above a confidence. Area under the curve with a ${percent(settings.confidence)} bootstrap interval by group, for each alone; a confidence that tells nothing has an area of about the risk of answering everything.`;
  return (
    chart(plotRisk(tools, curves), note) +
    table(['Variant', 'Area', 'Interval', 'Risk of all', 'With confidence'], rows)
  );
}

function methods({ description, settings }: ReportModel): string {
  if (!description) return '';
  const names = { exact: 'sign flips, exact', mcnemar: 'McNemar, exact', sampled: 'sign flips, drawn' };
  const rows = description.pairs.map((pair) => [
    `${pair.variant} − ${pair.against}`,
    probability(pair.p),
    probability(pair.adjusted),
    names[pair.method],
    pair.bootstrap ? interval(pair.bootstrap.low, pair.bootstrap.high) : '–',
    figure(pair.equivalentFrom),
  ]);
  const wilson = description.variants
    .filter((each) => each.wilson !== null)
    .map(({ variant, wilson: found }) => `${variant} ${interval(found!.low, found!.high)}`);
  return [
    paragraph('Description only: verdicts come from the intervals above. All of it by group.'),
    table(['First − second', 'p', 'p, Holm', 'Test', 'Bootstrap (BCa)', 'Equivalent from'], rows),
    wilson.length > 0
      ? paragraph(`Wilson at ${percent(settings.confidence)}, each alone: ${wilson.join('; ')}.`)
      : '',
  ].join('');
}

function others({ others: found, settings }: ReportData): string {
  if (found.length === 0) return '';
  const rows = found.map((each) => [
    `${each.metric}: ${each.variant} − ${each.against}`,
    figure(each.difference),
    probability(each.p),
    probability(each.adjusted),
    whole(each.n),
  ]);
  const weighted = Object.keys(settings.weights).length > 0 ? ' Without weights.' : '';
  return (
    paragraph(
      `Description only, as it was when the report was made; p by sign flips of groups, adjusted for all ${found.length} (Benjamini-Hochberg). A metric picked here needs new samples before anything rests on it.${weighted}`,
    ) + table(['Metric', 'Difference', 'p', 'Adjusted', 'n'], rows)
  );
}

function prices(data: ReportData): string[] {
  return data.prices.length > 0
    ? data.prices.map(priceSentence)
    : ['The scores came without the date and source of their prices.'];
}

function chart(svg: string, caption: string): string {
  return svg === ''
    ? ''
    : `<figure><div class="chart">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

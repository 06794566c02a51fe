import { fewestSliceClusters } from '../../evaluation/index.ts';
import { type Block, plainTable, type Section, text } from './blocks.ts';
import { figure, interval, probability, whole } from './figures.ts';
import { differenceAxis } from './forest.ts';
import { plotRisk } from './plots.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import { percent } from './sentences.ts';

/** For those who look closer: slices, what confidence is worth, other methods and metrics. */
export function detailSections(model: ReportModel, data: ReportData): Section[] {
  return [
    { id: 'slices', heading: 'Slices', blocks: slices(model) },
    { id: 'risk', heading: 'Risk and coverage', blocks: risk(model) },
    { id: 'methods', heading: 'Other methods', blocks: methods(model), folded: true },
    { id: 'metrics', heading: 'Other metrics', blocks: others(data), folded: true },
  ];
}

function slices({ closer, settings, explained, basis }: ReportModel): Block[] {
  if (!closer || closer.slices.slices.length === 0) return [];
  const { flips, slices: found } = closer;
  const axis = differenceAxis(
    found.slices.flatMap(({ differences: [only] }) => [only?.low ?? 0, only?.high ?? 0]),
    explained?.decision.margin ?? settings.margin,
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
    ...(rows.length === 0
      ? []
      : [
          {
            kind: 'forest' as const,
            head: ['Tag', flips.variant, flips.against, 'Interval', 'Samples'],
            rows,
            axis,
          },
        ]),
    text(note),
    ...(few === '' ? [] : [text(`Too few, under ${fewestSliceClusters} independent groups: ${few}.`)]),
  ];
}

function risk({ risk: curves, settings }: ReportModel): Block[] {
  if (curves.length === 0) return [];
  const rows = curves.map((curve) => [
    curve.variant,
    figure(curve.area),
    curve.interval ? interval(curve.interval.low, curve.interval.high) : '–',
    figure(curve.fullRisk),
    `${whole(curve.n)} of ${whole(curve.scored)}`,
  ]);
  const note = `Risk is 1 − mean among the answers at or above a confidence. Area under the curve with a ${percent(settings.confidence)} bootstrap interval by group, for each alone; a confidence that tells nothing has an area of about the risk of answering everything.`;
  return [
    {
      kind: 'chart',
      label: `Risk over coverage of ${curves.map(({ variant }) => variant).join(', ')}.`,
      caption: note,
      draw: (tools) => plotRisk(tools, curves),
      table: plainTable(
        'risk by variant',
        ['Variant', 'Area', 'Interval', 'Risk of all', 'With confidence'],
        rows,
      ),
    },
  ];
}

function methods({ description, settings }: ReportModel): Block[] {
  if (!description) return [];
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
    text('Description only: verdicts come from the intervals above. All of it by group.'),
    plainTable(
      'Other methods',
      ['First − second', 'p', 'p, Holm', 'Test', 'Bootstrap (BCa)', 'Equivalent from'],
      rows,
    ),
    ...(wilson.length > 0
      ? [text(`Wilson at ${percent(settings.confidence)}, each alone: ${wilson.join('; ')}.`)]
      : []),
  ];
}

function others({ others: found, settings }: ReportData): Block[] {
  if (found.length === 0) return [];
  const rows = found.map((each) => [
    `${each.metric}: ${each.variant} − ${each.against}`,
    figure(each.difference),
    probability(each.p),
    probability(each.adjusted),
    whole(each.n),
  ]);
  const weighted = Object.keys(settings.weights).length > 0 ? ' Without weights.' : '';
  return [
    text(
      `Description only, as it was when the report was made; p by sign flips of groups, adjusted for all ${found.length} (Benjamini-Hochberg). A metric picked here needs new samples before anything rests on it.${weighted}`,
    ),
    plainTable('Other metrics', ['Metric', 'Difference', 'p', 'Adjusted', 'n'], rows),
  ];
}

import Table from 'cli-table3';
import { fewestSliceClusters, type OtherDifference, type SampleTexts } from '../../evaluation/index.ts';
import { dollars, figure, interval, probability, whole } from './figures.ts';
import type { ReportModel } from './report-model.ts';
import { percent } from './sentences.ts';

/** Ways to look at a comparison in a terminal, beside its table. */
export const viewNames = [
  'forest',
  'slices',
  'flips',
  'samples',
  'frontier',
  'risk',
  'methods',
  'metrics',
] as const;
export type ViewName = (typeof viewNames)[number];

/** What the views are drawn from beside the model. */
export interface ViewDetails {
  readonly others: readonly OtherDifference[];
  readonly texts: ReadonlyMap<string, SampleTexts>;
  /** Samples that `samples` and `flips` show at most. */
  readonly most: number;
}

/** One view as text. */
export function renderView(name: ViewName, model: ReportModel, details: ViewDetails): string {
  const views: Readonly<Record<ViewName, () => string>> = {
    forest: () => forestView(model),
    slices: () => slicesView(model),
    flips: () => flipsView(model, details),
    samples: () => samplesView(model, details),
    frontier: () => frontierView(model),
    risk: () => riskView(model),
    methods: () => methodsView(model),
    metrics: () => metricsView(details.others),
  };
  return views[name]();
}

/** The samples whose texts these views show. */
export function samplesOfViews(
  views: readonly ViewName[],
  { closer }: ReportModel,
  most: number,
): readonly string[] {
  if (!closer || !(views.includes('flips') || views.includes('samples'))) return [];
  // Both sides are ordered by size, so what `samples` shows is among the first of each.
  const { gained, lost } = closer.flips;
  return [...gained.slice(0, most), ...lost.slice(0, most)].map(({ sample }) => sample);
}

/** Characters between the ends of a drawn axis. */
const axisWidth = 41;

function forestView({ pairs, settings }: ReportModel): string {
  const reach = Math.max(2 * settings.margin, ...pairs.flatMap(({ low, high }) => [-low, high]));
  const at = (value: number): number =>
    Math.round(((Math.max(-reach, Math.min(reach, value)) + reach) / (2 * reach)) * (axisWidth - 1));
  const rows = pairs.map((pair) => {
    const cells = Array.from({ length: axisWidth }, () => ' ');
    for (let place = at(pair.low); place <= at(pair.high); place += 1) cells[place] = '─';
    for (const rule of [-settings.margin, settings.margin]) cells[at(rule)] = '┊';
    cells[at(0)] = '│';
    cells[at(pair.low)] = '├';
    cells[at(pair.high)] = '┤';
    cells[at(pair.difference)] = '●';
    return [`${pair.variant} - ${pair.against}`, cells.join(''), figure(pair.difference), pair.verdict];
  });
  const ends = `${figure(-reach)}${' '.repeat(Math.max(1, axisWidth - 2 * figure(reach).length - 1))}${figure(reach)}`;
  return `${table(['difference', ends, 'mean', 'verdict'], rows)}\n│ zero  ┊ margin  ├ ┤ interval`;
}

function slicesView({ closer, basis }: ReportModel): string {
  if (!closer || closer.slices.slices.length === 0) return 'No sample has a tag.';
  const { slices, flips } = closer;
  const rows = slices.slices.map((slice) => {
    const only = slice.differences[0];
    const mean = (name: string): string =>
      figure(slice.means.find(({ variant }) => variant === name)?.mean ?? null);
    return [
      slice.tag,
      whole(slice.n),
      whole(slice.clusters),
      mean(flips.variant),
      mean(flips.against),
      figure(only?.difference ?? null),
      only?.low === null || only === undefined ? 'too few' : interval(only.low, only.high),
    ];
  });
  return `${table(['tag', 'n', 'groups', flips.variant, flips.against, 'difference', 'interval'], rows)}
All ${slices.statements} intervals of slices hold together with ${percent(slices.confidence)} confidence${basis.sequential ? ', at one look only' : ''}; under ${fewestSliceClusters} groups there is none. The verdict is about all samples.`;
}

function flipsView({ closer }: ReportModel, details: ViewDetails): string {
  if (!closer) return 'There is no pair of variants.';
  const { variant, against, gained, lost, same, clustersGained, clustersLost } = closer.flips;
  const rows = [...gained.slice(0, details.most), ...lost.slice(0, details.most)].map((flip) => [
    flip.value > flip.againstValue ? variant : against,
    flip.sample,
    figure(flip.value),
    figure(flip.againstValue),
    oneLine(details.texts.get(flip.sample)?.input ?? '', 60),
  ]);
  const more = Math.max(0, gained.length - details.most) + Math.max(0, lost.length - details.most);
  return [
    `${variant} better on ${whole(gained.length)} (${whole(clustersGained)} groups), ${against} better on ${whole(lost.length)} (${whole(clustersLost)} groups), the same on ${whole(same)}.`,
    ...(rows.length > 0 ? [table(['better', 'sample', variant, against, 'question'], rows)] : []),
    ...(more > 0 ? [`${whole(more)} more; --limit shows them.`] : []),
  ].join('\n');
}

function samplesView({ closer }: ReportModel, details: ViewDetails): string {
  if (!closer) return 'There is no pair of variants.';
  const { variant, against, gained, lost } = closer.flips;
  const flips = [...gained, ...lost]
    .sort((a, b) => Math.abs(b.value - b.againstValue) - Math.abs(a.value - a.againstValue))
    .slice(0, details.most);
  if (flips.length === 0) return `${variant} and ${against} score the same on every sample.`;
  return flips
    .map((flip) => {
      const texts = details.texts.get(flip.sample);
      const answer = (name: string, value: number): string[] => {
        const given = texts?.answers[name];
        const said = given?.output ?? given?.error ?? 'no text kept';
        const refused = given?.refusal ? ` (refused: ${given.refusal})` : '';
        return [
          `  ${name} ${figure(value)}${refused}: ${oneLine(said, 400)}`,
          ...(given?.quotes ?? []).map(({ source, quote }) => `    "${oneLine(quote, 160)}" ${source}`),
        ];
      };
      return [
        `${flip.sample}: ${oneLine(texts?.input ?? '', 200)}`,
        ...(texts?.expected ?? []).map((text) => `  expected: ${oneLine(text, 200)}`),
        ...(texts?.evidence ?? []).map(({ quote }) => `  evidence: "${oneLine(quote, 200)}"`),
        ...answer(variant, flip.value),
        ...answer(against, flip.againstValue),
      ].join('\n');
    })
    .join('\n\n');
}

function frontierView({ frontier }: ReportModel): string {
  if (frontier.length === 0) return 'The cost of no variant is known; --price NAME=USD states one.';
  return table(
    ['variant', 'USD / 1,000', 'mean', 'interval', 'on the frontier'],
    frontier.map((point) => [
      point.variant,
      dollars(point.costPer1000Usd),
      figure(point.mean),
      interval(point.low, point.high),
      point.onFrontier ? 'yes' : 'no',
    ]),
  );
}

function riskView({ risk, settings }: ReportModel): string {
  if (risk.length === 0) return 'No variant has confidences that differ (of a metric from 0 to 1).';
  const shares = [0.2, 0.4, 0.6, 0.8, 1];
  const rows = risk.map((curve) => [
    curve.variant,
    figure(curve.area),
    curve.interval ? interval(curve.interval.low, curve.interval.high) : '–',
    ...shares.map((share) =>
      figure(curve.points.find(({ coverage }) => coverage >= share - 1e-9)?.risk ?? null),
    ),
    `${whole(curve.n)} of ${whole(curve.scored)}`,
  ]);
  const heads = shares.map((share) => `risk at ${percent(share)}`);
  return `${table(['variant', 'area', 'interval', ...heads, 'with confidence'], rows)}
Area under the risk-coverage curve, with a ${percent(settings.confidence)} bootstrap interval by group, each alone.`;
}

function methodsView({ description }: ReportModel): string {
  if (!description) return '';
  const rows = description.pairs.map((pair) => [
    `${pair.variant} - ${pair.against}`,
    probability(pair.p),
    probability(pair.adjusted),
    pair.method,
    pair.bootstrap ? interval(pair.bootstrap.low, pair.bootstrap.high) : '–',
    figure(pair.equivalentFrom),
  ]);
  const wilson = description.variants.flatMap(({ variant, wilson: found }) =>
    found ? [`${variant} ${interval(found.low, found.high)}`] : [],
  );
  return [
    table(['difference', 'p', 'p (Holm)', 'sign flips', 'bootstrap (BCa)', 'equivalent from'], rows),
    ...(wilson.length > 0 ? [`Wilson, each alone: ${wilson.join('; ')}`] : []),
    'Description only, all by group; verdicts come from the intervals of the comparison.',
  ].join('\n');
}

function metricsView(others: readonly OtherDifference[]): string {
  if (others.length === 0) return 'The scores hold no other metric.';
  const rows = others.map((each) => [
    each.metric,
    `${each.variant} - ${each.against}`,
    figure(each.difference),
    probability(each.p),
    probability(each.adjusted),
    whole(each.n),
  ]);
  return `${table(['metric', 'difference', 'mean', 'p', 'adjusted', 'n'], rows)}
Description only; p by sign flips of groups, adjusted for all ${others.length} (Benjamini-Hochberg).`;
}

function oneLine(text: string, most: number): string {
  // Control characters of other people's text must not reach the terminal.
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

function table(head: string[], rows: string[][]): string {
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } });
  drawn.push(...rows);
  return drawn.toString();
}

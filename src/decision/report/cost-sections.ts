import type { Crossover, Region } from '../cost/arm-cost.ts';
import { volumeText } from '../cost/format-figures.ts';
import { type Block, list, plainTable, type Section, text } from './blocks.ts';
import { dollars, figure, interval } from './figures.ts';
import { plotCosts } from './plot-costs.ts';
import { plotFrontier } from './plots.ts';
import type { References } from './references.ts';
import type { ReportCosts } from './report-costs.ts';
import type { ReportModel } from './report-model.ts';
import { percent } from './sentences.ts';

/** What it costs: over volume, with the regions where each is the cheapest, and against quality. */
export function costSections(model: ReportModel, references: References): Section[] {
  return [
    { id: 'cost', heading: 'Cost over volume', blocks: overVolume(model, references) },
    { id: 'frontier', heading: 'Cost and quality', blocks: frontier(model, references) },
  ];
}

function overVolume({ explained, costs }: ReportModel, { cost }: References): Block[] {
  if (!explained || !costs) return [];
  const { decision } = explained;
  const { lines, regions, among, found } = costs;
  const unknown = found.unknown.map(({ arm, reason }) => `${arm}: its cost is not known (${reason}).`);
  if (lines.length === 0) return [text('The cost of no variant is known: enter prices.'), ...list(unknown)];
  const free = lines.filter(({ points }) => points.every(({ usd }) => usd === 0));
  const at = [0.01, 0.1, 1, 10, 100].map((factor) => decision.volume * factor);
  const rows = lines.map(({ variant, points }) => [
    cost(variant, variant),
    ...at.map((volume) => pointText(nearest(points, volume))),
  ]);
  const who = among === 'qualified' ? 'those that qualify' : 'the deployable ones; none of them qualifies';
  return [
    {
      kind: 'chart',
      label: `Cost of a month over requests a month, both logarithmic, for ${lines.map(({ variant }) => variant).join(', ')}. ${regionsText(regions, found.max)}`,
      caption: `USD a month over requests a month; both axes are logarithmic. Bands: 95 % intervals from measured tokens and prices. The strip at the foot names the cheapest of ${who}.${free.length > 0 ? ` Costs nothing: ${free.map(({ variant }) => variant).join(', ')}.` : ''}`,
      draw: (tools) => plotCosts(tools, costs, decision),
      table: plainTable(
        'cost of a month by volume',
        ['Variant', ...at.map((volume) => `${volumeText(Math.round(volume))} requests`)],
        rows,
      ),
    },
    ...regionTable(regions, found.max, who),
    ...list([...crossoverLines(costs, decision.recommended), ...unknown]),
  ];
}

function nearest<Point extends { readonly requests: number }>(
  points: readonly Point[],
  volume: number,
): Point {
  return points.reduce((best, point) =>
    Math.abs(Math.log(point.requests / volume)) < Math.abs(Math.log(best.requests / volume)) ? point : best,
  );
}

function pointText({ usd, low, high }: ReportCosts['lines'][number]['points'][number]): string {
  return low === usd && high === usd ? dollars(usd) : `${dollars(usd)} (${dollars(low)} to ${dollars(high)})`;
}

/** Regions that are listed; hosting by the hour may make very many. */
const mostRegions = 8;

function regionTable(regions: readonly Region[], max: number, who: string): Block[] {
  if (regions.length === 0) return [];
  const rows = regions
    .slice(0, mostRegions)
    .map((region) => [
      spanText(region, max),
      region.arm,
      region.runnerUp === null
        ? 'there is no other'
        : `${region.runnerUp}, ${dollars(region.gapUsd)} a month more at ${volumeText(region.at)}`,
    ]);
  return [
    plainTable(`Where which is the cheapest of ${who}`, ['Requests a month', 'Cheapest', 'Next'], rows),
    text(
      `Cheapest of ${who}, by whole requests a month.${regions.length > mostRegions ? ` ${regions.length - mostRegions} more regions follow, up to ${volumeText(max)}, since hosting comes in steps; the last is ${spanText(regions.at(-1)!, max)}: ${regions.at(-1)!.arm}.` : ''}`,
    ),
  ];
}

function spanText({ from, to }: Region, max: number): string {
  if (to === null) return `${volumeText(from)} and more`;
  return `${volumeText(from)} to ${volumeText(to)}${to === max ? ', perhaps more' : ''}`;
}

function regionsText(regions: readonly Region[], max: number): string {
  return regions
    .slice(0, mostRegions)
    .map((region) => `${spanText(region, max)}: ${region.arm} is the cheapest.`)
    .join(' ');
}

/** Crossovers of the recommended variant with each other one; of every two where none is recommended. */
function crossoverLines({ found }: ReportCosts, recommended: string | null): string[] {
  return found.crossovers
    .filter(({ below, above }) => recommended === null || below === recommended || above === recommended)
    .map((crossover) => crossoverText(crossover, found.max));
}

function crossoverText(
  { below, above, first, low, high, settled, volumes, neverShare }: Crossover,
  max: number,
): string {
  const never =
    neverShare > 0 && neverShare < 1 ? `; in ${percent(neverShare)} of the drawn worlds it never is` : '';
  if (first === null)
    return `${above} is never cheaper than ${below}, up to ${volumeText(max)} requests a month${never}.`;
  const upTo = high === null ? 'never' : volumeText(high);
  const spread = low === high && low === first ? '' : ` (95 %: ${volumeText(low ?? first)} to ${upTo})`;
  const steps =
    volumes.length === 1
      ? ''
      : `; it changes ${volumes.length} times, since hosting comes in steps${settled === null ? '' : `, and stays so from ${volumeText(settled)}`}`;
  return `${above} is cheaper than ${below} from ${volumeText(first)} requests a month${spread}${steps}${never}.`;
}

function frontier({ frontier: points, means }: ReportModel, { scores, cost }: References): Block[] {
  const unknown = means.filter((mean) => mean.deployable && mean.costPer1000Usd === null);
  if (points.length === 0)
    return unknown.length === 0 ? [] : [text('The cost of no variant is known: enter prices.')];
  const best = points.filter(({ onFrontier }) => onFrontier).map(({ variant }) => variant);
  const caption = [
    `On the frontier, by the point estimates: ${best.join(', ')}. For every other variant one of these is at least as good and costs no more.`,
    ...(unknown.length > 0 ? [`Cost not known: ${unknown.map(({ variant }) => variant).join(', ')}.`] : []),
  ].join(' ');
  const rows = points.map((point) => [
    point.variant,
    cost(point.variant, dollars(point.costPer1000Usd)),
    scores(point.variant, figure(point.mean)),
    interval(point.low, point.high),
    point.onFrontier ? 'yes' : 'no',
  ]);
  return [
    {
      kind: 'chart',
      label: `Mean over cost of ${points.map(({ variant }) => variant).join(', ')}. On the frontier: ${best.join(', ')}.`,
      caption,
      draw: (tools) => plotFrontier(tools, points),
      table: plainTable(
        'cost and mean by variant',
        ['Variant', 'USD per 1,000', 'Mean', 'Interval', 'On the frontier'],
        rows,
      ),
    },
  ];
}

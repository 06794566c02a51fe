import { volumeText } from '../cost/format-figures.ts';
import { dollars } from './figures.ts';
import { dashes, type EndLabel, endText, labelMargin, type PlotTools, shortName, spread } from './plots.ts';
import type { CostPoint, ReportCosts } from './report-costs.ts';

const width = 480;
const height = 320;
const bottom = 44;
/** Share of the height that the strip of the cheapest takes, and letters of a name that fit a part of it. */
const stripShare = 0.075;
const pixelsPerLetter = 6.4;

type Drawn = CostPoint & { readonly variant: string };

/** Monthly cost over volume on logarithmic axes: lines with bands, and a strip that names the cheapest. Empty without a cost above 0. */
export function plotCosts(
  { Plot, document }: PlotTools,
  { lines, regions }: ReportCosts,
  { volume, recommended }: { readonly volume: number; readonly recommended: string | null },
): string {
  const points: Drawn[] = lines.flatMap(({ variant, points: own }) =>
    own.filter(({ usd }) => usd > 0).map((point) => ({ variant, ...point })),
  );
  if (points.length === 0) return '';
  const [from, to] = ends(points.map(({ requests }) => requests));
  const [least, most] = ends(points.map(({ usd }) => usd));
  // The strip lies under the lines.
  const tall = Math.log(most / least) || 1;
  const foot = least / Math.exp(tall * stripShare * 1.6);
  const top = foot * Math.exp(tall * stripShare);
  const last = lines.flatMap(({ variant, points: own }) => {
    const end = own.at(-1);
    return end && end.usd > 0 ? [{ name: variant, from: to, x: to, y: Math.log(end.usd) }] : [];
  });
  const labels = spread(last, [Math.log(least), Math.log(most)], height - bottom - 30).map((label) => ({
    ...label,
    shown: Math.exp(label.shown),
  }));
  const margin = labelMargin(last.map(({ name }) => name));
  const inside = width - 60 - margin;
  const strip = regions.flatMap((region, index) => {
    const start = Math.max(region.from, from);
    const end = Math.min(region.to ?? Number.POSITIVE_INFINITY, to);
    if (end <= start) return [];
    const room = Math.floor(((Math.log(end / start) / Math.log(to / from)) * inside) / pixelsPerLetter);
    const name = shortName(region.arm);
    return [{ start, end, index, middle: Math.sqrt(start * end), name: name.length <= room ? name : '' }];
  });
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: 60,
    marginRight: margin,
    marginBottom: bottom,
    x: {
      type: 'log',
      domain: [from, to],
      label: `requests a month (dashed: ${volume.toLocaleString('en-US')})`,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: powersOfTen(from, to),
      tickFormat: (requests: number) => volumeText(requests),
    },
    y: {
      type: 'log',
      domain: [foot, most],
      label: 'USD a month',
      labelArrow: 'none',
      ticks: powersOfTen(least, most),
      tickFormat: (usd: number) => dollars(usd),
    },
    marks: [
      Plot.gridX(powersOfTen(from, to), { stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.gridY(powersOfTen(least, most), { stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.rect(strip, {
        x1: 'start',
        x2: 'end',
        y1: foot,
        y2: top,
        fill: 'var(--accent)',
        fillOpacity: (part: { index: number }) => (part.index % 2 === 0 ? 0.28 : 0.12),
        stroke: 'currentColor',
        strokeOpacity: 0.4,
      }),
      Plot.text(strip, {
        x: 'middle',
        y: Math.sqrt(foot * top),
        text: 'name',
        fill: 'currentColor',
      }),
      Plot.ruleX([volume], { stroke: 'var(--accent)', strokeDasharray: '5 4', strokeWidth: 1.5 }),
      Plot.areaY(points, {
        x: 'requests',
        y1: (point: Drawn) => Math.max(point.low, foot),
        y2: 'high',
        z: 'variant',
        fill: 'currentColor',
        fillOpacity: 0.12,
        clip: true,
      }),
      ...lines.map(({ variant }, index) =>
        Plot.line(
          points.filter((point) => point.variant === variant),
          {
            x: 'requests',
            y: 'usd',
            stroke: 'currentColor',
            strokeDasharray: variant === recommended ? 'none' : dashes[index % dashes.length]!,
            strokeWidth: variant === recommended ? 3.5 : 1.6,
          },
        ),
      ),
      endText(Plot, labels satisfies readonly EndLabel[]),
    ],
  }).outerHTML;
}

/** Powers of ten in a range; its ends where there is none. */
function powersOfTen(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last < first) return [low, high];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function ends(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

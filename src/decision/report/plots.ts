import type { RiskCoverage } from '../../evaluation/index.ts';
import type { FrontierPoint } from '../frontier.ts';
import { dollars } from './figures.ts';

/** What draws: the library, and the document that it draws in (a browser's, or one without a browser). */
export interface PlotTools {
  readonly Plot: typeof import('@observablehq/plot');
  readonly document: Document;
}

/** Charts are drawn this wide and scaled to the page, so that letters stay readable on a narrow screen. */
const width = 420;
const height = 280;
const bottom = 40;

/** Mean over cost with intervals; the names stand at the right, joined to their points. Empty without a point. */
export function plotFrontier({ Plot, document }: PlotTools, points: readonly FrontierPoint[]): string {
  if (points.length === 0) return '';
  const costs = points.map(({ costPer1000Usd }) => costPer1000Usd);
  const least = Math.min(...costs);
  const most = Math.max(...costs);
  const logarithmic = least > 0 && most / least > 20;
  const low = Math.min(...points.map((point) => point.low));
  const high = Math.max(...points.map((point) => point.high));
  const domain = logarithmic ? [least / 1.5, most * 1.5] : [0, most > 0 ? most * 1.1 : 1];
  const edge = domain[1]!;
  const labels = spread(
    points.map((point) => ({ name: point.variant, from: point.costPer1000Usd, y: point.mean, x: edge })),
    [low, high],
  );
  const line = points.filter(({ onFrontier }) => onFrontier);
  return Plot.plot({
    document,
    width,
    height,
    marginBottom: bottom,
    marginLeft: 44,
    marginRight: labelMargin(points.map(({ variant }) => variant)),
    x: {
      type: logarithmic ? 'log' : 'linear',
      domain,
      label: 'USD per 1,000 requests',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 4,
      tickFormat: (usd: number) => dollars(usd),
    },
    y: { domain: [low, high], label: null, ticks: 5, nice: true },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.line(line, { x: 'costPer1000Usd', y: 'mean', stroke: 'var(--accent)', strokeDasharray: '5 4' }),
      Plot.link(labels, {
        x1: 'from',
        x2: 'x',
        y1: 'y',
        y2: 'shown',
        stroke: 'currentColor',
        strokeOpacity: 0.3,
      }),
      Plot.ruleX(points, {
        x: 'costPer1000Usd',
        y1: 'low',
        y2: 'high',
        stroke: 'currentColor',
        strokeWidth: 2,
      }),
      Plot.dot(points, {
        x: 'costPer1000Usd',
        y: 'mean',
        r: 5,
        stroke: 'currentColor',
        fill: (point: FrontierPoint) => (point.onFrontier ? 'currentColor' : 'var(--page)'),
      }),
      endText(Plot, labels),
    ],
  }).outerHTML;
}

/** Risk over coverage, a line for each variant. Empty without a curve. */
export function plotRisk({ Plot, document }: PlotTools, curves: readonly RiskCoverage[]): string {
  if (curves.length === 0) return '';
  const most = curves
    .flatMap(({ points }) => points)
    .reduce((largest, { risk }) => Math.max(largest, risk), 0.05);
  const labels = spread(
    curves.map(({ variant, fullRisk }) => ({ name: variant, from: 1, y: fullRisk, x: 1 })),
    [0, most],
  );
  return Plot.plot({
    document,
    width,
    height,
    marginBottom: bottom,
    marginLeft: 44,
    marginRight: labelMargin(curves.map(({ variant }) => variant)),
    x: {
      domain: [0, 1],
      label: 'share answered, the most confident first',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
    },
    y: { domain: [0, most], label: 'risk', labelArrow: 'none', ticks: 5, nice: true },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      ...curves.map((curve, index) =>
        Plot.line(thinned(curve.points), {
          x: 'coverage',
          y: 'risk',
          stroke: 'currentColor',
          strokeDasharray: dashes[index % dashes.length]!,
          strokeWidth: 1.8,
        }),
      ),
      endText(Plot, labels),
    ],
  }).outerHTML;
}

/** About 300 points of a line, the last one among them: more cannot be seen. */
function thinned<Point>(points: readonly Point[]): Point[] {
  const step = Math.ceil(points.length / 300);
  return points.filter((_point, index) => (points.length - 1 - index) % step === 0);
}

/** A name at the end of a line, and where it is shown so that none covers another. */
export interface EndLabel {
  readonly name: string;
  readonly from: number;
  readonly x: number;
  readonly y: number;
  readonly shown: number;
}

export function endText(Plot: PlotTools['Plot'], labels: readonly EndLabel[]) {
  return Plot.text(labels, {
    x: 'x',
    y: 'shown',
    text: (label: EndLabel) => shortName(label.name),
    textAnchor: 'start',
    dx: 6,
    fill: 'currentColor',
    clip: false,
  });
}

/** Moves labels that would cover each other apart, and back inside the range, so many pixels high, where there is room. */
export function spread(
  labels: readonly Omit<EndLabel, 'shown'>[],
  [low, high]: readonly [number, number],
  pixels = height - bottom - 30,
): EndLabel[] {
  const gap = ((high - low) * 15) / pixels;
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let least = Number.NEGATIVE_INFINITY;
  const placed = sorted.map((label) => {
    const shown = Math.max(label.y, least);
    least = shown + gap;
    return { ...label, shown };
  });
  let most = Math.max(high, low + gap * (placed.length - 1));
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    const label = placed[index]!;
    placed[index] = { ...label, shown: Math.min(label.shown, most) };
    most = placed[index]!.shown - gap;
  }
  return placed;
}

/** Lines are told apart by their dashes, not by colour. */
export const dashes = ['none', '6 3', '2 3', '9 3 2 3', '4 4'];

const mostLetters = 22;

export function shortName(name: string): string {
  return name.length > mostLetters ? `${name.slice(0, mostLetters - 1)}…` : name;
}

export function labelMargin(names: readonly string[]): number {
  return Math.min(150, 16 + 6.2 * Math.max(0, ...names.map((name) => shortName(name).length)));
}

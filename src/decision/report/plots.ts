import type { Markish } from '@observablehq/plot';
import type { ExplainedDecision } from '../decide.ts';
import { dollars } from './figures.ts';

const width = 720;

/** The two libraries that draw; loaded when a report is made. */
async function loadPlot() {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return { Plot, document };
}

/** A row of an interval plot. */
interface IntervalRow {
  readonly name: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Means of all variants with their simultaneous intervals and the bar, as SVG. Empty where nothing was measured. */
export async function plotMeans({ decision }: ExplainedDecision): Promise<string> {
  const rows = decision.variants.flatMap(({ variant, deployable, mean, low, high }): IntervalRow[] =>
    mean === null || low === null || high === null
      ? []
      : [{ name: deployable ? variant : `${variant} (diagnostic)`, mean, low, high }],
  );
  const edges = [...rows.flatMap(({ low, high }) => [low, high]), decision.bar];
  return plotIntervals(rows, {
    label: `${decision.metric} (dashed: bar ${decision.bar})`,
    description: `Mean ${decision.metric} of every variant with its interval, and the bar at ${decision.bar}.`,
    domain: [Math.min(0, ...edges), Math.max(1, ...edges)],
    rules: [decision.bar],
  });
}

/** Paired differences with their simultaneous intervals, zero and the margin, as SVG. Empty for a single variant. */
export async function plotDifferences({ decision, evidence }: ExplainedDecision): Promise<string> {
  const rows = (evidence.bounds?.pairs ?? []).map((pair) => ({
    name: `${pair.variant} − ${pair.against}`,
    mean: pair.difference,
    low: pair.low,
    high: pair.high,
  }));
  const reach = Math.max(
    2 * decision.margin,
    ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
  );
  return plotIntervals(rows, {
    label: `difference of ${decision.metric} (dashed: margin ${decision.margin})`,
    description: `Paired differences of ${decision.metric} with their intervals, zero and the margin of ${decision.margin}.`,
    domain: [-reach, reach],
    rules: [-decision.margin, decision.margin],
    zero: true,
  });
}

async function plotIntervals(
  rows: readonly IntervalRow[],
  options: {
    label: string;
    description: string;
    domain: [number, number];
    rules: readonly number[];
    zero?: boolean;
  },
): Promise<string> {
  if (rows.length === 0) return '';
  const { Plot, document } = await loadPlot();
  const marks: Markish[] = [
    Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12 }),
    ...(options.zero ? [Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.6 })] : []),
    Plot.ruleX(options.rules, { stroke: 'var(--accent)', strokeDasharray: '5 4', strokeWidth: 1.5 }),
    Plot.ruleY(rows, { x1: 'low', x2: 'high', y: 'name', stroke: 'currentColor', strokeWidth: 2.5 }),
    Plot.tickX(rows, { x: 'low', y: 'name', stroke: 'currentColor', inset: 10 }),
    Plot.tickX(rows, { x: 'high', y: 'name', stroke: 'currentColor', inset: 10 }),
    Plot.dot(rows, { x: 'mean', y: 'name', r: 5, fill: 'currentColor' }),
  ];
  const svg = Plot.plot({
    document,
    width,
    height: 78 + 36 * rows.length,
    marginBottom: 46,
    marginLeft: labelMargin(rows.map(({ name }) => name)),
    marginRight: 24,
    ariaDescription: options.description,
    x: { domain: options.domain, label: options.label, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: null, domain: rows.map(({ name }) => name), tickSize: 0 },
    marks,
  });
  return svg.outerHTML;
}

/** Monthly cost over volume on logarithmic axes, a line for each variant with a known cost above 0, as SVG. */
export async function plotCosts({ decision }: ExplainedDecision): Promise<string> {
  const priced = decision.variants.filter(({ costPer1000Usd }) => (costPer1000Usd ?? 0) > 0);
  if (priced.length === 0) return '';
  const { Plot, document } = await loadPlot();
  const from = decision.volume / 100;
  const to = decision.volume * 100;
  const at = (cost: number, volume: number): number => (cost * volume) / 1000;
  const lines = priced.flatMap(({ variant, costPer1000Usd }) =>
    [from, to].map((volume) => ({ variant, volume, usd: at(costPer1000Usd!, volume) })),
  );
  const ends = spreadLabels(
    priced.map(({ variant, costPer1000Usd }) => ({ variant, volume: to, usd: at(costPer1000Usd!, to) })),
  );
  const svg = Plot.plot({
    document,
    width,
    height: 340,
    marginLeft: 64,
    marginRight: labelMargin(priced.map(({ variant }) => variant)),
    marginBottom: 44,
    ariaDescription: `Cost of a month over requests a month, for ${priced.map(({ variant }) => variant).join(', ')}.`,
    x: {
      type: 'log',
      domain: [from, to],
      label: `requests a month (dashed: ${decision.volume.toLocaleString('en-US')})`,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
      tickFormat: (volume: number) => compact(volume),
    },
    y: {
      type: 'log',
      label: 'USD a month',
      labelArrow: 'none',
      ticks: 5,
      tickFormat: (usd: number) => dollars(usd),
    },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.ruleX([decision.volume], { stroke: 'var(--accent)', strokeDasharray: '5 4', strokeWidth: 1.5 }),
      Plot.line(lines, {
        x: 'volume',
        y: 'usd',
        z: 'variant',
        stroke: 'currentColor',
        strokeWidth: (point: { variant: string }) => (point.variant === decision.recommended ? 3.5 : 1.5),
      }),
      Plot.text(ends, {
        x: 'volume',
        y: 'usd',
        text: 'variant',
        textAnchor: 'start',
        dx: 8,
        dy: 0,
        fill: 'currentColor',
      }),
    ],
  });
  return svg.outerHTML;
}

/** Moves labels of lines that end close together apart, as a factor on their logarithmic axis. */
function spreadLabels<Label extends { usd: number }>(labels: readonly Label[]): Label[] {
  const sorted = [...labels].sort((a, b) => a.usd - b.usd);
  const range = (sorted.at(-1)?.usd ?? 1) / (sorted[0]?.usd ?? 1);
  const apart = (range * 1e4) ** (15 / 270);
  let least = 0;
  return sorted.map((label) => {
    const usd = Math.max(label.usd, least);
    least = usd * apart;
    return { ...label, usd };
  });
}

function compact(volume: number): string {
  return new Intl.NumberFormat('en-US', { notation: 'compact' }).format(volume);
}

function labelMargin(names: readonly string[]): number {
  return Math.min(280, 24 + 6.4 * Math.max(0, ...names.map((name) => name.length)));
}

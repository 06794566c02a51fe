import type { Waterfall } from '../decision-parts.ts';
import { figure } from './figures.ts';
import type { PlotTools } from './plots.ts';

/** A bar of a waterfall: a mean from the ground, or a change from where the bar before it ends. */
interface Bar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly said: string;
  readonly fill: string;
}

const barHeight = 40;
const mostLetters = 20;

/** Bars from one mean over its parts to another; a line over each part spans its interval. */
export function plotWaterfall({ Plot, document }: PlotTools, given: Waterfall): string {
  const { from, to, steps } = given;
  const bars: Bar[] = [
    { name: short(from.variant), from: 0, to: from.mean, said: figure(from.mean), fill: 'var(--quiet)' },
  ];
  const spans: { name: string; low: number; high: number }[] = [];
  let reached = from.mean;
  for (const { name, estimate, low, high } of steps) {
    bars.push({
      name: short(name),
      from: reached,
      to: reached + estimate,
      said: `${estimate < 0 ? '−' : '+'}${figure(Math.abs(estimate))}`,
      fill: estimate < 0 ? 'var(--bad)' : 'var(--good)',
    });
    spans.push({ name: short(name), low: reached + low, high: reached + high });
    reached += estimate;
  }
  bars.push({ name: short(to.variant), from: 0, to: to.mean, said: figure(to.mean), fill: 'var(--quiet)' });
  const names = bars.map(({ name }) => name);
  const ends = [
    ...bars.flatMap((bar) => [bar.from, bar.to]),
    ...spans.flatMap(({ low, high }) => [low, high]),
  ];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  return Plot.plot({
    document,
    width: 420,
    height: 70 + barHeight * bars.length,
    marginBottom: 44,
    marginLeft: 24 + 6.2 * Math.max(...names.map(({ length }) => length)),
    marginRight: 52,
    x: {
      domain: [least, most],
      label: 'mean',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
      nice: true,
    },
    // Two arms of one name would be one bar.
    y: { domain: [...new Set(names)], label: null, tickSize: 0 },
    marks: [
      Plot.gridX({ stroke: 'currentColor', strokeOpacity: 0.12 }),
      Plot.barX(bars, {
        y: 'name',
        x1: 'from',
        x2: 'to',
        fill: 'fill',
        fillOpacity: 0.75,
        insetTop: 5,
        insetBottom: 5,
      }),
      Plot.ruleY(spans, { y: 'name', x1: 'low', x2: 'high', stroke: 'currentColor', strokeWidth: 2 }),
      Plot.text(bars, {
        y: 'name',
        x: (bar: Bar) => Math.max(bar.from, bar.to, spans.find(({ name }) => name === bar.name)?.high ?? 0),
        text: 'said',
        textAnchor: 'start',
        dx: 6,
        fill: 'currentColor',
        clip: false,
      }),
    ],
  }).outerHTML;
}

function short(name: string): string {
  return name.length > mostLetters ? `${name.slice(0, mostLetters - 1)}…` : name;
}

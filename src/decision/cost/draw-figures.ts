import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { ArmInputs, Losses } from './arm-inputs.ts';
import type { Figure } from './figure.ts';
import { resampleUsage } from './resample-usage.ts';

/** Values of figures in so many imagined worlds; figures that belong together vary together. */
export interface Draws {
  readonly count: number;
  /** Value of a figure in each world. */
  of(figure: Figure): Float64Array;
}

export interface DrawOptions {
  /** Worlds, 1,000 by default. */
  readonly draws?: number | undefined;
  readonly seed?: number | undefined;
}

export const defaultDraws = 1000;

/**
 * Draws values of figures. Means of measured requests are resampled, whole clusters at a time, all quantities of a request and
 * all arms of one cluster together; a price between `low` and `high` is uniform on either side of its value; any other measured
 * figure is normal with `low` and `high` as its 95 % interval, never below 0. The same seed gives the same worlds.
 */
export function drawFigures(
  arms: readonly ArmInputs[],
  { draws: count = defaultDraws, seed = 1 }: DrawOptions = {},
): Draws {
  const known = new Map<Figure | string, Float64Array>();
  for (const { figure, values } of resampleUsage(arms, count, seed)) known.set(figure, values);
  return {
    count,
    of(figure) {
      const key = known.has(figure) ? figure : (figure.id ?? figure);
      const drawn = known.get(key);
      if (drawn) return drawn;
      const values = drawFigure(figure, count, seedOf(figure, seed, known.size));
      known.set(key, values);
      return values;
    },
  };
}

/** A seed of its own for each quantity: by its id, so that it does not hang on the order of the arms, else by turn. */
function seedOf({ id }: Figure, seed: number, turn: number): number {
  let hash = (seed * 2654435761) | 0;
  for (const letter of id ?? `turn ${turn}`) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return hash;
}

function drawFigure(figure: Figure, count: number, seed: number): Float64Array {
  const { value, low, high, source } = figure;
  const values = new Float64Array(count).fill(value);
  if (low === high) return values;
  const generator = xoroshiro128plus(seed);
  for (let draw = 0; draw < count; draw++)
    values[draw] = source === 'measured' ? normalAround(figure, generator) : uniformAround(figure, generator);
  return values;
}

/** Half of the draws on either side of the value. */
function uniformAround({ value, low, high }: Figure, generator: RandomGenerator): number {
  const share = uniformFloat64(generator) * 2 - 1;
  return share < 0 ? value + share * (value - low) : value + share * (high - value);
}

/** By Box and Muller; the spread of either side is its own. */
function normalAround({ value, low, high }: Figure, generator: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
  const deviate = (radius * Math.cos(2 * Math.PI * uniformFloat64(generator))) / 1.959964;
  return Math.max(0, value + deviate * (deviate < 0 ? value - low : high - value));
}

/** The figures that losses are drawn from, for those who need them all. */
export function lossFigures(losses: Losses): Figure[] {
  return [losses.wrong, losses.refused].filter((loss): loss is Figure => loss.value !== null);
}

/** Interval that holds 95 % of the values, always around `value`. */
export function centralInterval(values: Float64Array, value: number): { low: number; high: number } {
  const sorted = Float64Array.from(values).sort();
  return {
    low: Math.min(value, quantile(sorted, 0.025)),
    high: Math.max(value, quantile(sorted, 0.975)),
  };
}

/** Quantile of sorted values, interpolated linearly (Hyndman and Fan 1996, type 7); infinite ones count as such. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmInputs, UsageColumn, UsageRows } from './arm-inputs.ts';
import { type Amount, type Figure, isKnown } from './figure.ts';
import { widenFew } from './widen-few.ts';

/**
 * Blocks that are resampled at most. With more clusters each block is a group of whole clusters: the spread of a mean is then
 * estimated from so many block means (to within about 2 %), in one pass over the requests however many they are.
 */
const mostBlocks = 1000;

/** Values of the figures of arms that have measured requests, in each resample. */
export function resampleUsage(
  arms: readonly ArmInputs[],
  draws: number,
  seed: number,
): { readonly figure: Figure; readonly values: Float64Array }[] {
  const usages = [...new Set(arms.flatMap(({ usage }) => (usage ? [usage] : [])))];
  const named = new Map<string, number>();
  for (const { clusters } of usages)
    for (const cluster of clusters ?? []) if (!named.has(cluster)) named.set(cluster, named.size);
  const drawn = new Map(
    usages.map((usage, turn) => {
      // One seed for all requests with clusters, so that the same clusters are drawn in every arm.
      const own = usage.clusters ? seed : seed + turn + 1;
      const means = resampleColumns(usage, blocksOf(usage, named), draws, own);
      return [usage, imagineCluster(usage, named.size, means, seed + turn)];
    }),
  );
  return arms.flatMap((arm) => (arm.usage ? figuresOf(arm, drawn.get(arm.usage)!) : []));
}

/** Number of requests. */
export function rowsOf({ columns }: UsageRows): number {
  return Object.values(columns)[0]?.length ?? 0;
}

/** Mean of each column in each resample. */
type DrawnMeans = ReadonlyMap<UsageColumn, Float64Array>;

interface Blocks {
  /** Block of each request. */
  readonly ofRow: Uint32Array;
  readonly count: number;
}

function blocksOf(usage: UsageRows, named: ReadonlyMap<string, number>): Blocks {
  const { clusters } = usage;
  const rows = rowsOf(usage);
  const numbers = clusters ? named.size : rows;
  const count = Math.min(numbers, mostBlocks);
  const ofRow = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const number = clusters ? named.get(clusters[row] ?? '')! : row;
    ofRow[row] = numbers <= count ? number : hashOf(number) % count;
  }
  return { ofRow, count };
}

/** The finaliser of murmur3: clusters are spread over the blocks so that no rhythm of the requests shows. */
function hashOf(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Resamples blocks with replacement; all columns of a request stay together. */
function resampleColumns(usage: UsageRows, blocks: Blocks, draws: number, seed: number): DrawnMeans {
  const means = new Map<UsageColumn, Float64Array>();
  const varying: [UsageColumn, Float64Array][] = [];
  for (const [name, values] of Object.entries(usage.columns) as [UsageColumn, Float64Array][]) {
    if (isConstant(values)) means.set(name, new Float64Array(draws).fill(values[0] ?? Number.NaN));
    else varying.push([name, values]);
  }
  if (varying.length === 0) return means;
  // Sum and number of values of each column, side by side for each block.
  const stride = 2 * varying.length;
  const table = new Float64Array(blocks.count * stride);
  for (const [column, [, values]] of varying.entries())
    addToBlocks(table, values, blocks, stride, 2 * column);
  const whole = totalsOf(table, stride);
  for (const [name] of varying) means.set(name, new Float64Array(draws));
  const outputs = varying.map(([name]) => means.get(name)!);
  const generator = xoroshiro128plus(seed);
  const sums = new Float64Array(stride);
  for (let draw = 0; draw < draws; draw++) {
    sums.fill(0);
    for (let turn = 0; turn < blocks.count; turn++) {
      // The upper part of 32 random bits times the count; uneven by less than one in four million.
      const block = Math.floor(((generator.next() >>> 0) / 0x1_0000_0000) * blocks.count);
      const from = block * stride;
      for (let at = 0; at < stride; at++) sums[at] = sums[at]! + table[from + at]!;
    }
    for (const [column, output] of outputs.entries()) {
      // Over all requests where none that was drawn has a value.
      const found = sums[2 * column + 1]! > 0 ? sums : whole;
      output[draw] = found[2 * column]! / found[2 * column + 1]!;
    }
  }
  for (const [column, [name]] of varying.entries())
    if (!shares.has(name))
      widenFew(outputs[column]!, whole[2 * column]! / whole[2 * column + 1]!, blocks.count);
  return means;
}

/** Columns that hold a share of answers. */
const shares: ReadonlySet<UsageColumn> = new Set(['correct', 'wrong', 'refused']);

/**
 * Shares of right and wrong answers with one imagined cluster in each resample, all right or all wrong at random, of exponential
 * weight: without it the wrong answers of a sample that holds none would be known to be none. With none of n the upper end is 3 / n.
 */
function imagineCluster(usage: UsageRows, clusters: number, means: DrawnMeans, seed: number): DrawnMeans {
  if (!usage.columns.correct?.some((value) => !Number.isNaN(value))) return means;
  const count = usage.clusters ? clusters : rowsOf(usage);
  const generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b1));
  const drawn = new Map(means);
  const mixed = [...shares].flatMap((name) => {
    const values = means.get(name);
    if (!values) return [];
    const own = Float64Array.from(values);
    drawn.set(name, own);
    return [[name, own] as const];
  });
  for (let draw = 0; draw < (mixed[0]?.[1].length ?? 0); draw++) {
    const weight = -Math.log(1 - uniformFloat64(generator));
    const outcome = uniformFloat64(generator) < 0.5 ? 'correct' : 'wrong';
    for (const [name, values] of mixed)
      values[draw] = (count * values[draw]! + (name === outcome ? weight : 0)) / (count + weight);
  }
  return drawn;
}

function isConstant(values: Float64Array): boolean {
  const first = values[0];
  for (const value of values) if (value !== first) return false;
  return true;
}

function addToBlocks(
  table: Float64Array,
  values: Float64Array,
  { ofRow }: Blocks,
  stride: number,
  offset: number,
): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const at = ofRow[row]! * stride + offset;
    table[at] = table[at]! + value;
    table[at + 1] = table[at + 1]! + 1;
  }
}

function totalsOf(table: Float64Array, stride: number): Float64Array {
  const totals = new Float64Array(stride);
  for (let at = 0; at < table.length; at++) totals[at % stride] = totals[at % stride]! + table[at]!;
  return totals;
}

const tokenColumns = [
  'staticPrefix',
  'fewShot',
  'history',
  'query',
  'retrieved',
  'output',
  'reasoning',
  'embeddedTokens',
  'coreSeconds',
] as const;

function figuresOf(arm: ArmInputs, means: DrawnMeans): { figure: Figure; values: Float64Array }[] {
  const found: { figure: Figure; values: Float64Array }[] = [];
  // A figure that was entered in place of the measured one keeps its own uncertainty.
  const keep = (figure: Amount | undefined, values: Float64Array | null | undefined): void => {
    if (values && figure && isKnown(figure) && figure.source === 'measured') found.push({ figure, values });
  };
  const { profile, quality, costPer1000 } = arm;
  if (profile) {
    for (const column of tokenColumns) keep(profile[column], means.get(column));
    keep(profile.cachedShare, cachedShares(means));
  }
  keep(
    costPer1000,
    means.get('costUsd')?.map((cost) => cost * 1000),
  );
  if (quality)
    for (const column of ['correct', 'wrong', 'refused'] as const) keep(quality[column], means.get(column));
  return found;
}

/** Cached tokens over those of the prefix, at most 1, since a provider may also cache what follows. */
function cachedShares(means: DrawnMeans): Float64Array | null {
  const [cached, prefix, shots] = [means.get('cached'), means.get('staticPrefix'), means.get('fewShot')];
  if (!cached || !prefix) return null;
  return cached.map((tokens, draw) => {
    const all = prefix[draw]! + (shots?.[draw] ?? 0);
    return all > 0 ? Math.min(1, tokens / all) : 0;
  });
}

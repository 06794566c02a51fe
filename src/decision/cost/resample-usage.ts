import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmInputs, UsageColumn, UsageRows } from './arm-inputs.ts';
import type { Figure } from './figure.ts';

/**
 * Blocks that are resampled at most. With more clusters each block is a group of whole clusters: the spread of a mean is then
 * estimated from so many block means (to within about 3 %), in one pass over the requests however many they are.
 */
const mostBlocks = 2000;

/** Sums of a column by block, and the number of requests that have a value. */
interface BlockSums {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** Values of the figures of arms that have measured requests, in each resample. */
export function resampleUsage(
  arms: readonly ArmInputs[],
  draws: number,
  seed: number,
): { readonly figure: Figure; readonly values: Float64Array }[] {
  const measured = arms.flatMap((arm) => (arm.usage ? [{ arm, usage: arm.usage }] : []));
  const named = new Map<string, number>();
  for (const { usage } of measured)
    for (const cluster of usage.clusters ?? []) if (!named.has(cluster)) named.set(cluster, named.size);
  const shared = Math.min(named.size, mostBlocks);
  const weights = shared > 0 ? drawWeights(shared, draws, seed) : [];
  return measured.flatMap(({ arm, usage }, turn) => {
    const { clusters } = usage;
    if (clusters)
      return figuresOf(arm, usage, weights, (row) =>
        blockOf(named.get(clusters[row] ?? '') ?? 0, named.size, shared),
      );
    const rows = rowsOf(usage);
    const blocks = Math.min(rows, mostBlocks);
    if (blocks === 0) return [];
    const own = drawWeights(blocks, draws, seed + turn + 1);
    return figuresOf(arm, usage, own, (row) => blockOf(row, rows, blocks));
  });
}

/** Each its own block where there are enough, else one by hash (the finaliser of murmur3), so that no rhythm of the requests shows. */
function blockOf(number: number, numbers: number, blocks: number): number {
  if (numbers <= blocks) return number;
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % blocks;
}

/** Number of requests. */
export function rowsOf({ columns }: UsageRows): number {
  return Object.values(columns)[0]?.length ?? 0;
}

/** How often each block is drawn, in each resample. */
function drawWeights(blocks: number, draws: number, seed: number): Uint16Array[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: draws }, () => {
    const weights = new Uint16Array(blocks);
    for (let turn = 0; turn < blocks; turn++) {
      const block = uniformInt(generator, 0, blocks - 1);
      weights[block] = weights[block]! + 1;
    }
    return weights;
  });
}

function figuresOf(
  arm: ArmInputs,
  usage: UsageRows,
  weights: readonly Uint16Array[],
  blockOfRequest: (row: number) => number,
): { figure: Figure; values: Float64Array }[] {
  const blocks = weights[0]?.length ?? 0;
  const rows = rowsOf(usage);
  const blockOfRow = Uint32Array.from({ length: rows }, (_, row) => blockOfRequest(row));
  const sums = (column: UsageColumn): BlockSums | null => {
    const values = usage.columns[column];
    return values ? sumBlocks(values, blockOfRow, blocks) : null;
  };
  const found: { figure: Figure; values: Float64Array }[] = [];
  const keep = (figure: Figure | { value: null } | undefined, values: Float64Array | null): void => {
    if (figure && figure.value !== null && values) found.push({ figure: figure as Figure, values });
  };
  const mean = (column: UsageColumn, factor = 1): Float64Array | null => {
    const blockSums = sums(column);
    return blockSums && meansOf(blockSums, weights, factor);
  };
  const { profile, quality, costPer1000 } = arm;
  if (profile) {
    for (const column of tokenColumns) keep(profile[column], mean(column));
    keep(profile.cachedShare, cachedShares(mean('cached'), mean('staticPrefix'), mean('fewShot')));
  }
  keep(costPer1000, mean('costUsd', 1000));
  if (quality)
    for (const column of ['correct', 'wrong', 'refused'] as const) keep(quality[column], mean(column));
  return found;
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

function sumBlocks(values: Float64Array, blockOfRow: Uint32Array, blocks: number): BlockSums {
  const sums = new Float64Array(blocks);
  const counts = new Float64Array(blocks);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const block = blockOfRow[row]!;
    sums[block] = sums[block]! + value;
    counts[block] = counts[block]! + 1;
  }
  return { sums, counts };
}

/** Mean over the requests of the drawn blocks; over all blocks where none that was drawn has a value. */
function meansOf({ sums, counts }: BlockSums, weights: readonly Uint16Array[], factor: number): Float64Array {
  const whole = sums.reduce((sum, value) => sum + value, 0) / counts.reduce((sum, value) => sum + value, 0);
  const means = new Float64Array(weights.length);
  for (let draw = 0; draw < weights.length; draw++) {
    const drawn = weights[draw]!;
    let sum = 0;
    let count = 0;
    for (let block = 0; block < drawn.length; block++) {
      const weight = drawn[block]!;
      sum += weight * sums[block]!;
      count += weight * counts[block]!;
    }
    means[draw] = (count > 0 ? sum / count : whole) * factor;
  }
  return means;
}

/** Cached tokens over those of the prefix, at most 1, since a provider may also cache what follows. */
function cachedShares(
  cached: Float64Array | null,
  prefix: Float64Array | null,
  shots: Float64Array | null,
): Float64Array | null {
  if (!cached || !prefix) return null;
  return cached.map((tokens, draw) => {
    const all = prefix[draw]! + (shots?.[draw] ?? 0);
    return all > 0 ? Math.min(1, tokens / all) : 0;
  });
}

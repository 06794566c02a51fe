import { innerProduct } from '../leakage/embedding-leaks.ts';
import { createRandom, type Random, shuffleFront } from './random.ts';

/** Vectors of one side with the block (conversation, customer) that each belongs to. */
export interface Blocked {
  readonly vectors: readonly Float32Array[];
  /** One name a vector; vectors of one block move together. */
  readonly blocks: readonly string[];
}

export interface EnergyTest {
  /** Energy distance of the two sides; 0 when their distributions are one. */
  readonly distance: number;
  /** (1 + permutations at least as far) / (1 + permutations). */
  readonly p: number;
  readonly permutations: number;
}

/**
 * Two-sample test by the energy distance (Szekely & Rizzo 2004) of unit vectors under Euclidean distance, with p from
 * random permutations of whole blocks between the sides, each as near to the old sizes as blocks allow. Exact when blocks
 * are of one size and exchangeable under "no difference".
 */
export function energyTest(
  sample: Blocked,
  traffic: Blocked,
  options: { readonly permutations: number; readonly seed: number },
): EnergyTest {
  const vectors = [...sample.vectors, ...traffic.vectors];
  const distances = distanceMatrix(vectors);
  const rowSums = Float64Array.from(vectors, (_, row) =>
    distances
      .subarray(row * vectors.length, (row + 1) * vectors.length)
      .reduce((sum, value) => sum + value, 0),
  );
  const total = rowSums.reduce((sum, value) => sum + value, 0);
  const energy = (members: readonly number[]): number => {
    let inside = 0;
    let out = 0;
    for (const row of members) {
      out += rowSums[row]!;
      for (const other of members) inside += distances[row * vectors.length + other]!;
    }
    const n = members.length;
    const m = vectors.length - n;
    const between = out - inside;
    return (2 * between) / (n * m) - inside / (n * n) - (total - 2 * between - inside) / (m * m);
  };

  const own = blockMembers(sample.blocks, 0);
  const others = blockMembers(traffic.blocks, sample.vectors.length);
  const all = [...own, ...others];
  // The distance is symmetric, and the smaller side is cheaper to sum over.
  const drawn = (sample.vectors.length <= traffic.vectors.length ? own : others).flat();
  const observed = energy(drawn);
  const random = createRandom(options.seed);
  let asFar = 0;
  for (let turn = 0; turn < options.permutations; turn++) {
    if (energy(drawBlocks(all, drawn.length, random)) >= observed - 1e-12) asFar++;
  }
  return {
    distance: Math.max(0, observed),
    p: (1 + asFar) / (1 + options.permutations),
    permutations: options.permutations,
  };
}

/**
 * Members of random blocks, as near to `wanted` in number as the block that passes it allows. Leaves at least one block
 * and takes at least one. Changes the order of `blocks`.
 */
function drawBlocks(blocks: number[][], wanted: number, random: Random): number[] {
  const members: number[] = [];
  for (let taken = 0; taken < blocks.length - 1 && members.length < wanted; taken++) {
    shuffleFront(blocks, 1, random, taken);
    const block = blocks[taken]!;
    const over = members.length + block.length - wanted;
    if (taken > 0 && over > wanted - members.length) break;
    members.push(...block);
  }
  return members;
}

/** Indexes of the vectors of each block, counted from `offset`. */
function blockMembers(blocks: readonly string[], offset: number): number[][] {
  const members = new Map<string, number[]>();
  for (const [index, block] of blocks.entries()) {
    const there = members.get(block);
    if (there) there.push(offset + index);
    else members.set(block, [offset + index]);
  }
  return [...members.values()];
}

function distanceMatrix(vectors: readonly Float32Array[]): Float32Array {
  const size = vectors.length;
  const distances = new Float32Array(size * size);
  const squares = vectors.map((vector) => innerProduct(vector, vector));
  for (let row = 0; row < size; row++)
    for (let other = row + 1; other < size; other++) {
      const product = innerProduct(vectors[row]!, vectors[other]!);
      const distance = Math.sqrt(Math.max(0, squares[row]! + squares[other]! - 2 * product));
      distances[row * size + other] = distance;
      distances[other * size + row] = distance;
    }
  return distances;
}

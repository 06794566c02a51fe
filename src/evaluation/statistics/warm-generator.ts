import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** First draws of the generator, which tell much of its seed. */
const warmUp = 16;

/**
 * xoroshiro128+ for one seed of many (0, 1, 2, … or hashes of names). Its own first number in [0, 1) is next to 1 for every small seed,
 * and streams of neighbouring seeds go on alike, which matters wherever each data set or cluster is drawn from a seed of its own. So
 * the bits of the seed are mixed (the finaliser of MurmurHash3) and the first draws left out.
 */
export function warmGenerator(seed: number): ReturnType<typeof xoroshiro128plus> {
  const generator = xoroshiro128plus(mixBits(seed));
  for (let draw = 0; draw < warmUp; draw += 1) generator.next();
  return generator;
}

function mixBits(seed: number): number {
  let bits = seed ^ (seed >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Standard normal vectors, always the same ones; each comes with its mirror image, so that their mean is 0. */
export function normal(count: number, size: number, seed = 1): number[][] {
  const generator = xoroshiro128plus(seed);
  const vectors: number[][] = [];
  while (vectors.length < count) {
    const vector = Array.from({ length: size }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
      return radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
    });
    vectors.push(
      vector,
      vector.map((value) => -value),
    );
  }
  return vectors.slice(0, count);
}

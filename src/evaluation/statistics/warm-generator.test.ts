import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { expect, it } from 'vitest';
import { warmGenerator } from './warm-generator.ts';

it('starts neighbouring seeds apart', () => {
  const drawn = Array.from({ length: 2000 }, (_, seed) => {
    const generator = warmGenerator(seed);
    return [uniformFloat64(generator), uniformFloat64(generator)] as const;
  });
  const first = drawn.map(([value]) => value);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  // Uniform: mean .5 and variance 1/12, with three standard errors of 2,000 draws.
  expect(Math.abs(mean(first) - 0.5)).toBeLessThan(0.0194);
  expect(Math.abs(mean(first.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.005);
  // Correlations over neighbouring seeds and of the first draw with the second: three standard errors are .067.
  const correlation = (a: readonly number[], b: readonly number[]): number =>
    12 * mean(a.map((value, index) => (value - 0.5) * (b[index]! - 0.5)));
  expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(0.067);
  expect(
    Math.abs(
      correlation(
        first,
        drawn.map(([, second]) => second),
      ),
    ),
  ).toBeLessThan(0.067);
});

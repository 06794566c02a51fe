import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import { type CoverageOptions, checkCoverage } from './check-coverage.ts';
import { energyTest } from './energy-test.ts';
import { createRandom } from './random.ts';
import { kishEffective, topicWeights, weightedMean } from './reweight.ts';
import { termVectors } from './term-vectors.ts';

const point = (...values: number[]): Float32Array => Float32Array.from(values);
const single = (vectors: Float32Array[]) => ({ vectors, blocks: vectors.map((_, index) => `${index}`) });

describe('the energy test', () => {
  it('computes the energy distance', () => {
    // Two points a distance of 1 apart: 2 * 1 - 0 - 0 = 2; one of them twice changes nothing.
    expect(
      energyTest(single([point(0)]), single([point(1)]), { permutations: 1, seed: 1 }).distance,
    ).toBeCloseTo(2, 6);
    const { distance } = energyTest(single([point(0), point(2)]), single([point(1)]), {
      permutations: 1,
      seed: 1,
    });
    // 2 * mean(1, 1) - mean(0, 2, 2, 0) - 0 = 1.
    expect(distance).toBeCloseTo(1, 6);
  });

  it('finds a difference, and none where there is none, by whole blocks', () => {
    const random = createRandom(7);
    const cloud = (count: number, shift: number) =>
      Array.from({ length: count }, () => point(random.share() + shift, random.share()));
    const options = { permutations: 199, seed: 1 };
    expect(energyTest(single(cloud(40, 1)), single(cloud(60, 0)), options).p).toBe(1 / 200);
    // 200 null data sets: p below .1 in 10 % of them, give or take four standard errors.
    const nulls = Array.from(
      { length: 200 },
      () => energyTest(single(cloud(12, 0)), single(cloud(20, 0)), { permutations: 39, seed: 3 }).p,
    );
    const share = nulls.filter((p) => p <= 0.1).length / 200;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.085);
    // Ten blocks of ten near copies each: row by row that looks like a difference, block by block it does not.
    const blocked = () => {
      const vectors: Float32Array[] = [];
      const blocks: string[] = [];
      for (let block = 0; block < 10; block++) {
        const centre = random.share();
        for (let copy = 0; copy < 10; copy++) {
          vectors.push(point(centre + 0.01 * random.share()));
          blocks.push(`${block}`);
        }
      }
      return { vectors, blocks };
    };
    const rejected = { rows: 0, blocks: 0 };
    for (let turn = 0; turn < 30; turn++) {
      const [a, b] = [blocked(), blocked()];
      if (energyTest(single(a.vectors), single(b.vectors), { permutations: 39, seed: 1 }).p < 0.05)
        rejected.rows++;
      if (energyTest(a, b, { permutations: 39, seed: 1 }).p < 0.05) rejected.blocks++;
    }
    expect(rejected.rows).toBeGreaterThan(15);
    expect(rejected.blocks).toBeLessThan(7);
    // Blocks on one side only: what is drawn has the size of that side, not the number of its blocks.
    const far = { vectors: cloud(60, 1), blocks: Array.from({ length: 60 }, (_, index) => `${index % 6}`) };
    expect(energyTest(far, single(cloud(300, 0)), options).p).toBe(1 / 200);
  });
});

describe('weights', () => {
  it('give topics the shares of traffic, 1 on average', () => {
    // Topic 0 has 3 of 4 samples and half of the covered traffic; topic 2 has no sample.
    const weights = topicWeights([0, 0, 0, 1], [0.4, 0.4, 0.2]);
    expect(weights.map((weight) => weight.toFixed(6))).toEqual([
      '0.666667',
      '0.666667',
      '0.666667',
      '2.000000',
    ]);
    expect(kishEffective(weights)).toBeCloseTo(16 / (3 * (4 / 9) + 4), 9);
    expect(topicWeights([1, 1], [1, 0])).toEqual([1, 1]);
  });

  it('make a weighted mean whose interval holds it and is wider than the plain one', () => {
    const values = [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0];
    const clusters = values.map((_, index) => `${index}`);
    const weights = values.map((_, index) => (index % 4 === 3 ? 2 : 2 / 3));
    const plain = weightedMean(
      values,
      values.map(() => 1),
      clusters,
    );
    const weighted = weightedMean(values, weights, clusters);
    expect(plain.mean).toBeCloseTo(0.75, 12);
    expect(weighted.mean).toBeCloseTo(0.5, 12);
    for (const { mean, low, high } of [plain, weighted]) {
      expect(low!).toBeGreaterThanOrEqual(0);
      expect(low!).toBeLessThan(mean!);
      expect(high!).toBeGreaterThan(mean!);
      expect(high!).toBeLessThanOrEqual(1);
    }
    expect(weighted.high! - weighted.low!).toBeGreaterThan(plain.high! - plain.low!);
    expect(weightedMean([], [], [])).toEqual({ mean: null, low: null, high: null });
  });
});

describe('term vectors', () => {
  it('have unit length, are alike for like texts, and are zero without words', () => {
    const [one, two, other, none] = termVectors([
      'Green tea, hot',
      'hot green tea!',
      'parcel delivery',
      '?!',
    ]);
    const dot = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    expect(dot(one!, one!)).toBeCloseTo(1, 5);
    expect(dot(one!, two!)).toBeCloseTo(1, 5);
    expect(Math.abs(dot(one!, other!))).toBeLessThan(0.5);
    expect(dot(none!, none!)).toBe(0);
  });
});

describe('coverage', () => {
  const subjects = ['refund parcel money back', 'green tea kettle water', 'loyalty card points expire'];
  const words = ['please', 'today', 'why'];
  const question = (subject: number, index: number): string => `${subjects[subject]} ${words[index % 3]}`;
  const traffic = Array.from({ length: 90 }, (_, index): Sample => {
    const subject = index < 45 ? 0 : index < 75 ? 1 : 2;
    return { id: `${index + 1}`, input: question(subject, index), answerable: true };
  });
  // No question on loyalty cards, and as many on tea as on refunds.
  const samples = Array.from(
    { length: 20 },
    (_, index): Sample => ({
      id: `s${index}`,
      input: `${question(index % 2, index)} there`,
      answerable: true,
    }),
  );
  const options: CoverageOptions = {
    dataset: { name: 'd', hash: 'h' },
    split: null,
    samples,
    traffic: {
      origin: 'log.jsonl',
      rows: traffic.map((sample, index) => ({ sample, line: index + 1 })),
      blank: 2,
    },
    embed: null,
    permutations: 99,
    seed: 1,
    topics: 3,
    labelNext: 5,
    runs: [
      {
        run: 'r',
        variant: 'v',
        metric: 'correct',
        // Right about refunds, wrong about tea.
        scores: samples.map(({ id }, index) => ({ sample: id, value: index % 2 === 0 ? 1 : 0 })),
      },
    ],
  };

  it('finds what is not covered, what to label, and what results are worth on the traffic', async () => {
    const report = await checkCoverage(options);
    expect(report.topics.map(({ rows }) => rows).sort((a, b) => b - a)).toEqual([45, 30, 15]);
    const [missing] = report.uncovered;
    expect(report.topics[missing!]).toMatchObject({ rows: 15, samples: 0 });
    expect(report.topics[missing!]!.words).toEqual(expect.arrayContaining(['loyalty', 'card', 'points']));
    expect(report.uncovered).toHaveLength(1);
    expect(report.uncoveredShare).toBeCloseTo(1 / 6, 9);
    expect(report.coveredShare).toBeCloseTo(5 / 6, 9);
    // 20 samples, none on loyalty cards: shares want 3.5 of 21, and every pick raises that.
    expect(report.labelNext[0]!.topic).toBe(missing);
    expect(new Set(report.labelNext.map(({ text }) => text)).size).toBe(report.labelNext.length);
    expect(report.test).toMatchObject({ p: 1 / 100, differs: true, samples: 20, rows: 90 });
    // Refunds are 45 of 75 covered rows.
    expect(report.runs[0]).toMatchObject({ scored: 20, of: 20 });
    expect(report.runs[0]!.plain.mean).toBeCloseTo(0.5, 9);
    expect(report.runs[0]!.reweighted.mean).toBeCloseTo(0.6, 9);
    // Ten weights of 1.2 and ten of 0.8.
    expect(report.effectiveN).toBeCloseTo(400 / (10 * 1.44 + 10 * 0.64), 9);
    expect(await checkCoverage(options)).toEqual(report);
  });

  it('finds no difference between halves of the same traffic', async () => {
    const half = traffic.filter((_, index) => index % 2 === 0);
    const report = await checkCoverage({ ...options, samples: half, runs: [] });
    expect(report.test.differs).toBe(false);
    expect(report.uncovered).toEqual([]);
  });

  it('needs ten questions of traffic', async () => {
    const few = { ...options.traffic, rows: options.traffic.rows.slice(0, 9) };
    await expect(checkCoverage({ ...options, traffic: few })).rejects.toMatchObject({
      code: 'traffic-unusable',
    });
  });
});

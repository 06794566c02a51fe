import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import type { ScoreRow } from '../../score-row.ts';
import { calibrateJudge } from './calibrate-judge.ts';
import { noiseFloor } from './noise-floor.ts';
import { predictionPoweredDifference } from './prediction-powered.ts';
import { roganGladen } from './rogan-gladen.ts';

const generator = xoroshiro128plus(20260714);
const uniform = (): number => uniformFloat64(generator);
const happens = (probability: number): boolean => uniform() < probability;

describe('the corrected rate', () => {
  it('undoes errors that are known', () => {
    // Sensitivity .9, specificity .8, 60 of 100 called good: (.6 + .8 - 1) / .7.
    const counts = { good: 1000, goodFound: 900, bad: 1000, badFound: 800 };
    const found = roganGladen(60, 100, counts)!;
    expect(found.rate).toBeCloseTo(0.4 / 0.7, 12);
    expect(found.low).toBeLessThan(found.rate);
    expect(found.high).toBeGreaterThan(found.rate);
  });

  it('has the interval of Lang and Reiczigel, by hand', () => {
    // Worked out apart from this code (equations 16 and 17), with se' = 46/52, sp' = 41/52.
    const found = roganGladen(60, 100, { good: 50, goodFound: 45, bad: 50, badFound: 40 })!;
    expect(found.low).toBeCloseTo(0.396256956, 8);
    expect(found.high).toBeCloseTo(0.743166438, 8);
  });

  it('is refused where the judge knows too little, or labels of one kind are missing', () => {
    expect(roganGladen(60, 100, { good: 100, goodFound: 60, bad: 100, badFound: 69 })).toBeNull();
    expect(roganGladen(60, 100, { good: 100, goodFound: 60, bad: 100, badFound: 71 })).not.toBeNull();
    expect(roganGladen(60, 100, { good: 100, goodFound: 60, bad: 0, badFound: 0 })).toBeNull();
    expect(roganGladen(0, 0, { good: 100, goodFound: 90, bad: 100, badFound: 90 })).toBeNull();
  });

  it.each([
    [0.9, 0.85, 0.7, 60, 400],
    [0.8, 0.7, 0.5, 100, 300],
    [0.95, 0.9, 0.95, 80, 200],
  ])(
    'covers the truth (sensitivity %f, specificity %f, rate %f)',
    (sensitivity, specificity, rate, labels, judged) => {
      const draws = 4000;
      let covered = 0;
      let kept = 0;
      for (let draw = 0; draw < draws; draw++) {
        const counts = { good: 0, goodFound: 0, bad: 0, badFound: 0 };
        for (let label = 0; label < labels; label++)
          if (happens(rate)) {
            counts.good++;
            if (happens(sensitivity)) counts.goodFound++;
          } else {
            counts.bad++;
            if (happens(specificity)) counts.badFound++;
          }
        let called = 0;
        for (let answer = 0; answer < judged; answer++)
          if (happens(rate) ? happens(sensitivity) : !happens(specificity)) called++;
        const found = roganGladen(called, judged, counts);
        if (found === null) continue;
        kept++;
        if (found.low <= rate && rate <= found.high) covered++;
      }
      // 95 % nominal; the third world has four bad labels on average, and 93.3 % in 10,000 draws.
      expect(covered / kept).toBeGreaterThan(0.92);
      // The sign of the shift of equation 17: with the other one these worlds are covered in 98.5 to 99.9 %.
      expect(covered / kept).toBeLessThan(0.97);
      expect(kept / draws).toBeGreaterThan(0.95);
    },
  );
});

/** Samples of a world in which the judge favours variant a by its looks. */
function drawPairs(options: {
  samples: number;
  bias: number;
  probability: (index: number) => number;
  cluster: number;
}) {
  return Array.from({ length: options.samples }, (_, index) => {
    const a = happens(0.7);
    const b = happens(a ? 0.65 : 0.4);
    const call = (truth: boolean, bias: number): number => Number(happens(truth ? 0.85 + bias : 0.2 + bias));
    const probability = options.probability(index);
    return {
      judged: call(a, options.bias) - call(b, 0),
      labelled: happens(probability) ? Number(a) - Number(b) : null,
      probability,
      group: String(Math.floor(index / options.cluster)),
    };
  });
}

describe('the prediction-powered difference', () => {
  it('is judge plus the mean error of the judge where the weight is 1, by hand', () => {
    const rows = [
      { judged: 1, labelled: 1, probability: 0.5, group: 'a' },
      { judged: 0, labelled: null, probability: 0.5, group: 'b' },
      { judged: 1, labelled: 0, probability: 0.5, group: 'c' },
      { judged: -1, labelled: null, probability: 0.5, group: 'd' },
    ];
    const found = predictionPoweredDifference(rows)!;
    // Labels alone: (1 + 0) / .5 / 4 = .5. The judge's part has mean (1 - 2 + 0 + 1 - 2 - 1) / 4 = -.75.
    expect(found.difference).toBeCloseTo(0.5 - 0.75 * found.weight, 12);
    expect(found).toMatchObject({ samples: 4, labels: 2, clusters: 4 });
  });

  it('has a width where judge and people see no difference at all', () => {
    // Ten labels of thirty, none differs: gains and losses are each at most 1 - .025^(1/10) = .3085.
    const rows = Array.from({ length: 30 }, (_, index) => ({
      judged: 0,
      labelled: index < 10 ? 0 : null,
      probability: 1 / 3,
      group: String(index),
    }));
    const found = predictionPoweredDifference(rows)!;
    expect(found.difference).toBe(0);
    expect(found.high).toBeCloseTo(1 - 0.025 ** (1 / 10), 6);
    expect(found.low).toBeCloseTo(-found.high, 9);
  });

  it('has no interval without labels or with one cluster', () => {
    const row = { judged: 1, labelled: null, probability: 1, group: 'a' };
    expect(predictionPoweredDifference([row, { ...row, group: 'b' }])).toBeNull();
    expect(
      predictionPoweredDifference([
        { ...row, labelled: 1 },
        { ...row, labelled: 1 },
      ]),
    ).toBeNull();
  });

  // P(a) = .7, P(b) = .7 * .65 + .3 * .4 = .575.
  const truth = 0.7 - 0.575;
  it.each<[string, Parameters<typeof drawPairs>[0]]>([
    ['labels by chance', { samples: 400, bias: 0, probability: () => 0.2, cluster: 1 }],
    ['a judge that favours one variant', { samples: 400, bias: 0.1, probability: () => 0.25, cluster: 1 }],
    [
      'labels more often on some samples',
      { samples: 400, bias: 0.1, probability: (at) => (at % 2 === 0 ? 0.4 : 0.1), cluster: 1 },
    ],
    ['clusters of four', { samples: 400, bias: 0.1, probability: () => 0.25, cluster: 4 }],
  ])('covers the truth: %s', (_name, world) => {
    const draws = 600;
    let covered = 0;
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      const found = predictionPoweredDifference(drawPairs(world))!;
      if (found.low <= truth && truth <= found.high) covered++;
      sum += found.difference;
    }
    // Three standard errors of 600 draws are 2.7 points.
    expect(covered / draws).toBeGreaterThan(0.923);
    expect(sum / draws).toBeCloseTo(truth, 1.9);
  });

  it('is narrower than labels alone with a good judge, and no wider with one that guesses', () => {
    const width = (rows: Parameters<typeof predictionPoweredDifference>[0]): number => {
      const found = predictionPoweredDifference(rows)!;
      return found.high - found.low;
    };
    let good = 0;
    let guess = 0;
    let alone = 0;
    for (let draw = 0; draw < 60; draw++) {
      const rows = drawPairs({ samples: 400, bias: 0, probability: () => 0.25, cluster: 1 });
      alone += width(rows.map((row) => ({ ...row, judged: 0 })));
      good += width(rows);
      guess += width(rows.map((row) => ({ ...row, judged: Number(happens(0.5)) - Number(happens(0.5)) })));
    }
    expect(good).toBeLessThan(0.9 * alone);
    expect(guess).toBeLessThan(1.02 * alone);
  });
});

describe('the noise floor', () => {
  it('counts flips and spread within samples only', () => {
    const found = noiseFloor([[1, 1, 0], [1, 1, 1], [0, 0], [1]])!;
    // Of three pairs of the first sample two differ; the others never do.
    expect(found.flips).toBeCloseTo(2 / 3 / 3, 12);
    expect(found.within).toBeCloseTo(Math.sqrt(1 / 3 / 3), 12);
    expect(found.floor).toBeCloseTo(1.959963984540054 * Math.sqrt((2 * (1 / 9)) / 3), 9);
    expect(found).toMatchObject({ samples: 3, repeats: 3 });
    expect(noiseFloor([[1]])).toBeNull();
  });
});

/** Answers with the judge's calls and some labels; groups of `size` answers, of which half copy the group's own. */
function drawCalibration(groups: number, size: number, chance: (called: boolean) => number) {
  const rows: ScoreRow[] = [];
  const labels: { sample: string; variant: string; label: boolean; probability: number }[] = [];
  const draw = () => {
    const label = happens(0.8);
    return { label, called: label ? happens(0.9) : !happens(0.8) };
  };
  for (let group = 0; group < groups; group++) {
    const shared = draw();
    for (let member = 0; member < size; member++) {
      const { label, called } = size > 1 && happens(0.5) ? shared : draw();
      const sample = `s${group}-${member}`;
      rows.push({ sample, variant: 'a', metric: 'judge', value: Number(called), group: `g${group}` });
      const probability = chance(called);
      if (happens(probability)) labels.push({ sample, variant: 'a', label, probability });
    }
  }
  return { rows, labels, metric: 'judge' };
}

describe('the interval of kappa', () => {
  // Called good: .8 * .9 + .2 * .2 = .76; alike: .72 + .16 = .88, by chance .76 * .8 + .24 * .2 = .656.
  const truth = (0.88 - 0.656) / (1 - 0.656);
  it.each<[string, number, number, (called: boolean) => number]>([
    ['single answers', 200, 1, () => 0.5],
    ['groups of four', 75, 4, () => 0.3],
    ['labels more often of what the judge calls bad', 200, 1, (called) => (called ? 0.3 : 0.9)],
  ])('covers the truth: %s', (_name, groups, size, chance) => {
    const draws = 400;
    let covered = 0;
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      const [found] = calibrateJudge(drawCalibration(groups, size, chance)).agreement;
      sum += found!.kappa!;
      const { low, high } = found!.kappaInterval!;
      if (low <= truth && truth <= high) covered++;
    }
    // 95 % nominal; three standard errors of 400 draws are 3.3 points.
    expect(covered / draws).toBeGreaterThan(0.917);
    expect(Math.abs(sum / draws - truth)).toBeLessThan(0.03);
  });
});

describe('a calibration', () => {
  const rows: ScoreRow[] = Array.from({ length: 40 }, (_, index) =>
    ['a', 'b'].map((variant) => ({
      sample: `s${index}`,
      variant,
      metric: 'judge',
      // Good answers are the even ones; the judge errs on each tenth.
      value: index === 39 ? null : (index % 2 === 0) === (index % 10 !== 4) ? 1 : 0,
    })),
  ).flat();
  const labels = Array.from({ length: 20 }, (_, index) =>
    ['a', 'b'].map((variant) => ({
      sample: `s${index}`,
      variant,
      label: index % 2 === 0,
    })),
  ).flat();

  it('gives what the labels show, for all and for each variant', () => {
    const { agreement, differences, notes } = calibrateJudge({ rows, labels, metric: 'judge' });
    expect(agreement.map(({ variant, labels: count }) => [variant, count])).toEqual([
      [null, 40],
      ['a', 20],
      ['b', 20],
    ]);
    // Of ten good answers s4 and s14 are missed; no bad one is called good.
    expect(agreement[1]).toMatchObject({
      sensitivity: { mean: 0.8 },
      specificity: { mean: 1 },
      judged: 39,
      refused: null,
    });
    expect(agreement[1]?.kappa).toBeCloseTo(0.8, 12);
    // Two of twenty differ: Clopper-Pearson 1.235 to 31.698 %; chance alone differs on .4 * .5 + .6 * .5 = .5.
    expect(agreement[1]?.kappaInterval?.low).toBeCloseTo(1 - 0.31698 / 0.5, 4);
    expect(agreement[1]?.kappaInterval?.high).toBeCloseTo(1 - 0.01235 / 0.5, 4);
    expect(differences).toMatchObject([{ a: 'a', b: 'b', difference: 0, labels: 20, samples: 39 }]);
    expect(notes).toHaveLength(2);
  });

  it('counts labels by 1 over the chance with which they were chosen', () => {
    // Disagreements were labelled four times as often: 8 of 10 found good, but the two that were missed count a quarter each.
    const chosen = labels.map((label) => ({
      ...label,
      probability: Number(label.sample.slice(1)) % 10 === 4 ? 1 : 0.25,
    }));
    const { agreement } = calibrateJudge({ rows, labels: chosen, metric: 'judge' });
    // 8 * 4 of 8 * 4 + 2; people call 34 of 74 good and the judge 32, and they differ on 2.
    expect(agreement[1]?.sensitivity.mean).toBeCloseTo(32 / 34, 12);
    expect(agreement[1]?.kappa).toBeCloseTo(1 - 2 / 74 / ((32 * 40 + 34 * 42) / 74 ** 2), 12);
    const same = labels.map((label) => ({ ...label, probability: 0.25 }));
    expect(calibrateJudge({ rows, labels: same, metric: 'judge' }).agreement).toEqual(
      calibrateJudge({ rows, labels, metric: 'judge' }).agreement,
    );
  });

  it('knows less from labels of one group', () => {
    const grouped = rows.map((row) => ({ ...row, group: `g${Math.floor(Number(row.sample.slice(1)) / 4)}` }));
    const [, alone] = calibrateJudge({ rows, labels, metric: 'judge' }).agreement;
    const [, together] = calibrateJudge({ rows: grouped, labels, metric: 'judge' }).agreement;
    expect(together?.kappa).toBe(alone?.kappa);
    expect(together!.kappaInterval!.low).toBeLessThan(alone!.kappaInterval!.low);
    expect(together!.specificity.low!).toBeLessThan(alone!.specificity.low!);
  });

  it('refuses a correction without knowledge, and labels that fit nothing', () => {
    const blind = rows.map((row) => ({ ...row, value: 1 }));
    const { agreement } = calibrateJudge({ rows: blind, labels, metric: 'judge' });
    expect(agreement[0]?.corrected).toBeNull();
    expect(agreement[0]?.refused).toMatch(/is 0\.00, under 0\.3/);
    expect(() =>
      calibrateJudge({ rows, labels: [{ sample: 'x', variant: 'a', label: true }], metric: 'judge' }),
    ).toThrow(/none of 1 belongs/);
    expect(() => calibrateJudge({ rows, labels: [{ sample: 's1', label: true }], metric: 'judge' })).toThrow(
      /name its variant/,
    );
  });
});

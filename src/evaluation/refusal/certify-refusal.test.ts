import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fewestAnswers } from './answers-needed.ts';
import { type CalibrationAnswer, reweighAnswerable } from './calibration-answer.ts';
import { certifyRefusal, refusalCertificateSchema } from './certify-refusal.ts';
import { learnThenTest, testThreshold } from './learn-then-test.ts';

function answer(index: number, more: Partial<CalibrationAnswer>): CalibrationAnswer {
  return {
    sample: `s${index}`,
    group: `g${index}`,
    answerable: true,
    confidence: 0.9,
    wrong: false,
    ...more,
  };
}

describe('a tested threshold', () => {
  it('has the Clopper-Pearson bound of the wrong among the answers given at it', () => {
    const answers = [
      ...Array.from({ length: 50 }, (_, index) => answer(index, { wrong: index < 2 })),
      answer(50, { confidence: 0.2, wrong: true }),
      answer(51, { confidence: null, wrong: true }),
    ];
    const tested = testThreshold(answers, 0.5, 0.05);
    expect(tested).toMatchObject({ answered: 50, wrong: 2 });
    // The value at which two or fewer of 50 have a chance of .05: 1 - (1-p)^50 - ... = .95 at p = .120576.
    const p = tested.upper;
    const atMostTwo = (1 - p) ** 50 + 50 * p * (1 - p) ** 49 + 1225 * p ** 2 * (1 - p) ** 48;
    expect(atMostTwo).toBeCloseTo(0.05, 8);
    expect(testThreshold(answers, 0.95, 0.05)).toMatchObject({ answered: 0, upper: 1 });
  });

  it('counts answers of one group as what they are worth', () => {
    const alone = Array.from({ length: 60 }, (_, index) => answer(index, {}));
    const together = alone.map((each, index) => ({ ...each, group: `g${index % 12}` }));
    // No wrong one in 12 groups of five is worth 12 independent answers: 1 - .05^(1/12), and t for few groups on top of it.
    expect(testThreshold(alone, 0.5, 0.05).upper).toBeCloseTo(1 - 0.05 ** (1 / 60), 9);
    expect(testThreshold(together, 0.5, 0.05).upper).toBeGreaterThan(1 - 0.05 ** (1 / 12));
  });
});

describe('the sequence', () => {
  it('stops at the first threshold that fails, and certifies the one before it', () => {
    // Right down to .5 and wrong below it: whatever the parts are, thresholds from .5 on have no wrong answer.
    const answers = Array.from({ length: 400 }, (_, index) =>
      answer(index, { confidence: (index + 0.5) / 400, wrong: index < 200 }),
    );
    const { tested, certified } = learnThenTest(answers, { risk: 0.1, confidence: 0.95, seed: 'a' });
    expect(tested.slice(0, -1).every(({ passed }) => passed)).toBe(true);
    expect(tested.at(-1)).toMatchObject({ passed: false });
    expect(certified).toEqual(tested.at(-2));
    const thresholds = tested.map(({ threshold }) => threshold);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
  });

  it('certifies nothing from a handful, and says how many answers it takes', () => {
    const few = Array.from({ length: 20 }, (_, index) =>
      answer(index, {
        answerable: index % 2 === 0,
        wrong: index % 2 === 1,
        confidence: index % 2 === 0 ? 0.9 : 0.1,
      }),
    );
    const made = certifyRefusal(few, { risk: 0.1, confidence: 0.95, unanswerable: 0.5 });
    expect(made.certified).toBeNull();
    // ln .05 / ln .9 = 28.4, and three quarters are tested: 29 / .75 = 38.7.
    expect(fewestAnswers(0.1, 0.05)).toBe(29);
    expect(made.shortfall).toMatchObject({ reason: 'too-few-answers', fewest: 39 });
    expect(made.shortfall!.needed).toBeGreaterThan(39);
    refusalCertificateSchema.parse(made);
  });

  it('says that no number of answers would do where too many are wrong', () => {
    const bad = Array.from({ length: 400 }, (_, index) =>
      answer(index, { confidence: (index % 10) / 10, wrong: index % 3 === 0, answerable: index % 2 === 0 }),
    );
    const made = certifyRefusal(bad, { risk: 0.1, confidence: 0.95, unanswerable: 0.5 });
    expect(made).toMatchObject({ certified: null, shortfall: { reason: 'too-many-wrong', needed: null } });
  });

  it('does not say that too many are wrong where none or few of a handful were', () => {
    // None of these few answers is wrong; (0 + .5) / (4 + 1) is as much as the risk, but nothing that was seen.
    for (const count of [4, 8, 12]) {
      const handful = Array.from({ length: count }, (_, index) =>
        answer(index, {
          confidence: index % 2 ? null : 0.9,
          wrong: index % 2 === 1,
          answerable: index % 2 === 0,
        }),
      );
      const { shortfall } = certifyRefusal(handful, { risk: 0.1, confidence: 0.95, unanswerable: 0.5 });
      expect(shortfall, `${count}`).toMatchObject({ reason: 'too-few-answers', fewest: 39 });
    }
  });

  it('asks for both kinds of questions', () => {
    const answerable = Array.from({ length: 100 }, (_, index) => answer(index, {}));
    expect(() => certifyRefusal(answerable, { risk: 0.1, confidence: 0.95, unanswerable: 0.2 })).toThrow(
      expect.objectContaining({ code: 'calibration-one-sided' }),
    );
    expect(
      certifyRefusal(answerable, { risk: 0.1, confidence: 0.95, unanswerable: 0 }).certified,
    ).not.toBeNull();
    for (const target of [
      { risk: 0 },
      { risk: 1 },
      { unanswerable: 1 },
      { unanswerable: -0.1 },
      { confidence: 0.4 },
    ])
      expect(() =>
        certifyRefusal(answerable, { risk: 0.1, confidence: 0.95, unanswerable: 0, ...target }),
      ).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('reweighing', () => {
  it('keeps all of the kind that is scarce and a share of the other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (answerable, unanswerable, share) => {
          const answers = Array.from({ length: answerable + unanswerable }, (_, index) =>
            answer(index, { answerable: index < answerable }),
          );
          const kept = reweighAnswerable(answers, share, 'x');
          const hidden = kept.filter((each) => !each.answerable).length;
          const scarce = unanswerable / share <= answerable / (1 - share);
          if (scarce) expect(hidden).toBe(unanswerable);
          else expect(kept.length - hidden).toBe(answerable);
          expect(kept.every((each) => answers.includes(each))).toBe(true);
        },
      ),
    );
    expect(reweighAnswerable([answer(0, {}), answer(1, { answerable: false })], 0, 'x')).toHaveLength(1);
  });
});

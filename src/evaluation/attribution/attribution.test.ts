import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributionReportSchema } from './attribution-report.ts';
import { classifyFailure, type FailureClass } from './classify-failure.ts';
import { idleWorlds, simulateIdle } from './idle-remedies.fixture.ts';
import { type JudgeOptions, judgeOutcomes } from './judge-outcomes.ts';
import {
  armOutcomeOf,
  drawOutcomes,
  goldAt,
  outcomeOf,
  type PlantedWorld,
} from './planted-outcomes.fixture.ts';
import { attributionArms, type SampleOutcome } from './sample-outcome.ts';

const report = (outcomes: readonly SampleOutcome[], more: Partial<JudgeOptions> = {}) =>
  judgeOutcomes({
    outcomes,
    arms: [
      { arm: 'base', variant: 'rag', run: 'r' },
      ...attributionArms.map((arm) => ({ arm, variant: `rag.${arm}`, run: arm })),
    ],
    dataset: 'd',
    split: null,
    variant: 'rag',
    metric: 'correct',
    rightFrom: 1,
    candidates: 50,
    ...more,
  });

describe('the class of a failure', () => {
  const all = {
    'no-context': false,
    gold: false,
    'gold-distractors': false,
    'gold-few-shot': false,
    placebo: false,
  };
  const wrong = (arms: object, more: Partial<SampleOutcome> = {}) =>
    outcomeOf('s', { base: false, ...all, ...arms }, more);
  const cases: [string, SampleOutcome, FailureClass][] = [
    ['doubt comes first', wrong({}, { labelDoubt: 'why', gold: goldAt.nowhere }), 'label-suspect'],
    [
      'an error',
      { ...wrong({}), base: armOutcomeOf(false, { right: null, value: null, error: 'model-failed' }) },
      'infrastructure-error',
    ],
    ['form before search', wrong({}, { formFault: 'why', gold: goldAt.nowhere }), 'format'],
    ['not in the corpus', wrong({ gold: true }, { gold: goldAt.outside }), 'corpus-gap'],
    [
      'not found, even when noise mends it',
      wrong({ placebo: true }, { gold: goldAt.nowhere }),
      'retrieval-miss',
    ],
    ['found and cut', wrong({ gold: true }, { gold: goldAt.candidates }), 'ranking-miss'],
    ['noise before what the gold arm mends', wrong({ placebo: true, gold: true }), 'variance'],
    [
      'refused with the evidence there',
      { ...wrong({ gold: true }), base: armOutcomeOf(false, { refused: true }) },
      'abstained',
    ],
    ['right without distractors', wrong({ gold: true }), 'distracted'],
    ['wrong with the evidence', wrong({}), 'behaviour'],
    [
      'no evidence marked',
      wrong(
        { gold: true },
        { gold: { marked: false, inCorpus: null, candidateRank: undefined, inContext: null } },
      ),
      'undetermined',
    ],
    ['no gold arm', outcomeOf('s', { base: false, placebo: false }), 'undetermined'],
  ];
  it.each(cases)('%s', (_name, outcome, failure) => {
    expect(classifyFailure(outcome).failure).toBe(failure);
  });
});

describe('a report', () => {
  it('counts flips, shares and headroom as worked out by hand', () => {
    // Ten samples: 4 right before (1 harmed by gold), 6 wrong; gold mends 4 of them, the placebo 1 (also mended by gold).
    const outcomes = [
      ...[1, 1, 1, 0].map((gold, index) =>
        outcomeOf(`a${index}`, { base: true, gold: gold === 1, placebo: true }),
      ),
      ...[1, 1, 1, 1, 0, 0].map((gold, index) =>
        outcomeOf(`b${index}`, { base: false, gold: gold === 1, placebo: index === 0 }),
      ),
    ];
    const given = report(outcomes, {
      arms: [
        { arm: 'base', variant: 'rag', run: 'r' },
        { arm: 'gold', variant: 'rag.gold', run: 'g' },
        { arm: 'placebo', variant: 'rag.placebo', run: 'p' },
        { arm: 'gold-few-shot', variant: 'rag.gold-few-shot', absent: 'no train split' },
      ],
    });
    const [gold] = given.remedies;
    expect(gold).toMatchObject({
      arm: 'gold',
      helped: 4,
      harmed: 1,
      helpedByPlacebo: 1,
      harmedByPlacebo: 0,
      wrongBefore: 6,
      rightBefore: 4,
    });
    expect(gold?.net.mean).toBeCloseTo(0.3, 12);
    expect(gold?.attributable?.mean).toBeCloseTo(0.5, 12);
    expect(gold?.attributableHarm?.mean).toBeCloseTo(0.25, 12);
    expect(gold?.headroom?.mean).toBeCloseTo(0.3, 12);
    expect(given.failures).toMatchObject({ count: 6, of: 10 });
    const counts = Object.fromEntries(given.classes.map(({ failure, count }) => [failure, count]));
    expect(counts).toMatchObject({ variance: 1, distracted: 3, behaviour: 2 });
    const distracted = given.classes.find(({ failure }) => failure === 'distracted');
    expect(distracted?.ceiling).toBeCloseTo(0.3, 12);
    // Where the evidence was in the context: gold mends 4, the placebo 1, of ten samples.
    expect(distracted?.headroom).toMatchObject({ arm: 'gold', against: 'placebo' });
    expect(distracted?.headroom?.mean).toBeCloseTo(0.3, 12);
    expect(given.classes.find(({ failure }) => failure === 'behaviour')?.headroom).toBeNull();
    expect(given.arms.at(-1)).toMatchObject({ run: null, score: null, absent: 'no train split' });
    expect(given.notes.join(' ')).toContain('Only 10 independent groups');
  });

  it('gives no attributable share without a placebo, and says so', () => {
    const given = report(
      [outcomeOf('a', { base: false, gold: true }), outcomeOf('b', { base: true, gold: true })],
      {
        arms: [
          { arm: 'base', variant: 'rag', run: 'r' },
          { arm: 'gold', variant: 'rag.gold', run: 'g' },
        ],
      },
    );
    expect(given.remedies[0]).toMatchObject({
      helped: 1,
      helpedByPlacebo: null,
      attributable: null,
      headroom: null,
    });
    expect(given.notes.join(' ')).toContain('Without a placebo arm');
  });

  it('keeps unanswerable questions apart and leaves out what has no score in some arm', () => {
    const none = armOutcomeOf(false, { value: null, right: null, error: 'model-failed' });
    const full = Object.fromEntries(attributionArms.map((arm) => [arm, true]));
    const refused = armOutcomeOf(true, { refused: true });
    const outcomes = [
      outcomeOf('a', { base: true, ...full }),
      { ...outcomeOf('b', { base: true, ...full }), base: none },
      { ...outcomeOf('u', { base: true, ...full }), answerable: false, base: refused },
      { ...outcomeOf('v', { base: false, ...full }), answerable: false },
    ];
    const given = report(outcomes);
    expect(given).toMatchObject({ samples: 4, answerable: 2, matched: 1 });
    expect(given.failures).toMatchObject({ count: 1, of: 2 });
    expect(given.failed).toMatchObject([
      { sample: 'b', failure: 'infrastructure-error', reason: 'model-failed' },
    ]);
    expect(given.unanswerable.find(({ arm }) => arm === 'base')).toMatchObject({ refused: 1, of: 2 });
    expect(given.unanswerable.some(({ arm }) => arm === 'no-context')).toBe(false);
    expect(given.notes.join(' ')).toContain('1 of 2 answerable samples lack a score');
  });

  it('counts right answers without evidence among the right ones', () => {
    const right = (sample: string, place: keyof typeof goldAt, noContext: boolean) =>
      outcomeOf(sample, { base: true, 'no-context': noContext }, { gold: goldAt[place] });
    const given = report([
      right('a', 'context', true),
      right('b', 'nowhere', true),
      right('c', 'candidates', false),
    ]);
    expect(given.unsupported).toMatchObject({ count: 2, of: 3, rightWithoutContext: 1 });
  });
});

const planted: PlantedWorld = {
  clusters: 150,
  clusterSize: 2,
  missed: 0.3,
  distracted: 0.15,
  hopeless: 0.05,
  noise: 0.1,
  alike: 0.3,
};

describe('where the truth is planted', () => {
  it('is found within the intervals', () => {
    const repetitions = 40;
    let missedCovered = 0;
    let attributableCovered = 0;
    let headroomCovered = 0;
    // Wrong before: .9 of each bad sort, .1 of the fine. Of those, gold among distractors mends the missed.
    const wrong = 0.5 * 0.9 + 0.5 * 0.1;
    const gain = 0.3 * 0.9 * (0.9 - 0.1);
    for (let seed = 1; seed <= repetitions; seed++) {
      const given = report(drawOutcomes(planted, seed));
      const within = (interval: { low: number; high: number } | null | undefined, truth: number): boolean =>
        !!interval && interval.low <= truth && truth <= interval.high;
      const missed = given.classes.find(({ failure }) => failure === 'retrieval-miss');
      const remedy = given.remedies.find(({ arm }) => arm === 'gold-distractors');
      missedCovered += within(missed?.share, (0.3 * 0.9) / wrong) ? 1 : 0;
      attributableCovered += within(remedy?.attributable, gain / wrong) ? 1 : 0;
      headroomCovered += within(missed?.headroom, gain) && within(remedy?.headroom, gain) ? 1 : 0;
    }
    // At a rate of 95 %, fewer than 34 of 40 has a probability of .003.
    expect([missedCovered, attributableCovered, headroomCovered].every((covered) => covered >= 34)).toBe(
      true,
    );
  });
});

describe('a remedy that does nothing', () => {
  it('seems to mend failures, and the attributable share covers 0 at its rate', () => {
    const independent = simulateIdle(idleWorlds.independent!, 200);
    const clustered = simulateIdle(idleWorlds['60 clusters']!, 200);
    for (const { covered, mended } of [independent, clustered]) {
      // At a rate of 95 %, fewer than 90.5 % of 200 has a probability of .004.
      expect(covered).toBeGreaterThanOrEqual(0.905);
      // .85 of the hopeless and .15 of the fine are wrong before: (.4 * .85 * .15 + .6 * .15 * .85) / (.34 + .09).
      expect(mended).toBeCloseTo(0.297, 1);
    }
  });
});

describe('whatever the outcomes', () => {
  const maybe = fc.constantFrom(true, false, null);
  const arm = fc.record({ right: maybe, refused: fc.boolean() }).map(({ right, refused }) =>
    armOutcomeOf(right === true, {
      refused,
      ...(right === null ? { value: null, right: null, error: 'model-failed' } : {}),
    }),
  );
  const outcome = fc.record({
    group: fc.constantFrom('a', 'b', 'c', 'd'),
    answerable: fc.boolean(),
    base: arm,
    arms: fc.record(Object.fromEntries(attributionArms.map((name) => [name, arm]))),
    gold: fc.constantFrom(...Object.values(goldAt)),
    labelDoubt: fc.constantFrom(null, null, 'why'),
    formFault: fc.constantFrom(null, null, 'why'),
  });

  it('every failure is in one class, and no interval lacks its mean', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 25 }), (drawn) => {
        const outcomes = drawn.map((each, index) => ({ ...each, sample: `s${index}` }));
        const given = attributionReportSchema.parse(report(outcomes));
        const counted = given.classes.reduce((sum, { count }) => sum + count, 0);
        expect(counted).toBe(given.failures.count);
        expect(given.failed).toHaveLength(given.failures.count);
        const intervals = [
          ...given.arms.map(({ score }) => score),
          ...given.remedies.flatMap((each) => [
            each.net,
            each.attributable,
            each.attributableHarm,
            each.headroom,
          ]),
          ...given.classes.flatMap(({ share, headroom }) => [share, headroom]),
        ].filter((interval) => interval !== null);
        for (const { mean, low, high } of intervals) {
          expect(low).toBeLessThanOrEqual(mean + 1e-9);
          expect(high).toBeGreaterThanOrEqual(mean - 1e-9);
          expect(Math.max(Math.abs(low), Math.abs(high))).toBeLessThanOrEqual(1 + 1e-9);
        }
        for (const each of given.remedies) {
          expect(each.helped).toBeLessThanOrEqual(each.wrongBefore);
          expect(each.wrongBefore + each.rightBefore).toBe(given.matched);
        }
      }),
      { numRuns: 60 },
    );
  });
});

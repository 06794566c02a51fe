import { describe, expect, it } from 'vitest';
import type { ScoreRow } from '../evaluation/index.ts';
import { enteredFigure, unknownFigure } from './cost/figure.ts';
import { decide } from './decide.ts';

const n = 300;

/** Rows of variants by the share of right answers, given by a test on the number of the sample. */
function rowsOf(
  arms: Readonly<
    Record<string, { right: (sample: number) => boolean; usd?: number | null; seconds?: number }>
  >,
): ScoreRow[] {
  return Object.entries(arms).flatMap(([variant, { right, usd = 0.001, seconds }]) =>
    Array.from({ length: n }, (_, index) => ({ sample: `s${index}`, variant, costUsd: usd })).flatMap(
      (row, index): ScoreRow[] => [
        { ...row, metric: 'correct', value: right(index) ? 1 : 0, deployable: variant !== 'oracle' },
        ...(seconds === undefined ? [] : [{ ...row, metric: 'latency', value: -seconds }]),
      ],
    ),
  );
}

const below = (share: number) => (sample: number) => sample < share * n;
const settings = { metric: 'correct', bar: 0.6, margin: 0.1 };

describe('a limit of latency', () => {
  const rows = rowsOf({
    slow: { right: below(0.95), usd: 0.001, seconds: 9 },
    quick: { right: below(0.8), usd: 0.002, seconds: 1 },
    untimed: { right: below(0.8), usd: 0.0005 },
  });

  it('takes out what is too slow, and holds nobody against it', () => {
    expect(decide({ ...settings, rows }).recommended).toBe('slow');
    const limited = decide({ ...settings, rows, maxP95: 2 });
    expect(limited.recommended).toBe('quick');
    expect(limited.variants.find(({ variant }) => variant === 'quick')?.p95).toMatchObject({
      n: 300,
      seconds: 1,
      high: 1,
    });
    expect(limited.evidence.find(({ against }) => against === 'slow')?.claim).toContain('too slow');
    expect(limited.variants.find(({ variant }) => variant === 'untimed')?.qualifies).toBe(false);
  });

  it('says none is good enough when all are too slow', () => {
    const late = rowsOf({ a: { right: below(0.9), seconds: 9 }, b: { right: below(0.9), seconds: 8 } });
    expect(decide({ ...settings, rows: late, maxP95: 2 }).reason).toBe('none-good-enough');
  });
});

describe('a margin from money', () => {
  // 10 points of quality apart; $4 per 1,000 requests apart.
  const rows = rowsOf({
    cheap: { right: below(0.8), usd: 0.001 },
    dear: { right: below(0.9), usd: 0.005 },
  });
  const money = (wrongUsd: number) => decide({ ...settings, rows, money: { marginUsdPer1000: 2, wrongUsd } });

  it('names the cheap one where a wrong answer costs less than the saving', () => {
    // $.01 a wrong answer: 100 more of them in 1,000 cost $1, and $4 are saved.
    expect(money(0.01)).toMatchObject({ recommended: 'cheap', margin: 0.2 });
  });

  it('names the dear one where a wrong answer costs more', () => {
    // $.20 a wrong answer: 100 more of them in 1,000 cost $20, and $4 are saved: 8 points net, margin 1 point.
    const decision = money(0.2);
    expect(decision.recommended).toBe('dear');
    const row = decision.evidence.find(({ against }) => against === 'cheap');
    expect(row?.estimate).toBeCloseTo(0.1 - 0.004 / 0.2, 9);
  });

  it('refuses a cost that is not known', () => {
    const unpriced = rowsOf({ a: { right: below(0.8), usd: null }, b: { right: below(0.8) } });
    expect(() =>
      decide({ ...settings, rows: unpriced, money: { marginUsdPer1000: 1, wrongUsd: 1 } }),
    ).toThrow(/cost of "a" is not known/);
  });
});

describe('the ladder', () => {
  const base = {
    prompt: { right: below(0.4), usd: 0.001 },
    rag: { right: below(0.7), usd: 0.003 },
    tuned: { right: below(0.5), usd: 0.002 },
    hybrid: { right: below(0.9), usd: 0.004 },
    oracle: { right: below(0.95), usd: 0 },
  };
  const decision = decide({ ...settings, rows: rowsOf(base) });
  const step = (name: string) => decision.ladder.find((each) => each.step === name)!;

  it('measures K, R, B and synergy', () => {
    expect(step('retrieval')).toMatchObject({ outcome: 'shown', stopped: false });
    expect(step('retrieval').estimate).toBeCloseTo(0.55, 9);
    expect(step('better retrieval').estimate).toBeCloseTo(0.25, 9);
    expect(step('fine-tuning for behaviour').estimate).toBeCloseTo(0.6 - 0.95, 9);
    expect(step('fine-tuning for behaviour').outcome).toBe('refuted');
    // .5 - .4 is the margin of .1, which has to be passed.
    expect(step('a tuned model').estimate).toBeCloseTo(0.1, 9);
    expect(step('a tuned model').outcome).toBe('open');
    // (.9 - .7) - (.5 - .4) = .1
    expect(step('hybrid').estimate).toBeCloseTo(0.1, 9);
    expect(step('hybrid')).toMatchObject({ outcome: 'shown', n: 300 });
    expect(step('a better prompt')).toMatchObject({ outcome: 'not-tested', estimate: null, low: null });
    expect(decision.notTested.some((line) => line.startsWith('a better prompt'))).toBe(true);
  });

  it('holds a tuned model against the best prompt there is', () => {
    const shots = decide({
      ...settings,
      rows: rowsOf({ ...base, 'few-shot': { right: below(0.6), usd: 0.002 } }),
    });
    const found = shots.ladder.find((each) => each.step === 'a tuned model')!;
    expect(found.estimate).toBeCloseTo(0.5 - 0.6, 9);
    expect(found.outcome).toBe('refuted');
  });

  it('averages the waterfall over both orders, and its parts sum up', () => {
    const [both, gold] = decision.waterfalls;
    expect(both?.steps.map(({ name, estimate }) => [name, Number(estimate.toFixed(9))])).toEqual([
      ['retrieval', 0.35],
      ['tuning', 0.15],
    ]);
    expect(both!.from.mean + 0.5).toBeCloseTo(both!.to.mean, 9);
    expect(gold?.order).toContain('in this order');
  });

  it('sees a stop sign', () => {
    const useless = decide({
      ...settings,
      rows: rowsOf({ ...base, oracle: { right: below(0.4) } }),
      facts: { halfLifeMonths: 2, today: '2026-11-26' },
    });
    const retrieval = useless.ladder.find((each) => each.step === 'retrieval');
    expect(retrieval).toMatchObject({ outcome: 'refuted', stopped: true });
    expect(useless.ladder.find((each) => each.step === 'fine-tuning for behaviour')?.stopped).toBe(true);
    expect(useless.risks[0]).toContain('within 2 months:');
    expect(useless.lookAgain.by).toBe('2027-01-26');
  });

  it('takes kinds from the rows before names', () => {
    const named = rowsOf({ a: { right: below(0.4) }, b: { right: below(0.8) } }).map((row) => ({
      ...row,
      kind: row.variant === 'a' ? 'prompt' : 'tuned-self-hosted',
    }));
    const { ladder } = decide({ ...settings, rows: named });
    expect(ladder[0]?.figure).toBe('a - bar');
    expect(ladder.at(-1)?.figure).toBeNull();
  });
});

describe('costs of a decision', () => {
  const rows = rowsOf({
    rag: { right: below(0.85), usd: 0.002 },
    tuned: { right: below(0.85), usd: 0.0001 },
  });
  const costing = {
    today: '2026-11-26',
    losses: { wrong: unknownFigure('not entered'), refused: unknownFigure('not entered') },
    arms: [
      {
        name: 'tuned',
        kind: 'tuned-self-hosted' as const,
        hypothetical: false,
        costPer1000: enteredFigure(0.1),
        prices: {},
        hosting: { form: 'per-token' as const, monthlyFee: enteredFigure(2000) },
        upfront: { months: enteredFigure(12) },
        maintenance: {},
      },
    ],
  };

  it('counts what is fixed, and says at which volume another is cheaper', () => {
    const small = decide({ ...settings, rows, costing, volume: 100_000 });
    // $2 per 1,000 against $.10 and $2,000 a month: they cross at 2000 / .0019 = 1,052,632 requests.
    expect(small.recommended).toBe('rag');
    const tuned = small.variants.find(({ variant }) => variant === 'tuned');
    expect(tuned?.monthlyUsd).toBeCloseTo(2010, 6);
    expect(tuned?.monthlyUsdTenfold).toBeCloseTo(2100, 6);
    const volume = small.tipping.find(({ parameter }) => parameter === 'volume');
    expect(volume).toMatchObject({ direction: 'above', to: 'tuned' });
    expect(Math.round(volume!.flipsAt / 10)).toBe(105263);
    expect(decide({ ...settings, rows, costing, volume: 2_000_000 }).recommended).toBe('tuned');
  });

  it('says what labels are worth where a wrong answer has a price', () => {
    const tagged = rows.map((row) => ({ ...row, tags: [Number(row.sample.slice(1)) % 2 ? 'odd' : 'even'] }));
    const { labels } = decide({ ...settings, rows: tagged, labels: { wrongUsd: 0.1 } });
    expect(labels.map(({ stratum }) => stratum).sort()).toEqual(['even', 'odd']);
    expect(decide({ ...settings, rows }).labels).toEqual([]);
  });
});

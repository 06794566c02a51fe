import { describe, expect, it } from 'vitest';
import type { ArmCost } from './arm-cost.ts';
import type { ArmInputs, UnitPrices } from './arm-inputs.ts';
import { armOf, noLosses, profileOf } from './arms.fixture.ts';
import { compileArm } from './compile-arm.ts';
import { costAtVolume } from './cost-at-volume.ts';
import { drawFigures } from './draw-figures.ts';
import { enteredFigure, listedFigure, measuredFigure, unknownFigure } from './figure.ts';

const costOf = (arm: ArmInputs, volume = 1000, losses = noLosses): ArmCost =>
  costAtVolume(compileArm(arm), volume, drawFigures([arm], { draws: 50 }), losses);
const linesOf = (arm: ArmInputs, volume = 1000): Record<string, number | null> =>
  Object.fromEntries(
    costOf(arm, volume).lines.map(({ term, usdPerMonth }) => [
      term,
      usdPerMonth.value === null ? null : Number(usdPerMonth.value.toPrecision(12)),
    ]),
  );

const prices: UnitPrices = {
  input: enteredFigure(1),
  cachedInput: enteredFigure(0.1),
  cacheWrite: enteredFigure(1.25),
  output: enteredFigure(5),
  batchDiscount: enteredFigure(0.5),
  embedding: enteredFigure(0.02),
  rerank: enteredFigure(2),
  coreHour: enteredFigure(0.036),
};

describe('the cost of a request', () => {
  it('charges each part of the prompt at its price', () => {
    const profile = profileOf({
      staticPrefix: 1000,
      fewShot: 500,
      history: 200,
      query: 100,
      retrieved: 3000,
      output: 300,
      reasoning: 50,
      cachedShare: 0.8,
      embeddedTokens: 20,
      reranks: 1,
      coreSeconds: 2,
    });
    // A million requests: one token of each is a million tokens.
    const stored = { ...prices, storeQuery: enteredFigure(0.016) };
    expect(linesOf(armOf('a', { profile, prices: stored }), 1_000_000)).toEqual({
      'static prefix': 330, // 1000 x (.8 x .1 + .2 x 1.25)
      'few-shot': 165,
      history: 200,
      query: 100,
      retrieved: 3000,
      output: 1500,
      reasoning: 250,
      'local work': 20, // 2 / 3600 x .036 x 1e6
      'query embedding': 0.4,
      rerank: 2000,
      'store queries': 16,
    });
  });

  it('repeats calls, and gives the batched share its discount', () => {
    const arm = armOf('a', {
      profile: profileOf({ query: 1000, retryFactor: 1.1, batchShare: 0.4 }),
      prices,
    });
    // 1000 tokens x 1.1 calls x (1 - .4 x .5) = 880 a million.
    expect(linesOf(arm, 1_000_000)).toEqual({ query: 880 });
    const without = armOf('a', {
      profile: profileOf({ query: 1000, batchShare: 0.4 }),
      prices: { input: enteredFigure(1) },
    });
    expect(linesOf(without, 1_000_000)).toEqual({ query: 1000 });
  });

  it('takes nothing to be written to a cache that is not read', () => {
    const arm = armOf('a', { profile: profileOf({ staticPrefix: 1000 }), prices });
    expect(linesOf(arm, 1_000_000)).toEqual({ 'static prefix': 1000 });
  });

  it('needs no price of what is not used, and is unknown without one of what is', () => {
    const arm = armOf('a', {
      profile: profileOf({ query: 10, output: 1 }),
      prices: { input: enteredFigure(1) },
    });
    const { lines, perMonth, per1000 } = costOf(arm);
    expect(lines.map(({ term, usdPerMonth }) => [term, usdPerMonth.value])).toEqual([
      ['query', expect.closeTo(0.01, 12)],
      ['output', null],
    ]);
    expect(perMonth).toEqual({ value: null, reason: 'output: no price of output tokens is known' });
    expect(per1000.value).toBeNull();
  });

  it('does not take 0 for a price, unless it is said why', () => {
    const arm = (input: UnitPrices['input']): ArmInputs =>
      armOf('a', { profile: profileOf({ query: 10 }), prices: { input } });
    for (const zero of [enteredFigure(0), listedFigure(0, '2026-09-23', 'list')])
      expect(costOf(arm(zero)).perMonth).toMatchObject({
        value: null,
        reason: expect.stringMatching(/is 0, which is no price/),
      });
    expect(costOf(arm(enteredFigure(0, 'free until March'))).perMonth.value).toBe(0);
  });

  it('is unknown for an arm with no cost', () => {
    expect(costOf(armOf('a')).perMonth).toEqual({
      value: null,
      reason: 'answers: neither what a request consumes nor what it costs is known',
    });
    const missing = armOf('a', {
      profile: { ...profileOf({ query: 10 }), output: unknownFigure('usage was not reported') },
      prices,
    });
    expect(costOf(missing).perMonth).toMatchObject({ reason: 'output: usage was not reported' });
  });
});

describe('hosting', () => {
  const hosting = {
    form: 'per-hour' as const,
    replicaHour: enteredFigure(2),
    requestsPerSecond: enteredFigure(10),
    peakToMean: enteredFigure(3),
    minimumReplicas: 2,
  };

  it('pays machines whole, never fewer than the minimum, and no tokens', () => {
    const arm = armOf('a', {
      kind: 'tuned-self-hosted',
      profile: profileOf({ query: 100, output: 10 }),
      hosting,
    });
    // One machine: 10 x 3600 x 730 / 3 = 8,760,000 requests a month, at 2 x 730 = $1,460.
    expect(linesOf(arm, 0)).toEqual({ machines: 2920 });
    expect(linesOf(arm, 17_520_000)).toEqual({ machines: 2920 });
    expect(linesOf(arm, 17_520_001)).toEqual({ machines: 4380 });
    const spare = armOf('a', { kind: 'tuned-self-hosted', hosting: { ...hosting, spareReplicas: 1 } });
    expect(linesOf(spare, 17_520_000)).toEqual({ machines: 4380 });
  });

  it('is bounded by reading long prompts, less what is cached, and by repeated calls', () => {
    const long = armOf('a', {
      kind: 'hybrid',
      profile: profileOf({
        staticPrefix: 1000,
        cachedShare: 0.5,
        query: 500,
        retrieved: 4000,
        retryFactor: 2,
      }),
      hosting: { ...hosting, minimumReplicas: 1, prefillTokensPerSecond: enteredFigure(25_000) },
    });
    // 25,000 / 5,000 tokens = 5 a second; x 3600 x 730 / 3 / 2 calls = 2,190,000.
    expect(linesOf(long, 2_190_000)).toEqual({ machines: 1460 });
    expect(linesOf(long, 2_190_001)).toEqual({ machines: 2920 });
  });

  it('by the second costs nothing without requests', () => {
    const arm = armOf('a', {
      kind: 'tuned-self-hosted',
      profile: profileOf({ query: 1, retryFactor: 1.5 }),
      hosting: {
        form: 'scale-to-zero',
        gpuSecond: enteredFigure(0.001),
        gpuSecondsPerRequest: enteredFigure(0.4),
        coldStartSeconds: enteredFigure(0.2),
      },
    });
    expect(linesOf(arm, 0)).toEqual({ 'GPU-seconds': 0 });
    // .4 x 1.5 + .2 = .8 seconds.
    expect(linesOf(arm, 1000)).toEqual({ 'GPU-seconds': 0.8 });
  });
});

describe('upfront and maintenance', () => {
  const upfront = {
    labels: { count: enteredFigure(1000), usdEach: enteredFigure(0.6) },
    goldSet: { count: enteredFigure(300), usdEach: enteredFigure(2) },
    training: { usdEach: enteredFigure(30), sweep: enteredFigure(3) },
    evaluation: enteredFigure(60),
    engineering: { days: enteredFigure(6), usdDay: enteredFigure(800) },
    months: enteredFigure(12),
  };
  const free = { costPer1000: enteredFigure(1) };

  it('spread what is paid once, each on a line', () => {
    expect(linesOf(armOf('a', { ...free, upfront }))).toEqual({
      answers: 1,
      labels: 50,
      'gold set': 50,
      training: 10, // 4 runs x 30 / 12
      evaluation: 5,
      engineering: 400,
    });
  });

  it('pay training, fresh labels and evaluation again, so that all is as if spread over the shorter life', () => {
    // Every 4 months by cadence, every 3 by the end of the base model: (600 + 120 + 60) / 3 = 260 a month in all.
    const lines = linesOf(
      armOf('a', {
        ...free,
        upfront: { ...upfront, retrainMonths: enteredFigure(4), baseModelMonths: enteredFigure(3) },
      }),
    );
    expect(lines.retraining).toBeCloseTo(780 * (1 / 3 - 1 / 12), 10);
    const together = ['labels', 'training', 'evaluation', 'retraining'].reduce(
      (sum, term) => sum + (lines[term] ?? 0),
      0,
    );
    expect(together).toBeCloseTo(260, 10);
    const fresh = { ...upfront, labels: { ...upfront.labels, fresh: enteredFigure(0) } };
    expect(
      linesOf(armOf('a', { ...free, upfront: { ...fresh, baseModelMonths: enteredFigure(6) } })).retraining,
    ).toBeCloseTo(180 * (1 / 6 - 1 / 12), 10);
    expect(
      linesOf(armOf('a', { ...free, upfront: { ...upfront, retrainMonths: enteredFigure(24) } })).retraining,
    ).toBe(0);
  });

  it('embed the corpus at first, by churn, and whole for a new embedding model', () => {
    const arm = armOf('a', {
      ...free,
      prices: { ...prices, storeQuery: enteredFigure(0.016) },
      maintenance: {
        storeMonthly: enteredFigure(70),
        corpus: {
          tokens: enteredFigure(1.2e9),
          churn: enteredFigure(0.05),
          embeddingModelMonths: enteredFigure(24),
        },
        judge: { share: enteredFigure(0.05), usdEach: enteredFigure(0.006) },
        audit: { share: enteredFigure(0.001), usdEach: enteredFigure(1) },
        goldRefresh: enteredFigure(10),
      },
      upfront: { goldSet: upfront.goldSet, months: enteredFigure(12) },
    });
    expect(linesOf(arm, 1000)).toEqual({
      answers: 1,
      'store queries': 0.016,
      store: 70,
      'gold set': 50,
      'first embedding': 2,
      're-embedding': 1.2,
      'new embedding model': 1,
      'gold set renewal': 20,
      judge: 0.3,
      'human audit': 1,
    });
  });
});

describe('an accepted answer', () => {
  const quality = {
    correct: measuredFigure(0.8, 300, 'run'),
    wrong: measuredFigure(0.15, 300, 'run'),
    refused: measuredFigure(0.05, 300, 'run'),
  };
  const arm = armOf('a', { costPer1000: enteredFigure(10), quality });

  it('costs (c + P(wrong) Lw + P(refused) Lr) / P(correct)', () => {
    const losses = { wrong: enteredFigure(1), refused: enteredFigure(0.2) };
    // (.01 + .15 + .01) / .8 = .2125.
    expect(costOf(arm, 1000, losses).perAccepted.value).toBeCloseTo(0.2125, 12);
  });

  it('cannot be said without losses, quality, requests, or a single correct answer', () => {
    expect(costOf(arm).perAccepted).toEqual({
      value: null,
      reason: 'what a wrong answer costs was not entered',
    });
    const losses = { wrong: enteredFigure(1), refused: enteredFigure(0.2) };
    expect(costOf(armOf('a', { costPer1000: enteredFigure(1) }), 1000, losses).perAccepted).toEqual({
      value: null,
      reason: 'how its answers turn out was not measured',
    });
    expect(costOf(arm, 0, losses).perAccepted).toMatchObject({
      reason: 'there are no requests to divide by',
    });
    const failing = {
      correct: measuredFigure(0, 50, 'run'),
      wrong: measuredFigure(1, 50, 'run'),
      refused: enteredFigure(0),
    };
    expect(costOf({ ...arm, quality: failing }, 1000, losses).perAccepted).toEqual({
      value: null,
      reason: 'none of its answers was correct',
    });
  });

  it('needs no loss by what never happens', () => {
    const perfect = { correct: enteredFigure(1), wrong: enteredFigure(0), refused: enteredFigure(0) };
    expect(costOf({ ...arm, quality: perfect }).perAccepted.value).toBeCloseTo(0.01, 12);
  });
});

it('a sum says what it is made of: derived, with the oldest price', () => {
  const arm = armOf('a', {
    profile: profileOf({ query: 10, output: 1 }),
    prices: {
      input: listedFigure(1, '2026-09-23', 'list'),
      output: listedFigure(5, '2026-05-01', 'overlay'),
    },
  });
  const { perMonth, lines } = costOf(arm);
  expect(perMonth).toMatchObject({ source: 'derived', date: '2026-05-01' });
  expect(lines[0]).toMatchObject({ formula: 'requests x 10 tokens x $1.00 / 1M', part: 'request' });
});

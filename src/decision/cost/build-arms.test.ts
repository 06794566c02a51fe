import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addUsage, type Cost, noCost } from '../../core/index.ts';
import { today } from './arms.fixture.ts';
import { buildArms, lossesOf } from './build-arms.ts';
import { costsConfigSchema } from './cost-config.ts';
import { enteredFigure, type Figure, listedFigure } from './figure.ts';
import { type MeasuredArm, type MeasuredRequest, measuredParts } from './measured-arm.ts';

const paid = (usd: number | null): Cost => ({
  usd,
  source: 'price-list',
  priceDate: '2026-09-23',
  basis: usd === null ? 'no price is known for x/y' : 'list price of x/y',
});

function request(index: number, more: Partial<MeasuredRequest> = {}): MeasuredRequest {
  return {
    group: `g${index}`,
    usage: addUsage({
      inputTokens: 100,
      cachedInputTokens: 40,
      outputTokens: 30,
      reasoningTokens: 10,
      calls: 1,
      inputParts: { staticPrefix: 70, fewShot: 10, history: 0, retrieved: 0, query: 20 },
    }),
    cost: paid(0.001),
    correct: 1,
    refused: false,
    ...more,
  };
}

const measured = (requests: readonly MeasuredRequest[], more: Partial<MeasuredArm> = {}): MeasuredArm => ({
  name: 'v',
  kind: 'prompt',
  run: 'run_1',
  date: '2026-11-20',
  requests,
  prices: { input: listedFigure(1, '2026-09-23', 'list'), output: listedFigure(5, '2026-09-23', 'list') },
  ...more,
});
const ten = Array.from({ length: 10 }, (_, index) => request(index));

describe('measured requests', () => {
  it('give the tokens of a mean request by part, and the share of the prefix that was cached', () => {
    const { profile, costPer1000, quality } = measuredParts(measured(ten));
    const values = Object.fromEntries(
      Object.entries(profile ?? {}).map(([name, { value }]) => [name, value]),
    );
    expect(values).toMatchObject({
      staticPrefix: 70,
      fewShot: 10,
      query: 20,
      retrieved: 0,
      output: 20,
      reasoning: 10,
      cachedShare: 0.5,
      retryFactor: 1,
    });
    expect(profile?.output).toMatchObject({
      source: 'measured',
      n: 10,
      date: '2026-11-20',
      basis: 'run_1, 10 requests',
    });
    expect(costPer1000).toBeUndefined();
    expect(quality?.correct.value).toBe(1);
  });

  it('are taken at their own cost where a part or a price is not known', () => {
    const old = ten.map((each) => ({
      ...each,
      usage: addUsage({ inputTokens: 100, outputTokens: 30, calls: 1 }),
    }));
    expect(measuredParts(measured(old))).toMatchObject({
      costPer1000: {
        value: expect.closeTo(1, 10),
        date: '2026-09-23',
        basis: 'run_1, 10 requests: list price of x/y',
      },
    });
    expect(measuredParts(measured(old)).profile).toBeUndefined();
    const unlisted = measuredParts(measured(ten, { prices: {} }));
    expect(unlisted.costPer1000?.value).toBeCloseTo(1, 10);
    expect(unlisted.profile?.staticPrefix.value).toBe(70);
  });

  it('have no known cost as soon as one has none', () => {
    const one = [...ten.slice(1), request(0, { cost: paid(null) })];
    expect(measuredParts(measured(one, { prices: {} })).costPer1000).toEqual({
      value: null,
      reason: 'the cost of 1 of 10 answers of run_1 is not known (no price is known for x/y)',
    });
    const free = ten.map((each) => ({ ...each, cost: noCost }));
    expect(measuredParts(measured(free, { prices: {} })).costPer1000?.value).toBe(0);
  });

  it('tell nothing when there are few of them, or none', () => {
    expect(measuredParts(measured([request(0)])).costPer1000).toMatchObject({
      value: null,
      reason: 'a mean needs 5 groups of samples at least; run_1 has 1 (answers: 1)',
    });
    expect(measuredParts(measured([])).costPer1000).toMatchObject({
      reason: 'no request of run_1 was answered',
    });
    const together = ten.map((each) => ({ ...each, group: 'one' }));
    expect(measuredParts(measured(together)).costPer1000).toMatchObject({ value: null });
  });

  it('divide into correct, wrong and refused; what was not scored is left out', () => {
    const requests = [
      ...ten.slice(0, 4),
      request(4, { correct: 0 }),
      request(5, { correct: 0.5 }),
      request(6, { correct: 0, refused: true }),
      // Rightly refused.
      request(7, { correct: 1, refused: true }),
      request(8, { correct: null }),
      request(9, { correct: null, refused: true }),
    ];
    const { quality } = measuredParts(measured(requests));
    expect(quality?.correct).toMatchObject({ value: 5.5 / 8, n: 8 });
    expect(quality?.wrong.value).toBe(1.5 / 8);
    expect(quality?.refused.value).toBe(1 / 8);
    const correct = quality?.correct as Figure;
    expect(correct.low).toBeLessThan(correct.value);
    expect(correct.high).toBeGreaterThan(correct.value);
    const unscored = ten.map((each) => ({ ...each, correct: null }));
    expect(measuredParts(measured(unscored)).quality?.correct.value).toBeNull();
    const latency = ten.map((each) => ({ ...each, correct: -3 }));
    expect(measuredParts(measured(latency)).quality?.correct).toMatchObject({
      reason: expect.stringMatching(/no share/),
    });
  });
});

describe('arms of the config', () => {
  const build = (costs: object, arms: readonly MeasuredArm[] = [measured(ten)]) =>
    buildArms({
      measured: arms,
      costs: costsConfigSchema.parse(costs),
      listed: new Map([['x/z', { input: listedFigure(2, '2026-09-23', 'list of x/z') }]]),
      today,
    });

  it('charge the gold set to every arm, labels and training to tuned ones, the store to those that retrieve', () => {
    const arms = build({
      goldSet: { count: 300, usdEach: 2 },
      evaluation: 50,
      labels: { count: 1000, usdEach: 0.5 },
      training: { usdEach: 20 },
      retrainMonths: 6,
      store: { monthly: 70, per1000Queries: 0.1 },
      corpus: { tokens: 1e6, embeddingPrice: 0.02 },
      engineering: { usdDay: 800, days: { tuned: 4 } },
      arms: {
        tuned: { kind: 'tuned-per-token', like: 'v' },
        found: { kind: 'rag', like: 'v', model: 'x/z', tokens: { retrieved: 3000 } },
        both: { kind: 'hybrid', like: 'v' },
      },
    });
    const has = (pick: (arm: (typeof arms)[number]) => unknown): string[] =>
      arms.filter((arm) => pick(arm) !== undefined).map(({ name }) => name);
    expect(has(({ upfront }) => upfront.goldSet)).toEqual(['v', 'tuned', 'found', 'both']);
    expect(has(({ upfront }) => upfront.evaluation)).toEqual(['v', 'tuned', 'found', 'both']);
    expect(has(({ upfront }) => upfront.labels)).toEqual(['tuned', 'both']);
    expect(has(({ upfront }) => upfront.training)).toEqual(['tuned', 'both']);
    expect(has(({ upfront }) => upfront.retrainMonths)).toEqual(['tuned', 'both']);
    expect(has(({ upfront }) => upfront.engineering)).toEqual(['tuned']);
    expect(has(({ maintenance }) => maintenance.storeMonthly)).toEqual(['found', 'both']);
    expect(has(({ prices }) => prices.storeQuery)).toEqual(['found', 'both']);
    const [v, tuned, found] = arms;
    expect([v?.hypothetical, tuned?.hypothetical]).toEqual([false, true]);
    expect(found?.profile?.retrieved).toMatchObject({ value: 3000, source: 'entered' });
    expect(found?.profile?.query).toMatchObject({ value: 20, source: 'measured' });
    expect(found?.prices.input?.value).toBe(2);
    expect(tuned?.prices.input?.value).toBe(1);
    expect(tuned?.quality?.correct.value).toBe(1);
  });

  it('do not take a cost of 0 for a cost where nothing says why', () => {
    const arms = build({
      arms: {
        bare: { kind: 'external', costPer1000: 0 },
        said: { kind: 'external', costPer1000: { value: 0, basis: 'paid by another team' } },
      },
    });
    const costOf = (name: string) => arms.find((arm) => arm.name === name)?.costPer1000;
    expect(costOf('bare')).toMatchObject({
      value: null,
      reason: expect.stringContaining('which is no price'),
    });
    expect(costOf('said')?.value).toBe(0);
  });

  it('take months of the base model from the day on which it ends', () => {
    const [, arm] = build({
      arms: { a: { kind: 'tuned-per-token', like: 'v', baseModelEnds: '2027-11-26' } },
    });
    expect(arm?.upfront.baseModelMonths?.value).toBeCloseTo(12, 1);
    expect(arm?.endOfLife).toBe('2027-11-26');
  });

  it('lay the requests of production over what was measured', () => {
    const [v, arm] = build({
      requests: { cachedShare: 0.9, batchShare: 0.5 },
      arms: { a: { kind: 'prompt', like: 'v', requests: { batchShare: 0.1, retryFactor: 1.05 } } },
    });
    expect([v?.profile?.cachedShare.value, v?.profile?.batchShare.value]).toEqual([0.9, 0.5]);
    expect([arm?.profile?.cachedShare.value, arm?.profile?.batchShare.value]).toEqual([0.9, 0.1]);
    expect(arm?.profile?.retryFactor.value).toBe(1.05);
  });

  it('say what was not entered', () => {
    const losses = lossesOf(
      costsConfigSchema.parse({ losses: { wrong: { value: 2, low: 1, high: 4, basis: 'support desk' } } }),
    );
    expect(losses.wrong).toMatchObject({
      value: 2,
      low: 1,
      high: 4,
      basis: 'support desk',
      id: 'loss:wrong',
    });
    expect(losses.refused).toMatchObject({ value: null, reason: expect.stringMatching(/losses.refused/) });
    const [, arm] = build({ arms: { a: { kind: 'rag' } } });
    expect(arm?.profile?.query).toMatchObject({ value: null });
    expect(enteredFigure(1).source).toBe('entered');
  });

  it('are as docs/cost.md shows them', () => {
    const page = readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
    const shown = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '') as { decision: { costs: object } };
    const costs = costsConfigSchema.parse(shown.decision.costs);
    expect(Object.keys(costs.arms)).toEqual(['tuned', 'theirs']);
  });

  it('refuse intervals without their value, shares above 1, other currencies and unknown keys', () => {
    const problem = (costs: object): string =>
      costsConfigSchema.safeParse(costs).error?.message ?? 'accepted';
    expect(problem({ evaluation: { value: 1, low: 2 } })).toMatch(/between low and high/);
    expect(problem({ judge: { share: 1.5, usdEach: 1 } })).toMatch(/between 0 and 1/);
    expect(problem({ evaluation: { value: 1, currency: 'EUR' } })).toMatch(/amounts are in USD/);
    expect(problem({ evaluation: -1 })).not.toBe('accepted');
    expect(problem({ goldset: {} })).toMatch(/goldset/);
    expect(problem({ arms: { a: { kind: 'rg' } } })).not.toBe('accepted');
  });
});

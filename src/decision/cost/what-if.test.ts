import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmInputs } from './arm-inputs.ts';
import { armOf, lineArm, noLosses, profileOf, today } from './arms.fixture.ts';
import { drawFigures } from './draw-figures.ts';
import { enteredFigure, type Figure, listedFigure, measuredFigure, unknownFigure } from './figure.ts';
import { whatIf } from './what-if.ts';

const ask = (arms: readonly ArmInputs[], more: Partial<Parameters<typeof whatIf>[0]> = {}) =>
  whatIf({ arms, volumes: [1000], losses: noLosses, today, draws: 200, max: 1_000_000, ...more });

/** An arm with measured requests of so many output tokens, at $1 a thousand tokens. */
function measuredArm(name: string, outputs: readonly number[], clusters?: readonly string[]): ArmInputs {
  const mean = outputs.reduce((sum, tokens) => sum + tokens, 0) / outputs.length;
  return armOf(name, {
    hypothetical: false,
    profile: { ...profileOf({}), output: measuredFigure(mean, outputs.length, 'run') },
    prices: { output: enteredFigure(1000) },
    usage: { columns: { output: Float64Array.from(outputs) }, clusters },
  });
}

describe('a what-if', () => {
  it('finds costs, regions, the crossover and the tipping values of two arms', () => {
    const found = ask([
      armOf('api', {
        profile: profileOf({ query: 1000 }),
        prices: { input: listedFigure(20, '2026-09-23', 'list', 'price:m:input') },
      }),
      lineArm('machine', 100, 0.01),
    ]);
    // .02 n against 100 + .01 n: 10,000. At 1,000: $20 and $110; the price would have to be 110 / 1,000 requests = $110 a million.
    expect(found.costs.map(({ arm, perMonth }) => [arm, perMonth.value])).toEqual([
      ['api', 20],
      ['machine', 110],
    ]);
    expect(found.regions.map(({ from, to, arm }) => [from, to, arm])).toEqual([
      [0, 10_001, 'api'],
      [10_001, null, 'machine'],
    ]);
    expect(found.crossovers).toMatchObject([
      { below: 'api', above: 'machine', first: 10_001, neverShare: 0 },
    ]);
    expect(found.chances).toEqual([{ volume: 1000, arm: 'api', share: 1 }]);
    expect(found.tipping).toEqual([
      { parameter: 'price:m:input', now: 20, flipsAt: 110, direction: 'above', to: 'machine' },
      { parameter: 'volume', now: 1000, flipsAt: 10_001, direction: 'above', to: 'machine' },
    ]);
  });

  it('weighs errors by their cost, and says which error cost and which quality would flip the advice', () => {
    const quality = (correct: number): ArmInputs['quality'] => ({
      correct: measuredFigure(correct, 300, 'run'),
      wrong: measuredFigure(1 - correct, 300, 'run'),
      refused: enteredFigure(0),
    });
    const cheap = { ...lineArm('cheap', 0, 0.01), quality: quality(0.8) };
    const dear = { ...lineArm('dear', 0, 0.05), quality: quality(0.9) };
    const losses = {
      wrong: enteredFigure(0.1, 'entered', { id: 'loss:wrong' }),
      refused: unknownFigure('none'),
    };
    const found = ask([cheap, dear], { losses, measure: 'accepted' });
    // (.01 + .2 L) / .8 = (.05 + .1 L) / .9 at L = .031 / .1 = .31; at .1 the cheap one costs .0375 and the dear one .0667.
    expect(found.costs.map(({ perAccepted }) => perAccepted.value)).toEqual([
      expect.closeTo(0.0375, 12),
      expect.closeTo(0.06 / 0.9, 12),
    ]);
    expect(found.regions).toMatchObject([{ from: 0, to: null, arm: 'cheap' }]);
    const tips = new Map(found.tipping.map((tip) => [tip.parameter, tip]));
    expect(tips.get('loss:wrong')).toMatchObject({ direction: 'above', to: 'dear' });
    expect(tips.get('loss:wrong')?.flipsAt).toBeCloseTo(0.31, 10);
    // (.01 + (1 - x) .1) / x = .0667: x = .11 / .1667.
    expect(tips.get('quality:cheap')?.flipsAt).toBeCloseTo(0.11 / (0.1 + 0.06 / 0.9), 10);
    const severe = ask([cheap, dear], {
      losses: { ...losses, wrong: enteredFigure(1) },
      measure: 'accepted',
    });
    expect(severe.regions).toMatchObject([{ arm: 'dear' }]);
  });

  it('leaves an arm of unknown cost out of the regions and says so, never as 0', () => {
    const found = ask([
      armOf('dark', { costPer1000: unknownFigure('no price is known for x/y') }),
      lineArm('a', 0, 0.01),
    ]);
    expect(found.regions).toMatchObject([{ arm: 'a', runnerUp: null }]);
    expect(found.crossovers).toEqual([]);
    expect(found.tipping).toEqual([]);
    expect(found.unknown).toEqual([{ arm: 'dark', reason: 'answers: no price is known for x/y' }]);
    expect(found.costs[0]?.perMonth).toEqual({ value: null, reason: 'answers: no price is known for x/y' });
    const accepted = ask([lineArm('a', 0, 0.01)], { measure: 'accepted' });
    expect(accepted.unknown).toEqual([{ arm: 'a', reason: 'how its answers turn out was not measured' }]);
    expect(ask([]).regions).toEqual([]);
  });

  it('gives intervals by measured requests: none for requests that are all alike, the spread of the mean for others', () => {
    const month = (arm: ArmInputs): Figure => ask([arm], { draws: 2000 }).costs[0]?.perMonth as Figure;
    expect(month(measuredArm('a', new Array(50).fill(1)))).toMatchObject({
      value: 1000 / 1000,
      low: 1,
      high: 1,
    });
    // 400 requests of 0 or 2 tokens in turn: the mean 1 has a standard error of 1 / 20.
    const outputs = Array.from({ length: 400 }, (_, index) => (index % 2) * 2);
    const wide = month(measuredArm('a', outputs));
    expect(wide.low).toBeCloseTo(1 - 1.96 / 20, 1);
    expect(wide.high).toBeCloseTo(1 + 1.96 / 20, 1);
    expect(wide.high - wide.low).toBeCloseTo((2 * 1.96) / 20, 1);
    // The same in 20 groups of 20 alike: as if 20 requests were measured.
    const grouped = Array.from({ length: 400 }, (_, index) => (Math.floor(index / 20) % 2) * 2);
    const groups = grouped.map((_, index) => `group ${Math.floor(index / 20)}`);
    const clustered = month(measuredArm('a', grouped, groups));
    expect((clustered.high - clustered.low) / ((2 * 1.96) / Math.sqrt(20))).toBeCloseTo(1, 0);
  });

  it('estimates the spread of a mean of many requests as well by blocks', () => {
    const outputs = Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 1000);
    const arm = measuredArm('a', outputs);
    const values = drawFigures([arm]).of(arm.profile?.output as Figure);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    // Uniform on 0 to 999: a standard deviation of 288.7, over the root of 100,000.
    expect(spread / (288.675 / Math.sqrt(100_000))).toBeGreaterThan(0.88);
    expect(spread / (288.675 / Math.sqrt(100_000))).toBeLessThan(1.12);
  });

  it('varies one price together in all arms that pay it', () => {
    const price: Figure = { ...listedFigure(10, null, 'list', 'price:m:input'), low: 5, high: 20 };
    const arm = (name: string, tokens: number): ArmInputs =>
      armOf(name, { profile: profileOf({ query: tokens }), prices: { input: { ...price } } });
    const found = ask([arm('short', 100), arm('long', 200)]);
    // Dearer in every world, although the intervals of the two overlap.
    expect(found.crossovers).toMatchObject([{ below: 'short', first: null, neverShare: 1 }]);
    const [short, long] = found.costs.map(({ perMonth }) => perMonth as Figure);
    expect(short!.high).toBeGreaterThan(long!.low);
    expect(short!.low / 0.5).toBeCloseTo(1, 0);
    expect(short!.high / 2).toBeCloseTo(1, 0);
  });

  it('says in how many of the drawn worlds an arm is the cheapest', () => {
    // Uniform from 8 to 12, against 9: cheaper in a quarter of them.
    const range = { ...enteredFigure(10), low: 8, high: 12 };
    const { chances } = ask([armOf('a', { costPer1000: range }), lineArm('b', 0, 0.009)], { draws: 4000 });
    expect(chances.map(({ arm }) => arm)).toEqual(['b', 'a']);
    expect(chances.map(({ share }) => share)).toEqual([expect.closeTo(0.75, 1), expect.closeTo(0.25, 1)]);
    expect(chances.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('is the same whenever it is asked', () => {
    const arms = [measuredArm('a', [1, 2, 3, 4, 9]), measuredArm('b', [4, 4, 1, 0, 2])];
    expect(ask(arms)).toEqual(ask(arms));
  });
});

describe('figures that cannot be', () => {
  const good = lineArm('a', 1, 1);
  const refused = (arm: ArmInputs, text: RegExp): void => {
    expect(() => ask([arm])).toThrow(text);
    expect(() => ask([arm])).toThrow(expect.objectContaining({ code: 'cost-invalid' }));
  };

  it('are refused by name', () => {
    refused({ ...good, costPer1000: enteredFigure(-1) }, /a: costPer1000: it must not be below 0; it is -1/);
    refused({ ...good, costPer1000: enteredFigure(Number.NaN) }, /must be a number/);
    refused({ ...good, costPer1000: { ...enteredFigure(2), low: 3 } }, /must lie between low 3 and high 2/);
    refused(
      { ...good, prices: { input: listedFigure(1, '2027-01-01', 'list') } },
      /a: prices.input: its date 2027-01-01 lies after today/,
    );
    refused({ ...good, profile: profileOf({ cachedShare: 1.2 }) }, /a share lies between 0 and 1/);
    refused({ ...good, profile: profileOf({ retryFactor: 0.5 }) }, /at least 1/);
    refused({ ...good, upfront: { months: enteredFigure(0) } }, /upfront.months: it must be above 0/);
    const hosting = {
      form: 'per-hour' as const,
      replicaHour: enteredFigure(2),
      requestsPerSecond: enteredFigure(1),
      peakToMean: enteredFigure(1),
      minimumReplicas: 1.5,
    };
    refused({ ...good, hosting }, /minimumReplicas: it must be a whole number/);
    const quality = { correct: enteredFigure(0.5), wrong: enteredFigure(0.4), refused: enteredFigure(0.4) };
    refused({ ...good, quality }, /must sum to 1; they sum to 1.3/);
    const columns = { output: new Float64Array(2), query: new Float64Array(3) };
    refused({ ...good, usage: { columns } }, /different lengths/);
  });

  it('are refused as volume, loss or name', () => {
    for (const volume of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => ask([good], { volumes: [volume] })).toThrow(/volume: it must be a number of requests/);
    expect(() => ask([good], { losses: { ...noLosses, wrong: enteredFigure(-1) } })).toThrow(/losses.wrong/);
    expect(() => ask([good, good])).toThrow(/two arms have this name/);
    expect(ask([good], { volumes: [0] }).costs[0]).toMatchObject({
      perMonth: { value: 1 },
      per1000: { value: null },
    });
  });
});

const amount = fc.integer({ min: 0, max: 100_000 }).map((value) => value / 100);

describe('any costs', () => {
  it('rise with the volume by a straight line where hosting has no steps', () => {
    fc.assert(
      fc.property(amount, amount, fc.nat(1_000_000), fc.nat(1_000_000), (monthly, perRequest, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const [first, second] = ask([lineArm('a', monthly, perRequest)], {
          volumes: [less, more],
          draws: 2,
        }).costs;
        const rise = (second?.perMonth.value ?? 0) - (first?.perMonth.value ?? 0);
        expect(rise).toBeGreaterThanOrEqual(0);
        expect(rise).toBeCloseTo((more - less) * perRequest, 3);
      }),
      { numRuns: 50 },
    );
  });

  it('are unknown as soon as one figure that counts is, whichever it is', () => {
    const names = [
      'staticPrefix',
      'query',
      'retrieved',
      'output',
      'embeddedTokens',
      'reranks',
      'coreSeconds',
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(100_000), (name, volume) => {
        const profile = { ...profileOf({ query: 5 }), [name]: unknownFigure('not reported') };
        const one = enteredFigure(1);
        const prices = { input: one, output: one, embedding: one, rerank: one, coreHour: one };
        const [cost] = ask([armOf('a', { profile, prices })], { volumes: [volume], draws: 2 }).costs;
        expect(cost?.perMonth.value).toBeNull();
        expect(cost?.per1000.value).toBeNull();
        expect(cost?.perAccepted.value).toBeNull();
      }),
    );
  });

  it('scale with the unit of the money, intervals included', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 1000 }), (price, factor) => {
        const arm = (unit: number): ArmInputs => ({
          ...measuredArm('a', [1, 5, 2, 8, 3]),
          prices: { output: { ...enteredFigure(price * unit, 'a price'), high: price * unit * 2 } },
        });
        const [one] = ask([arm(1)], { draws: 20 }).costs;
        const [other] = ask([arm(factor)], { draws: 20 }).costs;
        const [a, b] = [one?.perMonth as Figure, other?.perMonth as Figure];
        for (const bound of ['value', 'low', 'high'] as const)
          expect(b[bound]).toBeCloseTo(a[bound] * factor, 4);
      }),
      { numRuns: 50 },
    );
  });
});

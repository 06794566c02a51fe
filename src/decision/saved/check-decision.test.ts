import { describe, expect, it } from 'vitest';
import { enteredFigure, listedFigure, unknownFigure } from '../cost/figure.ts';
import { decide } from '../decide.ts';
import { checkDecision, pricesIn, type Trigger } from './check-decision.ts';

const costing = {
  today: '2026-11-26',
  losses: { wrong: unknownFigure('not entered'), refused: unknownFigure('not entered') },
  arms: ['rag', 'tuned'].map((name) => ({
    name,
    kind: 'external' as const,
    hypothetical: false,
    costPer1000: listedFigure(name === 'rag' ? 2 : 0.1, '2026-11-01', 'list', `price:${name}:input`),
    prices: {},
    hosting: { form: 'per-token' as const, monthlyFee: enteredFigure(name === 'rag' ? 0 : 2000) },
    upfront: { months: enteredFigure(12) },
    maintenance: {},
  })),
};
const rows = ['rag', 'tuned'].flatMap((variant) =>
  Array.from({ length: 200 }, (_, index) => ({
    sample: `s${index}`,
    variant,
    metric: 'correct',
    value: index < 180 ? 1 : 0,
    costUsd: 0.001,
  })),
);
const settings = {
  ...{ metric: 'correct', bar: 0.6, margin: 0.1, volume: 100_000, costing },
  facts: { today: '2026-11-26' },
};
const saved = {
  decision: decide({ ...settings, rows }),
  settings,
  decidedAt: '2026-11-26T10:00:00.000Z',
  corpus: ['a', 'b', 'c', 'd'],
};
const now = {
  today: '2026-12-01',
  volume: 120_000,
  prices: pricesIn(costing.arms),
  endOfLife: [],
  corpus: ['a', 'b', 'c', 'd'],
};
const fired = (triggers: readonly Trigger[]): string[] =>
  triggers.flatMap(({ trigger, fired: is }) => (is === true ? [trigger] : []));

describe('whether a decision still stands', () => {
  it('stands where nothing has changed', () => {
    expect(saved.decision.recommended).toBe('rag');
    expect(fired(checkDecision(saved, now))).toEqual([]);
  });

  it.each<[string, Partial<typeof now> | { endOfLife: object[] }, string[]]>([
    ['a price 25 % up', { prices: new Map([['price:rag:input', 2.5]]) }, ['price']],
    ['a price 10 % up', { prices: new Map([['price:rag:input', 2.2]]) }, []],
    // $2 per 1,000 against $.10 and $2,000 a month cross at 1,052,632 requests.
    ['the volume beyond the crossing', { volume: 1_100_000 }, ['volume']],
    ['the volume short of it', { volume: 1_000_000 }, []],
    ['two of four documents changed', { corpus: ['a', 'b', 'x', 'y'] }, ['corpus']],
    ['half a year and a day', { today: '2027-05-27' }, ['age']],
    [
      'its model withdrawn in 60 days',
      { endOfLife: [{ variant: 'rag', model: 'p/m', day: '2027-01-30' }] },
      ['retirement'],
    ],
    [
      'the model of another variant withdrawn',
      { endOfLife: [{ variant: 'tuned', model: 'p/m', day: '2026-12-05' }] },
      [],
    ],
  ])('%s', (_name, change, expected) => {
    expect(fired(checkDecision(saved, { ...now, ...change } as typeof now))).toEqual(expected);
  });

  it('says what cannot be told', () => {
    const unknown = checkDecision(saved, { today: '2026-12-01' });
    expect(unknown.filter((each) => each.fired === null).map(({ trigger }) => trigger)).toEqual([
      ...['price', 'retirement', 'volume', 'corpus'],
    ]);
  });
});

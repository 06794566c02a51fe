import { describe, expect, it } from 'vitest';
import { changesFromHalfLife } from './changes-from-half-life.ts';
import { type EvidenceAge, halfLifeOf, halfLifeSchema } from './half-life.ts';
import { type DatedText, type Passage, passageAges } from './passage-age.ts';
import { renderHalfLife } from './render-half-life.ts';

const day = 86_400_000;
const now = new Date('2026-11-01T00:00:00Z');
const ago = (days: number): Date => new Date(now.getTime() - days * day);

async function* states(...found: [days: number, text: string | null][]): AsyncGenerator<DatedText> {
  for (const [days, text] of found) yield { at: ago(days), text };
}

const quote = (text: string): Passage => [[text]];

describe('ages of passages', () => {
  const since = ago(100);

  it('run from the commit that brought the words', async () => {
    const history = states(
      [10, 'Nine days of leave. Ask **Ann**. Always open.'],
      [50, 'Nine days of leave. Ask Bob. Always open.'],
      [100, 'Eight days of leave. Ask Bob. always  OPEN'],
    );
    const passages = ['Nine days of leave.', 'Ask Ann.', 'Always open.', 'Never written.'].map(quote);
    expect(await passageAges(history, passages, { since, now })).toEqual([
      { days: 50, event: 'changed' },
      { days: 10, event: 'changed' },
      { days: 100, event: 'unchanged' },
      { days: 0, event: 'changed' },
    ]);
  });

  it('tell a new document from a changed one, and one that came back', async () => {
    const options = { since, now };
    expect(await passageAges(states([30, 'a b'], [40, 'a b']), [quote('a b')], options)).toEqual([
      { days: 40, event: 'created' },
    ]);
    expect(await passageAges(states([5, 'a b'], [20, null], [90, 'a b']), [quote('a b')], options)).toEqual([
      { days: 5, event: 'created' },
    ]);
    expect(await passageAges(states(), [quote('a')], options)).toBeNull();
  });

  it('follow facts in any of their forms', async () => {
    const history = states([10, 'nine days, paid'], [50, '9 days and paid'], [100, 'eight days, paid']);
    expect(await passageAges(history, [[['nine', '9'], ['paid']]], { since, now })).toEqual([
      { days: 50, event: 'changed' },
    ]);
  });

  it('match whole words only, and stop reading when all is known', async () => {
    let read = 0;
    async function* counted(): AsyncGenerator<DatedText> {
      for (const text of ['rate is 10', 'rate is 100', 'rate is 10']) {
        read++;
        yield { at: ago(read), text };
      }
    }
    expect(await passageAges(counted(), [quote('rate is 10')], { since, now })).toEqual([
      { days: 1, event: 'changed' },
    ]);
    expect(read).toBe(2);
  });
});

describe('a half-life', () => {
  const ages = (changed: number, unchanged: number): EvidenceAge[] => [
    ...Array.from(
      { length: changed },
      (_, index): EvidenceAge => ({
        sample: `c${index}`,
        document: `c${index}`,
        days: 100,
        event: 'changed',
      }),
    ),
    ...Array.from(
      { length: unchanged },
      (_, index): EvidenceAge => ({
        sample: `u${index}`,
        document: `u${index}`,
        days: 365,
        event: 'unchanged',
      }),
    ),
  ];

  it('is what the rate of changes says', () => {
    const found = halfLifeOf(ages(5, 5), 365);
    // Five changes in 5 * 100 + 5 * 365 = 2325 days.
    expect(found.ratePerYear!.value).toBeCloseTo((5 / 2325) * 365.25, 9);
    expect(found.halfLifeDays!.value).toBeCloseTo((Math.LN2 * 2325) / 5, 6);
    expect(found.freshDays!.value).toBeCloseTo((-Math.log(0.95) * 2325) / 5, 6);
    expect(found.halfLifeDays!.low).toBeLessThan(found.halfLifeDays!.value!);
    expect(found.halfLifeDays!.high).toBeGreaterThan(found.halfLifeDays!.value!);
    expect(
      found.stale.map(({ days, share, observed }) => [days, Number(share.toFixed(4)), observed]),
    ).toEqual([
      [30, 0, true],
      [90, 0, true],
      [180, 0.5, true],
      [365, 0.5, true],
      [730, Number((1 - Math.exp((-730 * 5) / 2325)).toFixed(4)), false],
    ]);
    expect(halfLifeSchema.parse(found)).toEqual(found);
    expect(changesFromHalfLife(found)).toBe('monthly');
  });

  it('is never where nothing changed, but not with certainty', () => {
    const found = halfLifeOf(ages(0, 40), 365);
    expect(found.halfLifeDays).toMatchObject({ value: null, high: null });
    expect(found.halfLifeDays!.low).toBeCloseTo((Math.LN2 * 40 * 365) / -Math.log(0.025), 3);
    expect(renderHalfLife(found)).toContain('Knowledge half-life: never');
    expect(changesFromHalfLife(found)).toBe('never');
  });

  it('says so where there is little to go by', () => {
    expect(halfLifeOf([], 365)).toMatchObject({ questions: 0, ratePerYear: null, stale: [] });
    expect(halfLifeOf(ages(1, 1), 30).cautions).toEqual([
      'The evidence lies in 2 documents: what lies in one changes together, so the intervals say little.',
      'The history reaches back 30 days only: rarer changes cannot have been seen.',
      'Counted shares with an interval wider than half of all cannot say anything: more questions from other documents would.',
    ]);
  });

  it('covers the true rate, read backwards from a clock that changes texts at random', () => {
    let state = 7;
    const uniform = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state + 0.5) / 0x80000000;
    };
    const rate = 1 / 200;
    let covered = 0;
    for (let world = 0; world < 400; world++) {
      const found = halfLifeOf(
        Array.from({ length: 40 }, (_, index): EvidenceAge => {
          const age = -Math.log(uniform()) / rate;
          const seen = age <= 300;
          return {
            sample: `${index}`,
            document: `${index}`,
            days: seen ? age : 300,
            event: seen ? 'changed' : 'unchanged',
          };
        }),
        300,
      );
      const { low, high } = found.ratePerYear!;
      if (low <= rate * 365.25 && rate * 365.25 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(372);
  });
});

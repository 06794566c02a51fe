import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { compareVariants } from '../../evaluation/index.ts';
import { decide } from '../decide.ts';
import { frontierOf } from '../frontier.ts';
import { samplesToSettleText } from './figures.ts';
import { differenceAxis } from './forest.ts';
import { renderReport } from './render-report.ts';
import { renderView, viewNames } from './render-views.ts';
import { hostile, reportInput, reportRows } from './report.fixture.ts';
import { packReport, unpackRows } from './report-data.ts';
import { modelReport } from './report-model.ts';
import { pairSentence } from './sentences.ts';
import { wordDifference } from './word-difference.ts';

describe('the page', () => {
  it('holds everything it needs, asks nothing of anyone, and shows names and texts as text', async () => {
    const html = await renderReport(reportInput(reportRows(hostile), { bar: 0.5 }));
    const { document } = parseHTML(html);
    expect(document.querySelectorAll('img, iframe, link, object, embed, base').length).toBe(0);
    expect([...document.querySelectorAll('script')].map((script) => script.getAttribute('type'))).toEqual([
      'application/json',
      null,
    ]);
    expect(html).not.toMatch(/<[^>]+\s(?:src|href|action)="(?!#)[^"]*"/);
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'unsafe-inline'; img-src data:$/,
    );
    expect([...document.querySelectorAll('tbody th')].map((cell) => cell.textContent)).toContain(hostile);
    expect(document.querySelector('.answer b')).toBeNull();
    expect(html).toContain('<title>A &amp; B</title>');
    expect(document.querySelectorAll('svg').length).toBe(3);
    const named = [...document.querySelectorAll('form input, form select')].map(
      (field) =>
        field.getAttribute('aria-label') ??
        field.closest('label')?.textContent ??
        document.querySelector(`label[for="${field.id}"]`)?.textContent ??
        '',
    );
    expect(named.filter((label) => label.trim() === '')).toEqual([]);
  });

  it('gives back the rows that it was made from', () => {
    const rows = reportRows();
    const unpacked = unpackRows(packReport(reportInput(rows)));
    const key = (row: { sample: string; variant: string }): string => `${row.sample} ${row.variant}`;
    const sorted = (list: typeof rows) => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    expect(sorted(unpacked)).toEqual(sorted(rows).map((row) => ({ ...row, weight: 1, deployable: true })));
  });

  it('leaves out texts beyond 300 samples, those without a difference first', () => {
    const rows = ['a', 'b'].flatMap((variant) =>
      Array.from({ length: 400 }, (_, index) => ({
        sample: `s${index}`,
        variant,
        metric: 'correct',
        value: index >= 350 && variant === 'a' ? 1 : 0,
      })),
    );
    const data = packReport(reportInput(rows));
    expect(Object.keys(data.texts).length).toBe(300);
    expect(data.withoutTexts).toBe(100);
    expect(data.texts.s399).toBeDefined();
  });
});

describe('the model', () => {
  const rows = reportRows();
  const input = reportInput(rows);
  const basis = { ...input, baseline: null };

  it('says what compare and decide say', () => {
    const compared = modelReport(rows, basis, input.settings);
    const direct = compareVariants({ rows, metric: 'correct', margin: 0.05 });
    expect(compared.pairs).toEqual(direct.comparisons);
    const decided = modelReport(rows, basis, { ...input.settings, bar: 0.5, margin: 0.1 });
    expect(decided.explained?.decision).toEqual(
      decide({ rows, metric: 'correct', bar: 0.5, margin: 0.1, volume: 10_000 }),
    );
    expect(decided.explained?.decision.recommended).toBe('same');
  });

  it('prices and weighs as told', () => {
    const model = modelReport(rows, basis, {
      ...input.settings,
      prices: { poor: 7 },
      weights: { 'how-to': 3, rare: 0 },
    });
    const poor = model.means.find(({ variant }) => variant === 'poor')!;
    expect(poor.costPer1000Usd).toBeCloseTo(7, 9);
    // Without the four rare ones: 39 how-to of which 19 are even and right (s000 and s003 are rare), 77 look-ups of which 39.
    const howTo = Array.from({ length: 116 }, (_, index) => index + 4).filter((index) => index % 3 === 0);
    const lookUp = Array.from({ length: 116 }, (_, index) => index + 4).filter((index) => index % 3 !== 0);
    const even = (list: readonly number[]): number => list.filter((index) => index % 2 === 0).length;
    expect(poor.mean).toBeCloseTo((3 * even(howTo) + even(lookUp)) / (3 * howTo.length + lookUp.length), 12);
  });

  it('marks small slices and corrects for all others', () => {
    const { slices } = modelReport(rows, basis, input.settings).closer!;
    expect(slices.statements).toBe(2);
    expect(slices.slices.map(({ tag, n }) => [tag, n])).toEqual([
      ['lookup', 80],
      ['how-to', 40],
      ['rare', 4],
    ]);
    expect(slices.slices[2]?.differences[0]).toMatchObject({ low: null, high: null });
  });

  it('finds flips on both sides and what confidence is worth', () => {
    const { closer, risk } = modelReport(rows, basis, { ...input.settings, pair: ['same', 'good'] });
    expect(closer?.flips).toMatchObject({ gained: [], same: 119 });
    expect(closer?.flips.lost.map(({ sample }) => sample)).toEqual(['s001']);
    const poor = risk.find(({ variant }) => variant === 'poor')!;
    expect(poor.fullRisk).toBe(0.5);
    expect(poor.n).toBe(120);
    // Even samples have .6 or .8, odd ones .3 or .5: the right half comes first.
    expect(poor.points.map(({ coverage, risk: left }) => [coverage, left])).toEqual([
      [0.25, 0],
      [0.5, 0],
      [0.75, 1 / 3],
      [1, 0.5],
    ]);
    expect(poor.area).toBeCloseTo(0.25 * (1 / 3) + 0.25 * 0.5, 12);
  });

  it('has every view as text', () => {
    const model = modelReport(rows, basis, input.settings);
    for (const name of viewNames) {
      const text = renderView(name, model, { others: [], texts: input.texts!, most: 2 });
      expect(text.length, name).toBeGreaterThan(20);
    }
    expect(renderView('flips', model, { others: [], texts: new Map(), most: 2 })).toMatch(/better on 48 /);
  });
});

describe('pieces', () => {
  it('a frontier leaves out what is dearer and no better', () => {
    const at = (variant: string, mean: number, costPer1000Usd: number | null) => ({
      variant,
      mean,
      low: mean,
      high: mean,
      costPer1000Usd,
    });
    const points = frontierOf([at('a', 0.5, 1), at('b', 0.4, 2), at('c', 0.9, 3), at('d', 0.9, null)]);
    expect(points.map(({ variant, onFrontier }) => [variant, onFrontier])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
    ]);
  });

  it('a difference of words keeps both texts', () => {
    const [a, b] = ['hold the red button for 5 seconds', 'hold the blue button for 5 long seconds'];
    const pieces = wordDifference(a, b);
    const without = (kind: string): string =>
      pieces
        .filter((piece) => piece.kind !== kind)
        .map(({ text }) => text)
        .join('');
    expect(without('removed')).toBe(b);
    expect(without('added')).toBe(a);
    expect(pieces.find(({ kind }) => kind === 'added')?.text).toBe('blue');
  });

  it('a sentence names the better one first', () => {
    const pair = {
      variant: 'a',
      against: 'b',
      difference: -0.2,
      low: -0.3,
      high: -0.1,
      verdict: 'worse',
    } as const;
    expect(pairSentence(pair, 0.05)).toBe('b is better than a by .200, interval .100 to .300.');
  });

  it('a number of samples that is there already is not promised again', () => {
    expect(samplesToSettleText(1210, 179)).toBe('about 1,210');
    expect(samplesToSettleText(150, 179)).toBe('more than now');
    expect(samplesToSettleText(null, 179)).toBe('–');
  });

  it('an axis ends at a round number beyond every interval', () => {
    expect(differenceAxis([-0.12, 0.31], 0.05).domain).toEqual([-0.5, 0.5]);
    expect(differenceAxis([0.01], 0.05).domain).toEqual([-0.1, 0.1]);
  });
});

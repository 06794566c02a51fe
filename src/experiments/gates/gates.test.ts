import { describe, expect, it } from 'vitest';
import { judgeCanaries } from './canaries.ts';
import { counterfactualItems } from './counterfactual-items.ts';
import { generalItems, isAccepted } from './general-items.ts';
import { judgeMemoriser } from './memoriser.ts';
import { judgeOverfit } from './overfit.ts';
import { judgeLoss } from './paired-rate.ts';
import { judgeParity, type ScoredTwice } from './parity.ts';
import { gateForgetting, gateObedience, gateRefusal } from './run-gates.ts';

/** Rows in which tuning changes log-probabilities by known amounts; serving sees them with a slope and with errors. */
function scored(slope: number, error: number, noise: number): ScoredTwice[] {
  return Array.from({ length: 20 }, (_, row) => {
    const tokens = [0, 1, 2, 3, 4];
    const sign = (k: number): number => ((row + k) % 2 === 0 ? 1 : -1);
    const base = tokens.map((k) => -2 - k);
    const change = tokens.map((k) => ((row * 5 + k * 3) % 7) / 2);
    const servedBase = base.map((value, k) => value + noise * sign(k));
    return {
      id: `r${row}`,
      training: { ids: [1, 2, row], end: 2, base, tuned: base.map((value, k) => value + change[k]!) },
      serving: {
        ids: [1, 2, row],
        end: 2,
        base: servedBase,
        tuned: servedBase.map((value, k) => value + slope * change[k]! + error * sign(k)),
      },
    };
  });
}

describe('parity', () => {
  it('passes what is whole, and finds what is too weak or something else', () => {
    expect(judgeParity(scored(1, 0.1, 0.1))).toMatchObject({ passed: true, figures: { tokens: 100 } });
    expect(judgeParity(scored(0.5, 0, 0.1)).passed).toBe(false);
    expect(judgeParity(scored(1.06, 0, 0.1)).passed).toBe(false);
    // Two independent errors as large as the base's add up to 1.41 of it; more is something else.
    expect(judgeParity(scored(1, 0.13, 0.1)).passed).toBe(true);
    expect(judgeParity(scored(1, 0.16, 0.1)).passed).toBe(false);
  });

  it('needs the same tokens and the same end, and enough of them', () => {
    const rows = scored(1, 0, 0.1);
    const other = rows.map((row, index) =>
      index === 3 ? { ...row, serving: { ...row.serving, ids: [1, 9] } } : row,
    );
    expect(judgeParity(other)).toMatchObject({
      passed: false,
      detail: expect.stringContaining('1 of 20 rows have other tokens'),
    });
    expect(judgeParity(rows.map((row) => ({ ...row, serving: { ...row.serving, end: 7 } }))).passed).toBe(
      false,
    );
    expect(judgeParity(rows.slice(0, 2)).passed).toBeNull();
  });
});

describe('losses', () => {
  const items = (both: number, lost: number, won: number) =>
    [
      ...Array(both).fill([true, true]),
      ...Array(lost).fill([true, false]),
      ...Array(won).fill([false, true]),
    ].map(([base, tuned], index) => ({ id: `${index}`, cluster: `${index}`, base, tuned }));

  it('pass, fail, or are too close to call', () => {
    expect(judgeLoss('g', 'x', items(200, 0, 0), 0.05)).toMatchObject({
      passed: true,
      figures: { difference: 0, lost: 0, won: 0, n: 200 },
    });
    expect(judgeLoss('g', 'x', items(100, 60, 0), 0.05).passed).toBe(false);
    const close = judgeLoss('g', 'x', items(185, 12, 3), 0.05);
    expect(close.passed).toBeNull();
    expect(close.figures.difference).toBeCloseTo(-9 / 200, 12);
    expect(judgeLoss('g', 'x', [], 0.05).passed).toBeNull();
  });
});

describe('overfitting', () => {
  it('is a validation loss that rose again', () => {
    const steps = (...losses: number[]) =>
      losses.map((validationLoss, index) => ({ step: index + 1, validationLoss }));
    expect(judgeOverfit(steps(1, 0.5, 0.4))).toMatchObject({
      passed: true,
      figures: { best: 0.4, bestStep: 3 },
    });
    expect(judgeOverfit(steps(1, 0.4, 0.43))).toMatchObject({ passed: false, figures: { bestStep: 2 } });
    expect(judgeOverfit([{ step: 1, loss: 3 }]).passed).toBeNull();
  });
});

describe('canaries', () => {
  it('have the probability of their ranks by chance', () => {
    // Two ranks of 1 among 10: one pair of the hundred has so small a sum.
    expect(
      judgeCanaries([
        { id: 'a', rank: 1, among: 10 },
        { id: 'b', rank: 1, among: 10 },
      ]).figures,
    ).toMatchObject({
      p: expect.closeTo(0.01, 12),
      first: 2,
      meanExposure: expect.closeTo(Math.log2(10), 12),
    });
    // A sum of at most 3: (1,1), (1,2), (2,1).
    expect(
      judgeCanaries([
        { id: 'a', rank: 1, among: 10 },
        { id: 'b', rank: 2, among: 10 },
      ]),
    ).toMatchObject({ passed: true, figures: { p: expect.closeTo(0.03, 12) } });
    expect(
      judgeCanaries(Array.from({ length: 5 }, (_, index) => ({ id: `${index}`, rank: 1, among: 100 })))
        .passed,
    ).toBe(false);
    expect(judgeCanaries([]).passed).toBeNull();
  });
});

describe('the items', () => {
  it('are 200 of five kinds with answers of their own', () => {
    expect(generalItems).toHaveLength(200);
    expect(new Set(generalItems.map(({ id }) => id)).size).toBe(200);
    expect(new Set(generalItems.map(({ input }) => input)).size).toBe(200);
    expect(new Set(generalItems.map(({ kind }) => kind)).size).toBe(5);
    for (const { passage, told } of counterfactualItems) expect(passage).toContain(told);
  });

  it.each([
    [['8', 'eight'], 'It has eight legs.', true],
    [['8', 'eight'], 'It has 18 legs.', false],
    [['buenos días'], 'BUENOS DÍAS!', true],
    [['A'], 'The letter a.', true],
    [['A'], 'Alpha', false],
  ])('%j in "%s" counts: %s', (accepted, answer, expected) => {
    expect(isAccepted({ accepted }, answer)).toBe(expected);
  });

  it('tell a model that forgot, and one that does not follow what it reads', async () => {
    const knows = async ({ question }: { question: string }): Promise<string> =>
      generalItems.find(({ input }) => input === question)?.accepted[0] ?? '';
    const mute = async (): Promise<string> => '{}';
    expect((await gateForgetting({ base: knows, tuned: mute })).passed).toBe(false);
    expect((await gateForgetting({ base: knows, tuned: knows })).passed).toBe(true);
    const follows = async ({ passage }: { passage?: string }): Promise<string> => passage ?? '';
    expect((await gateObedience({ base: follows, tuned: knows })).passed).toBe(false);
  });

  it('judges refusals only where some row should be refused', () => {
    const row = (shouldRefuse: boolean, tunedRefused: boolean) => ({
      id: 'x',
      cluster: `${Math.random()}`,
      shouldRefuse,
      baseRefused: shouldRefuse,
      tunedRefused,
    });
    expect(gateRefusal([row(false, false)]).passed).toBeNull();
    expect(gateRefusal(Array.from({ length: 40 }, (_, index) => row(index % 2 === 0, false))).passed).toBe(
      false,
    );
  });
});

describe('judgeMemoriser', () => {
  const rows = (n: number, tuned: (index: number) => boolean, copied: (index: number) => boolean) =>
    Array.from({ length: n }, (_, index) => ({
      id: `r${index}`,
      cluster: `r${index}`,
      band: index % 4 === 0 ? ('near' as const) : ('far' as const),
      tuned: tuned(index),
      copied: copied(index),
    }));

  it('passes a model that is right where copying is wrong, and says where', () => {
    // Copying is right for the near quarter only, the model for nine in ten.
    const outcome = judgeMemoriser(
      rows(
        40,
        (index) => index % 10 !== 1,
        (index) => index % 4 === 0,
      ),
    );
    expect(outcome.passed).toBe(true);
    expect(outcome.figures).toMatchObject({ n: 40, tuned: 0.9, copied: 0.25 });
    expect(outcome.figures.difference).toBeCloseTo(0.65, 10);
    expect(outcome.detail).toContain('near 1.000 and 1.000 of 10');
  });

  it('fails a model that is worse than copying, and calls none where they are level', () => {
    const half = (index: number) => index % 2 === 0;
    expect(judgeMemoriser(rows(40, () => false, half)).passed).toBe(false);
    expect(judgeMemoriser(rows(40, half, half)).passed).toBeNull();
    expect(judgeMemoriser([]).passed).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { Cost, Sample } from '../../core/index.ts';
import { createCellStore } from '../claims/cell-store.ts';
import { createJudgeVerifier } from '../claims/claim-verifier.ts';
import { createRagScorers } from '../claims/rag-scorers.ts';
import { createJudge } from '../judges/judge.ts';
import type { JudgeModel } from '../judges/judge-model.ts';
import { createJudgeStore } from '../judges/judge-store.ts';
import { createRubricScorer } from '../judges/rubric-scorer.ts';
import { type AskedItems, verdictsOn } from '../judges/scripted-judge.fixture.ts';
import { createScoringSpending } from './scoring-spending.ts';
import { openScripted, scriptedAnswer, scriptedVariant } from './scripted-evaluation.fixture.ts';

const priced = (usd: number | null): Cost => ({
  usd,
  source: usd === null ? 'none' : 'price-list',
  priceDate: null,
  basis: 'scripted',
});

/** Stores with a judge whose calls cost `usd` each; `say` answers in its place where it gives text. */
async function openJudged(usd: number, say: (call: number) => string | null = () => null) {
  const scripted = await openScripted(':memory:', 20);
  const spending = createScoringSpending();
  const asked = { calls: 0 };
  const model: JudgeModel = {
    id: 'scripted/judge',
    async ask({ material }) {
      const own = say(asked.calls++);
      const usage = { ...scriptedAnswer({}).usage, inputTokens: 100, outputTokens: 10 };
      const text = own ?? JSON.stringify(verdictsOn(material as AskedItems, () => 'met'));
      return { text, finishReason: 'stop', usage, cost: priced(usd) };
    },
  };
  const store = createJudgeStore(scripted.database);
  const judge = createJudge({ name: 'strict', model, store, onCost: spending.add });
  return { ...scripted, judge, spending, asked };
}

describe('the budget of a run with a judge', () => {
  it('is spent by answers and judge together, and a higher one goes on without paying twice', async () => {
    const { run, store, judge, spending, asked } = await openJudged(0.005);
    const scorers = [createRubricScorer({ name: 'polite', judge, criteria: ['says please'] })];
    const variant = scriptedVariant('a', { usd: null });
    const budgeted = (budget: number) => run([variant], { scorers, scoringSpending: spending, budget });
    // An answer costs .01 and its judgement .005: .06 after the fourth is the first sum that reaches .05.
    await expect(budgeted(0.05)).rejects.toMatchObject({
      code: 'budget-spent',
      data: { done: 4, total: 20, spent: '0.0600' },
    });
    expect(asked.calls).toBe(4);
    const [open] = await store.list();
    expect(open!.finishedAt).toBeNull();
    const kept = await store.results(open!.id);
    expect(kept.map(({ scores }) => scores['polite@strict'])).toEqual(
      Array.from({ length: 4 }, () => ({
        status: 'scored',
        value: 1,
        detail: expect.objectContaining({ usd: 0.005, calls: 1 }),
      })),
    );
    const [finished] = await budgeted(1);
    expect(finished!.id).toBe(open!.id);
    // 2 of the 20 (6 and 13) fail and are judged never; the other 18 once each.
    expect(asked.calls).toBe(18);
    expect(spending.total()).toEqual({ usd: expect.closeTo(18 * 0.005, 12), unknown: false });
  });

  it('counts replies that could not be read, and judges of answers that were there already', async () => {
    const { run, store, judge, spending, asked } = await openJudged(0.01, (call) =>
      call === 0 ? 'Well, let me think.' : null,
    );
    const variant = scriptedVariant('a', { usd: null });
    await run([variant]);
    const scorers = [createRubricScorer({ name: 'polite', judge, criteria: ['says please'] })];
    // Answers are cached: the first judgement takes two calls (.02), the second one (.03).
    await expect(
      run([variant], { scorers, scoringSpending: spending, budget: 0.03, sample: 6 }),
    ).rejects.toMatchObject({ code: 'budget-spent', data: { spent: '0.0300' } });
    expect(asked.calls).toBe(3);
    expect(await store.results((await store.list())[0]!.id)).toHaveLength(2);
  });

  it('is reported as it is spent, as unknown where a price is', async () => {
    const { run, judge, spending } = await openJudged(0.005);
    const scorers = [createRubricScorer({ name: 'polite', judge, criteria: ['says please'] })];
    const seen: unknown[] = [];
    const onProgress = ({ spentUsd }: { spentUsd?: number | null | undefined }): void => {
      seen.push(spentUsd);
    };
    await run([scriptedVariant('a')], { scorers, scoringSpending: spending, sample: 4, onProgress });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBeCloseTo(4 * 0.015, 12);
    spending.add(priced(null));
    await run([scriptedVariant('b')], { scorers, scoringSpending: spending, sample: 4, onProgress });
    expect(seen.at(-1)).toBeNull();
  });
});

describe('the detail of a score', () => {
  it('carries the embeddings of a scorer with the calls of its judge', async () => {
    const { database, judge, spending } = await openJudged(0.002, () =>
      JSON.stringify({ question: 'What is it?', noncommittal: false }),
    );
    const [scorer] = createRagScorers({
      metrics: ['answer-relevancy'],
      verifier: createJudgeVerifier(judge),
      cells: createCellStore(database),
      readDocument: async () => null,
      embed: async (texts, work) => {
        spending.add(priced(0.0005));
        work?.onEmbedded?.(12, priced(0.0005));
        return texts.map(() => Float32Array.of(1, 0));
      },
    });
    const sample: Sample = { id: 's', input: 'What is it?', answerable: true };
    // Three questions are written, .002 each, and one call embeds all four texts for .0005.
    expect(await scorer!.score({ sample, answer: scriptedAnswer({ answer: 'It is it.' }) })).toMatchObject({
      status: 'scored',
      value: expect.closeTo(1, 9),
      detail: { calls: 3, embeddedTokens: 12, usd: expect.closeTo(0.0065, 12) },
    });
    expect(spending.total().usd).toBeCloseTo(0.0065, 12);
  });
});

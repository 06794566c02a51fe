import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Score } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { cellMigrations, createCellStore } from '../claims/cell-store.ts';
import { createSupportVerifier } from '../claims/claim-verifier.ts';
import { scriptedAnswer } from '../runs/scripted-evaluation.fixture.ts';
import { comparePairs } from './compare-pairs.ts';
import { judgedScorerConfigSchema } from './judge-config.ts';
import { createJudgedScorers } from './judged-scorers.ts';
import { type Script, scriptedJudge } from './scripted-judge.fixture.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function scorerOf(config: object, script: Script) {
  const { judge, requests, close } = await scriptedJudge(script);
  const database = await openDatabase(':memory:', [cellMigrations]);
  closers.push(close, () => database.close());
  const splitSentences = (text: string) =>
    [...text.matchAll(/[^.]+\./g)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
    }));
  const scorers = createJudgedScorers({
    scorers: { mine: judgedScorerConfigSchema.parse(config) },
    judges: new Map([['strict', judge]]),
    lexical: createSupportVerifier({
      checkSupport: (claim, text) => ({ score: 1, hardFailures: [], supported: text.includes(claim) }),
      splitSentences,
      version: '1',
    }),
    cells: createCellStore(database),
    readDocument: async () => null,
    embed: null,
    sentences: async () => splitSentences,
  });
  return { scorers, scorer: scorers[0]!, requests, judge };
}

const subject = (answer: string, contexts: readonly string[] = [], reference?: string) => ({
  sample: { id: 's', input: 'q', answerable: true, ...(reference === undefined ? {} : { reference }) },
  answer: scriptedAnswer({
    answer,
    contexts: contexts.map((text) => ({
      documentId: null,
      start: null,
      end: null,
      score: null,
      text,
    })) as Answer['contexts'],
  }),
});

const rate =
  (label: (text: string) => string): Script =>
  ({ items }) => ({
    verdicts: items.map(({ number, text }) => ({ item: number, reason: 'r', label: label(text) })),
  });

describe('the triad of TruLens', () => {
  it('is the mean of ratings from 0 to 3, brought to [0, 1]', async () => {
    const config = { type: 'trulens', judge: 'strict' };
    const { scorers } = await scorerOf(
      config,
      rate((text) => (text.includes('one') ? '3' : '1')),
    );
    const scores = await Promise.all(
      scorers.map((scorer) =>
        scorer.score(subject('It is one. It is two.', ['text one', 'text two', 'text three'])),
      ),
    );
    expect(scorers.map(({ name }) => name)).toEqual([
      'trulens-2.16.0.groundedness@scripted',
      'trulens-2.16.0.context-relevance@scripted',
      'trulens-2.16.0.answer-relevance@scripted',
    ]);
    const values = scores.map((score) => (score.status === 'scored' ? score.value : null));
    expect(values[0]).toBeCloseTo((1 + 1 / 3) / 2, 12);
    expect(values[1]).toBeCloseTo((1 + 1 / 3 + 1 / 3) / 3, 12);
    expect(values[2]).toBe(1);
  });

  it('has no number for a refusal or without contexts, and an error where a rating is missing', async () => {
    const config = { type: 'trulens', judge: 'strict' };
    const { scorers } = await scorerOf(
      config,
      rate((text) => (text.includes('one') ? '3' : '4')),
    );
    const [groundedness, relevance] = scorers;
    const refusal = { ...subject(''), answer: scriptedAnswer({ refusal: { reason: 'not-in-corpus' } }) };
    expect(await groundedness?.score(refusal)).toEqual({ status: 'undefined', reason: 'abstained' });
    expect(await relevance?.score(subject('It is one.'))).toEqual({
      status: 'undefined',
      reason: 'no-contexts',
    });
    // 4 is on no scale of ours.
    expect(await relevance?.score(subject('It is one.', ['two']))).toMatchObject({ status: 'error' });
  });
});

describe('a rubric', () => {
  const criteria = ['a', 'b', 'c', 'd'];
  it.each<[object, string[], number, boolean]>([
    [{}, ['a', 'b', 'c', 'd'], 1, true],
    [{}, ['a', 'b', 'c'], 0, false],
    [{ pass: 0.75 }, ['a', 'b', 'c'], 1, true],
    [{ value: 'share' }, ['a'], 0.25, false],
  ])('%j with %j met', async (more, met, value, passed) => {
    const { scorer } = await scorerOf(
      { type: 'rubric', judge: 'strict', criteria, ...more },
      rate((text) => (met.includes(text) ? 'met' : 'not-met')),
    );
    expect(await scorer.score(subject('answer'))).toMatchObject({
      status: 'scored',
      value,
      detail: { passed },
    });
    expect(scorer.name).toBe('mine@scripted');
  });
});

describe('a pair', () => {
  /** Prefers the longer answer, or what stands first. */
  const longer: Script = ({ first, second }) => {
    const [one, other] = [String(first), String(second)];
    return {
      reason: '',
      better: one.length === other.length ? 'first' : one.length > other.length ? 'first' : 'second',
    };
  };

  it.each<[string, string, Partial<Score>]>([
    ['long answer', 'ref', { status: 'scored', value: 1 }],
    ['a', 'reference', { status: 'scored', value: 0 }],
    ['same', 'size', { status: 'undefined', reason: 'order-dependent' }],
  ])('"%s" beside "%s"', async (answer, reference, expected) => {
    const { scorer, requests } = await scorerOf(
      { type: 'pairwise', judge: 'strict', criterion: 'x' },
      longer,
    );
    expect(await scorer.score(subject(answer, [], reference))).toMatchObject(expected);
    expect(requests.map(({ material }) => (material as { first: string }).first)).toEqual([
      answer,
      reference,
    ]);
  });

  it('of runs is summed up, and identical answers cost nothing', async () => {
    const { judge, requests } = await scorerOf({ type: 'pairwise', judge: 'strict', criterion: 'x' }, longer);
    const pair = (id: string, a: string, b: string) => ({
      sample: { id, input: id, answerable: true },
      a: scriptedAnswer({ answer: a }),
      b: scriptedAnswer({ answer: b }),
    });
    const report = await comparePairs({
      judge,
      criterion: 'x',
      samples: [
        pair('1', 'longer', 'short'),
        pair('2', 'abc', 'xyz'),
        pair('3', 'same', 'same'),
        pair('4', 'a', 'bb'),
      ],
    });
    expect(report).toMatchObject({
      n: 4,
      wins: { a: 1, b: 1, tie: 1 },
      orderDependent: 1,
      identical: 1,
      errors: {},
    });
    expect(report.preference.mean).toBe(0.5);
    expect(requests).toHaveLength(6);
  });
});

describe('the config of scorers', () => {
  it('names a judge that is not there', async () => {
    await expect(
      scorerOf(
        { type: 'rubric', judge: 'strickt', criteria: ['a'] },
        rate(() => 'met'),
      ),
    ).rejects.toThrow(/There is no judge "strickt"\. Did you mean "strict"\?/);
    expect(judgedScorerConfigSchema.safeParse({ type: 'rag', metrics: ['faith'] }).success).toBe(false);
  });
});

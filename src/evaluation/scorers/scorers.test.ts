import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type Citation,
  noCost,
  noUsage,
  type Sample,
  type Score,
  scored,
  undefinedScore,
} from '../../core/index.ts';
import { holdsForm } from './fact-match.ts';
import type { Scorer } from './scorer.ts';
import { applyScorer, createScorers, findScorer } from './scorers.ts';
import { containsAnswer } from './squad.ts';

const scorers = createScorers();

function judge(
  metric: string,
  sample: Partial<Sample>,
  answer: Partial<Answer>,
  retrieves?: boolean,
): Promise<Score> {
  return applyScorer(findScorer(scorers, metric), {
    sample: { id: 's', input: 'q', answerable: true, ...sample },
    answer: {
      answer: '',
      citations: [],
      removedCitations: 0,
      refusal: null,
      contexts: [],
      usage: noUsage,
      cost: noCost,
      seconds: 2,
      confidence: null,
      ...answer,
    },
    retrieves,
  });
}

const refused: Partial<Answer> = { answer: 'I do not know', refusal: { reason: 'not-in-corpus' } };

function cite(marker: number, documentId: string, start: number, end: number, quote = 'x'): Citation {
  return { marker, documentId, version: 'v', uri: documentId, start, end, quote, state: 'quoted' };
}

const context = (documentId: string | null, start: number | null = 0, end: number | null = 10) => ({
  documentId,
  start,
  end,
  score: null,
});

describe('facts', () => {
  it('are found at word boundaries after normalisation', async () => {
    expect(holdsForm('It stops after `20` steps.', '20')).toBe(true);
    expect(holdsForm('Since 2024.', '20')).toBe(false);
    expect(holdsForm('Call useChats', 'useChat')).toBe(false);
    expect(holdsForm('useChats and useChat', 'usechat')).toBe(true);
    expect(holdsForm('rows.map(x)', '.map(')).toBe(true);
    expect(holdsForm('the user\u2019s **own**\n key', "user's own key")).toBe(true);
    expect(holdsForm('\uFF11\uFF10 %', '10 %')).toBe(true);
    expect(holdsForm('\u{1D7D8}a', 'a')).toBe(false);
    expect(holdsForm('anything', '``')).toBe(false);
  });
});

describe('correct', () => {
  const facts = [['20', 'twenty'], ['isStepCount']];
  it('needs every fact, in any form, and no refusal', async () => {
    expect(await judge('correct', { facts }, { answer: 'Twenty, by isStepCount(20).' })).toEqual(
      scored(1, { facts: [true, true] }),
    );
    expect(await judge('correct', { facts }, { answer: 'Twenty.' })).toEqual(
      scored(0, { facts: [true, false] }),
    );
    expect(await judge('correct', { facts }, refused)).toEqual(scored(0, { wrongAbstention: true }));
  });

  it('is a refusal where nothing can be answered', async () => {
    expect(await judge('correct', { answerable: false }, refused)).toEqual(scored(1));
    expect(await judge('correct', { answerable: false }, { answer: 'Surely 20.' })).toEqual(scored(0));
  });

  it('falls back on references, and has no number without gold', async () => {
    expect(await judge('correct', { reference: 'Paris' }, { answer: 'It is Paris.' })).toEqual(scored(1));
    expect(await judge('correct', {}, { answer: 'It is Paris.' })).toEqual(undefinedScore('no-gold'));
    expect(await judge('correct', {}, refused)).toEqual(undefinedScore('no-gold'));
  });

  it('does not take a citation marker for a fact', async () => {
    const citations = [cite(1, 'd', 0, 5)];
    expect(
      await judge('correct', { facts: [['1']] }, { answer: 'Some steps [1].', citations }),
    ).toMatchObject({
      value: 0,
    });
    expect(await judge('correct', { facts: [['1']] }, { answer: 'rows[1] is it' })).toMatchObject({
      value: 1,
    });
  });
});

describe('references', () => {
  it('follow the SQuAD rules, refusals counting 0 and empty answers to unanswerable ones 1', async () => {
    expect(await judge('exact-match', { references: ['cat', 'the cat'] }, { answer: 'The cat!' })).toEqual(
      scored(1),
    );
    // "cat sat" against "black cat": 1 common token of 2 and 2.
    expect(await judge('token-f1', { reference: 'a black cat' }, { answer: 'cat sat' })).toEqual(scored(0.5));
    expect(await judge('token-f1', { reference: 'cat' }, refused)).toEqual(
      scored(0, { wrongAbstention: true }),
    );
    expect(await judge('token-f1', { answerable: false }, refused)).toEqual(scored(1, { noAnswer: true }));
    expect(await judge('exact-match', { answerable: false }, { answer: 'cat' })).toEqual(
      scored(0, { noAnswer: true }),
    );
    expect(await judge('exact-match', {}, { answer: 'cat' })).toEqual(undefinedScore('no-gold'));
  });

  it('are contained as whole tokens in an answer that is not too long', async () => {
    expect(containsAnswer('He led Carolina to the title.', 'Carolina')).toBe(true);
    expect(containsAnswer('concatenate', 'cat')).toBe(false);
    expect(containsAnswer('anything', 'the')).toBe(false);
    // A choice by letter, and a sign: SQuAD leaves nothing of either.
    expect(containsAnswer('a.', 'A')).toBe(true);
    expect(containsAnswer('A cat.', 'A')).toBe(false);
    expect([containsAnswer('+', '+'), containsAnswer('-', '+'), containsAnswer('', '')]).toEqual([
      true,
      false,
      false,
    ]);
    const long = `${'word '.repeat(150)}Paris`;
    expect(await judge('answer-contained', { reference: 'Paris' }, { answer: long })).toEqual(
      scored(0, { tooLong: true }),
    );
    expect(await judge('answer-contained', { reference: 'Paris' }, { answer: long.slice(5) })).toEqual(
      scored(1),
    );
  });
});

describe('retrieval', () => {
  const spans = [
    { document: 'a', start: 0, end: 10 },
    { document: 'b', start: 50, end: 60 },
  ];

  it('counts each gold span once and by overlap', async () => {
    // Rank 1 misses, rank 2 and 3 overlap the same span of a, rank 4 the span of b.
    const contexts = [context('c'), context('a', 5, 20), context('a', 0, 6), context('b', 59, 70)];
    expect(await judge('hit@1', { evidence: spans }, { contexts })).toEqual(scored(0));
    expect(await judge('hit@5', { evidence: spans }, { contexts })).toEqual(scored(1));
    expect(await judge('recall@5', { evidence: spans }, { contexts })).toEqual(scored(1));
    expect(await judge('mrr@5', { evidence: spans }, { contexts })).toEqual(scored(0.5));
    const expected = (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3));
    expect(await judge('ndcg@5', { evidence: spans }, { contexts })).toEqual(
      scored(expect.closeTo(expected, 12) as number),
    );
    expect(await judge('recall@5', { evidence: spans }, { contexts: [context('b', 60, 70)] })).toEqual(
      scored(0),
    );
  });

  it('never passes 1 when one passage holds two spans', async () => {
    const evidence = [spans[0]!, { document: 'a', start: 20, end: 30 }];
    expect(await judge('ndcg@5', { evidence }, { contexts: [context('a', 0, 40)] })).toEqual(scored(1));
    expect(await judge('recall@1', { evidence }, { contexts: [context('a', 0, 40)] })).toEqual(scored(1));
  });

  it('goes by document without offsets, several passages of one being one', async () => {
    const evidence = [{ document: 'b' }];
    const contexts = [context('a', 0, 10), context('a', 10, 20), context('b')];
    expect(await judge('mrr@5', { evidence }, { contexts })).toEqual(scored(0.5));
  });

  it('is 0 when nothing was found and no number when there was nothing to find or no search', async () => {
    expect(await judge('recall@5', { evidence: spans }, {}, true)).toEqual(scored(0));
    expect(await judge('recall@5', { evidence: spans }, {}, false)).toEqual(undefinedScore('no-retriever'));
    expect(await judge('recall@5', { evidence: spans }, {})).toEqual(undefinedScore('no-contexts'));
    expect(await judge('recall@5', {}, {}, true)).toEqual(undefinedScore('no-gold'));
    expect(await judge('recall@5', { evidence: spans }, { contexts: [context(null)] })).toEqual(
      undefinedScore('contexts-without-documents'),
    );
    expect(await judge('recall@5', { evidence: spans }, { contexts: [context('a', null, null)] })).toEqual(
      undefinedScore('contexts-without-offsets'),
    );
  });
});

describe('citations', () => {
  const sample = {
    evidence: [
      { document: 'a', start: 0, end: 10 },
      { document: 'b', start: 0, end: 10 },
    ],
    facts: [['20']],
  };

  it('support by overlap or by holding a fact', async () => {
    const citations = [
      cite(1, 'a', 9, 20),
      cite(2, 'z', 0, 5, 'after 20 steps'),
      cite(3, 'z', 0, 5, 'nothing'),
    ];
    expect(await judge('citation-precision', sample, { answer: 'x', citations })).toEqual(scored(2 / 3));
    expect(await judge('citation-recall', sample, { answer: 'x', citations })).toEqual(scored(1));
    expect(await judge('citation-recall', sample, { answer: 'x', citations: [citations[0]!] })).toEqual(
      scored(0.5),
    );
  });

  it('have a precision only where there are some, and a recall of 0 where there are none', async () => {
    expect(await judge('citation-precision', sample, { answer: 'x' })).toEqual(
      undefinedScore('no-citations'),
    );
    expect(await judge('citation-recall', sample, { answer: 'x' })).toEqual(scored(0));
    expect(await judge('citation-recall', sample, refused)).toEqual(undefinedScore('abstained'));
    expect(await judge('citation-recall', { answerable: false }, { answer: 'x' })).toEqual(
      undefinedScore('unanswerable'),
    );
    expect(await judge('citation-precision', {}, { answer: 'x' })).toEqual(undefinedScore('no-gold'));
  });
});

describe('effort and registry', () => {
  it('tells an unknown price from a price of 0', async () => {
    const unknown = { usd: null, source: 'none' as const, priceDate: null, basis: '' };
    expect(await judge('cost', {}, { cost: unknown })).toEqual(undefinedScore('price-unknown'));
    expect(await judge('cost', {}, {})).toEqual(scored(0));
    expect(await judge('latency', {}, {})).toEqual(scored(2));
    expect(await judge('tokens', {}, { usage: { ...noUsage, inputTokens: 7, outputTokens: 5 } })).toEqual(
      scored(12),
    );
  });

  it('makes an error score of a scorer that throws or gives no number', async () => {
    const broken: Scorer = {
      ...scorers[0]!,
      name: 'broken',
      score: () => {
        throw new Error('boom');
      },
    };
    const judged = { sample: { id: 's', input: 'q', answerable: true }, answer: {} as Answer };
    expect(await applyScorer(broken, judged)).toEqual({ status: 'error', cause: 'boom', retryable: false });
    expect((await applyScorer({ ...broken, score: () => scored(Number.NaN) }, judged)).status).toBe('error');
  });

  it('names the metric that was meant', async () => {
    expect(() => findScorer(scorers, 'corect')).toThrow('Did you mean "correct"?');
  });
});

import { describe, expect, it } from 'vitest';
import type { Citation } from '../../core/index.ts';
import {
  createCitationSupportScorers,
  judgeCitationSupport,
  type QuotesSupport,
  type SplitStatements,
} from './citation-support.ts';
import { judgedText } from './judged.fixture.ts';

const citation = (marker: number, quote: string): Citation => ({
  marker,
  documentId: 'd',
  version: 'v',
  uri: 'd.md',
  start: 0,
  end: quote.length,
  quote,
  state: 'unverified',
});

/** Statements are written as `words [1][2]`, one a line; one is borne out when every word of it stands in the quotes. */
const split: SplitStatements = ({ answer }) =>
  answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({
      text: line.replace(/\[\d\]/g, '').trim(),
      markers: [...line.matchAll(/\[(\d)\]/g)].map(([, marker]) => Number(marker)),
    }));
const supports: QuotesSupport = (statement, quotes) =>
  statement.split(' ').every((word) => quotes.some(({ quote }) => quote.split(' ').includes(word)));
const quotes = [citation(1, 'a b'), citation(2, 'c'), citation(3, 'a b c'), citation(4, 'x')];
const support = (answer: string) => judgeCitationSupport({ answer, citations: quotes }, split, supports);

describe('citation support', () => {
  it.each([
    // Both are needed.
    ['a b c [1][2]', { statements: 1, supported: 1, citations: 2, relevant: 2 }],
    // The third bears it out alone; without it the first does not, but the first is irrelevant, for the third does without it.
    ['a b c [1][3]', { statements: 1, supported: 1, citations: 2, relevant: 1 }],
    // Either would do alone.
    ['a b [1][3]', { statements: 1, supported: 1, citations: 2, relevant: 2 }],
    ['a x [1][4]', { statements: 1, supported: 1, citations: 2, relevant: 2 }],
    // Not borne out: no citation of it counts.
    ['a z [1][4]', { statements: 1, supported: 0, citations: 2, relevant: 0 }],
    ['a b\nc [2]', { statements: 2, supported: 1, citations: 1, relevant: 1 }],
    // A marker without a citation cites nothing.
    ['a b [9]', { statements: 1, supported: 0, citations: 0, relevant: 0 }],
    ['', { statements: 0, supported: 0, citations: 0, relevant: 0 }],
  ])('%j', (answer, expected) => {
    expect(support(answer)).toEqual(expected);
  });

  it('is precision over citations and recall over statements, undefined where there is nothing', () => {
    const [precision, recall] = createCitationSupportScorers(split, supports);
    const scores = (answer: string, refused = false) => {
      const judged = judgedText(refused ? null : answer, {}, { answer, citations: quotes });
      return [precision.score(judged), recall.score(judged)];
    };
    expect(scores('a b c [1][3]\nz [2]\nc [2]')).toEqual([
      { status: 'scored', value: 2 / 4 },
      { status: 'scored', value: 2 / 3 },
    ]);
    expect(scores('a b')).toEqual([
      { status: 'undefined', reason: 'no-citations' },
      { status: 'scored', value: 0 },
    ]);
    expect(scores('')).toEqual([
      { status: 'undefined', reason: 'no-statements' },
      { status: 'undefined', reason: 'no-statements' },
    ]);
    expect(scores('a b [1]', true)[0]).toEqual({ status: 'undefined', reason: 'abstained' });
  });
});

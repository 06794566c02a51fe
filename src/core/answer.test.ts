import { describe, expect, it } from 'vitest';
import { type Answer, answerSchema } from './answer.ts';
import { noCost, noUsage } from './usage.ts';

const quotation = {
  documentId: 'docs:a.md',
  version: 'v',
  uri: 'a.md',
  start: 0,
  end: 3,
  quote: 'abc',
};
const stored: Answer = {
  answer: 'abc [1]',
  citations: [{ ...quotation, marker: 1, state: 'quoted' }],
  removedCitations: 0,
  refusal: null,
  contexts: [],
  usage: noUsage,
  cost: noCost,
  seconds: 0,
  confidence: null,
};

describe('answers', () => {
  it('of older versions, without places, support, claims and notices, still parse', () => {
    expect(answerSchema.parse(structuredClone(stored))).toEqual(stored);
  });

  it('keep places, support, claims and notices', () => {
    const answer: Answer = {
      ...stored,
      citations: [
        {
          ...quotation,
          marker: 1,
          state: 'supported',
          place: { page: 2, line: 7, heading: 'A > B' },
          support: { score: 0.9 },
        },
      ],
      claims: [
        {
          start: 0,
          end: 7,
          markers: [1],
          state: 'unverified',
          support: { score: 0.9, failures: [{ kind: 'number', found: '7' }] },
        },
      ],
      notices: [
        {
          kind: 'conflict',
          quotes: [quotation, { ...quotation, documentId: 'docs:b.md', date: '2024-01-01' }],
        },
        { kind: 'outdated', cited: quotation, newer: { ...quotation, documentId: 'docs:c.md' } },
        { kind: 'links-removed', targets: ['https://example.org/x'] },
      ],
    };
    expect(answerSchema.parse(structuredClone(answer))).toEqual(answer);
  });
});

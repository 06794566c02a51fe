import { describe, expect, it } from 'vitest';
import { sampleSchema, sha256 } from '../../core/index.ts';
import { traceFixture } from '../fixture.ts';
import type { StoredFeedback } from './feedback.ts';
import { sampleFromFeedback } from './samples-from-feedback.ts';

const citation = {
  marker: 1,
  documentId: 'docs:a.md',
  version: 'v',
  uri: 'a.md',
  start: 3,
  end: 8,
  quote: 'seven',
  state: 'quoted' as const,
};
const trace = traceFixture(1, {
  conversation: 'c',
  content: { input: 'How many?', answer: 'Seven. [1]', citations: [citation], contexts: [] },
});
const said = (more: Partial<StoredFeedback>, author = 'ann'): StoredFeedback => ({
  trace: trace.id,
  author,
  at: '',
  ...more,
});
const made = (...feedback: StoredFeedback[]) => sampleFromFeedback(trace, feedback);

describe('a sample from feedback', () => {
  it('has the correction as its reference, and no evidence, for what was cited misled', () => {
    const result = made(said({ thumbs: 'down', correction: 'Eight.' }));
    expect(result).toEqual({
      sample: {
        id: `trace-${trace.id}`,
        input: 'How many?',
        reference: 'Eight.',
        answerable: true,
        group: 'conversation-c',
        tags: ['feedback', 'corrected'],
      },
    });
  });

  it('takes an answer that people like, without its numbers, with what it cites', () => {
    const result = made(said({ thumbs: 'up' }), said({ citation: 1, thumbs: 'down' }, 'bob'));
    expect(result).toMatchObject({
      sample: {
        reference: 'Seven.',
        evidence: [{ document: 'docs:a.md', start: 3, end: 8, hash: sha256('seven') }],
        tags: ['feedback', 'thumbs-up'],
      },
    });
    expect('sample' in result && sampleSchema.safeParse(result.sample).success).toBe(true);
  });

  it('is none where people disagree, say nothing of use, or texts are not kept', () => {
    expect(made(said({ thumbs: 'up' }), said({ thumbs: 'down' }, 'bob'))).toEqual({
      leftOut: 'people disagree',
    });
    expect(made(said({ correction: 'Eight.' }), said({ correction: 'Nine.' }, 'bob'))).toEqual({
      leftOut: 'people disagree',
    });
    for (const feedback of [said({ thumbs: 'down' }), said({ rating: 2 }), said({ comment: 'hm' })])
      expect(made(feedback)).toEqual({ leftOut: 'nothing says what the answer should be' });
    expect(sampleFromFeedback({ ...trace, content: null }, [said({ thumbs: 'up' })])).toEqual({
      leftOut: 'texts are not kept',
    });
    expect(sampleFromFeedback({ ...trace, status: 'refused' }, [said({ thumbs: 'up' })])).toEqual({
      leftOut: 'nothing says what the answer should be',
    });
  });

  it('of requests without a conversation is in the group of its user', () => {
    const alone = sampleFromFeedback({ ...trace, conversation: null }, [said({ correction: 'x' })]);
    expect(alone).toMatchObject({ sample: { group: 'user-ann' } });
  });
});

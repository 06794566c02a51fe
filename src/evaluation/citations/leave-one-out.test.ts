import { describe, expect, it } from 'vitest';
import { type Answer, type Citation, localOwner, noUsage, type Sample } from '../../core/index.ts';
import type { Evaluated, EvaluatedQuestion } from '../evaluated.ts';
import { leaveOneOut } from './leave-one-out.ts';

const cite = (marker: number): Citation => ({
  marker,
  documentId: 'd',
  version: 'v',
  uri: 'd.md',
  start: 10 * marker,
  end: 10 * marker + 5,
  quote: `quote ${marker}`,
  state: 'quoted',
});
const answerOf = (answer: string, citations: Citation[] = [], refused = false): Answer => ({
  answer,
  citations,
  removedCitations: 0,
  refusal: refused ? { reason: 'not-in-corpus' } : null,
  contexts: [],
  usage: { ...noUsage, calls: 1, inputTokens: 5 },
  cost: { usd: 0.01, source: 'price-list', priceDate: null, basis: 'listed' },
  seconds: 0,
  confidence: null,
});
const samples: Sample[] = Array.from({ length: 10 }, (_, index) => ({
  id: `s${index}`,
  input: `q${index}`,
  answerable: true,
}));
/** Says two things; the first rests on its evidence, the second is said whatever is shown. */
const variant = (
  answer: (question: EvaluatedQuestion) => Answer,
): Evaluated & { asked: EvaluatedQuestion[] } => {
  const asked: EvaluatedQuestion[] = [];
  return {
    name: 'rag',
    kind: 'rag',
    deployable: true,
    definition: {},
    asked,
    estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd: 0 }),
    answer: async (question) => {
      asked.push(question);
      return answer(question);
    },
  };
};
const half = variant(({ hiddenEvidence = [] }) =>
  hiddenEvidence.some(({ start }) => start === 10)
    ? answerOf('Cold tea. [2]', [cite(2)])
    : answerOf('Hot milk. [1]\nCold tea. [2]', [cite(1), cite(2)]),
);
const options = {
  principal: localOwner,
  seed: 1,
  split: ({ answer }: Pick<Answer, 'answer'>) =>
    answer
      .split('\n')
      .map((line) => ({ text: line.replace(/ \[\d\]/, ''), markers: [Number(/\[(\d)\]/.exec(line)?.[1])] })),
  stillSays: (statement: string, answer: string) => answer.includes(statement),
};

describe('leaving one citation out', () => {
  it('does not count a citation that stands behind no statement as one that matters', async () => {
    // Citation 2 has no marker in the text: nothing that it stands behind can be gone, whatever comes without it.
    const idle = variant(() => answerOf('Hot milk. [1]', [cite(1), cite(2)]));
    const report = await leaveOneOut({ ...options, variant: idle, samples, share: 1 });
    expect(report.citations).toHaveLength(20);
    expect(report.matters).toMatchObject({ mean: 0, clusters: 10 });
  });

  it('counts the citations without which a statement is gone, with cost and interval', async () => {
    const report = await leaveOneOut({ ...options, variant: half, samples, share: 1 });
    expect(report).toMatchObject({ samples: 10, cited: 10, uncited: 0, stopped: false });
    expect(report.citations).toHaveLength(20);
    expect(report.citations[0]).toMatchObject({
      marker: 1,
      statements: ['Hot milk.'],
      stillSaid: false,
      sameAnswer: false,
    });
    expect(report.citations[1]).toMatchObject({
      marker: 2,
      statements: ['Cold tea.'],
      stillSaid: true,
      sameAnswer: true,
    });
    expect(report.matters).toMatchObject({ mean: 0.5, clusters: 10 });
    expect(report.matters.low).toBeLessThan(0.5);
    // One call for the answer and one for each of two citations.
    expect(report.usage.calls).toBe(30);
    expect(report.cost.usd).toBeCloseTo(0.3, 12);
    expect(half.asked[1]?.hiddenEvidence).toEqual([{ documentId: 'd', start: 10, end: 15 }]);
  });

  it('draws the same share for the same seed, and leaves refusals out', async () => {
    const drawn = async (seed: number) => {
      const asked = variant(() => answerOf('', [], true));
      const report = await leaveOneOut({ ...options, seed, variant: asked, samples, share: 0.3 });
      expect(report).toMatchObject({ samples: 3, cited: 0, uncited: 3 });
      expect(report.matters).toEqual({ mean: null, low: null, high: null, clusters: 0 });
      return asked.asked.map(({ sampleId }) => sampleId);
    };
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(3));
  });

  it('takes a refusal without the evidence for a statement that is gone, and stops at its budget', async () => {
    const strict = variant(({ hiddenEvidence = [] }) =>
      hiddenEvidence.length > 0 ? answerOf('Hot milk.', [], true) : answerOf('Hot milk. [1]', [cite(1)]),
    );
    const report = await leaveOneOut({ ...options, variant: strict, samples, share: 1, budget: 0.035 });
    expect(report.stopped).toBe(true);
    expect(report.citations.map(({ stillSaid }) => stillSaid)).toEqual([false, false]);
    expect(report.cost.usd).toBeCloseTo(0.04, 12);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scored, undefinedScore } from '../../../core/index.ts';
import {
  ragasAnswerRelevancy,
  ragasContextPrecision,
  ragasFaithfulness,
  ragasNoiseSensitivity,
  ragasSemanticSimilarity,
} from './ragas.ts';
import { ragasAnswerCorrectness, ragasFactualCorrectness } from './ragas-correctness.ts';
import { type ClaimMatrices, claimMetrics } from './ragchecker.ts';
import { trulensGroundedness, trulensRating, trulensRatingInText } from './trulens.ts';

/** Answers with claims on both sides and any number of passages. */
const matrices: fc.Arbitrary<ClaimMatrices> = fc
  .record({ claims: fc.integer({ min: 1, max: 8 }), wanted: fc.nat(6), passages: fc.nat(5) })
  .chain(({ claims, wanted, passages }) => {
    const verdicts = (count: number): fc.Arbitrary<boolean[]> =>
      fc.array(fc.boolean(), { minLength: count, maxLength: count });
    const matrix = (count: number): fc.Arbitrary<boolean[][]> =>
      fc.array(verdicts(count), { minLength: passages, maxLength: passages });
    return fc.record({
      responseByReference: verdicts(claims),
      referenceByResponse: verdicts(wanted),
      referenceByPassage: matrix(wanted),
      responseByPassage: matrix(claims),
    });
  });

describe("RAGChecker's arithmetic", () => {
  it('splits the wrong claims into hallucination and noise, and the unsupported ones into two', () => {
    fc.assert(
      fc.property(matrices, (given) => {
        const metrics = claimMetrics(given);
        const wrong =
          metrics.hallucination! + metrics.noiseSensitivityRelevant! + metrics.noiseSensitivityIrrelevant!;
        expect(wrong).toBeCloseTo(1 - metrics.precision!, 12);
        expect(metrics.faithfulness).toBeCloseTo(1 - metrics.hallucination! - metrics.selfKnowledge!, 12);
      }),
    );
  });

  it('gives the shares of an example counted by hand', () => {
    // Passage 1 is relevant (claim 1 of the reference), passage 2 is not. Of the four claims of the response the first
    // is right and supported, the second wrong by passage 1, the third wrong by passage 2, the fourth wrong by nothing.
    const metrics = claimMetrics({
      responseByReference: [true, false, false, false],
      referenceByResponse: [true, false],
      referenceByPassage: [
        [true, false],
        [false, false],
      ],
      responseByPassage: [
        [true, true, false, false],
        [false, false, true, false],
      ],
    });
    expect(metrics).toEqual({
      precision: 0.25,
      recall: 0.5,
      f1: 1 / 3,
      claimRecall: 0.5,
      contextPrecision: 0.5,
      contextUtilization: 1,
      faithfulness: 0.75,
      noiseSensitivityRelevant: 0.25,
      noiseSensitivityIrrelevant: 0.25,
      hallucination: 0.25,
      selfKnowledge: 0,
    });
  });

  it('has no share of nothing', () => {
    const nothing = claimMetrics({
      responseByReference: [],
      referenceByResponse: [],
      referenceByPassage: [],
      responseByPassage: [],
    });
    expect(Object.values(nothing).every((value) => value === null)).toBe(true);
  });
});

describe("Ragas' arithmetic", () => {
  it('has no faithfulness without claims', () => {
    expect(ragasFaithfulness([])).toEqual(undefinedScore('no-claims'));
    expect(ragasFaithfulness([true, false, true, true])).toEqual(scored(0.75));
  });

  it('never reaches 1 in context precision', () => {
    expect(ragasContextPrecision([true])).toEqual(scored(1 / (1 + 1e-10)));
    expect(ragasContextPrecision([])).toEqual(scored(0));
  });

  it('is the noise of RAGChecker where there are relevant claims', () => {
    fc.assert(
      fc.property(matrices, (given) => {
        fc.pre(given.referenceByResponse.length > 0 && given.referenceByPassage.length > 0);
        const noise = {
          referenceByContext: given.referenceByPassage,
          responseByContext: given.responseByPassage,
          responseByReference: given.responseByReference,
        };
        const metrics = claimMetrics(given);
        expect(ragasNoiseSensitivity(noise, 'relevant')).toEqual(scored(metrics.noiseSensitivityRelevant!));
        expect(ragasNoiseSensitivity(noise, 'irrelevant')).toEqual(
          scored(metrics.noiseSensitivityIrrelevant!),
        );
      }),
    );
  });

  it('keeps zero vectors and empty inputs apart from measured zeros', () => {
    const zero = { question: 'q', vector: [0, 0], noncommittal: false };
    expect(ragasAnswerRelevancy([1, 0], [zero])).toEqual(undefinedScore('zero-vector'));
    expect(ragasAnswerRelevancy([1, 0], [{ ...zero, question: '' }])).toEqual(scored(0));
    expect(ragasSemanticSimilarity([0, 0], [1, 0], 0.5)).toEqual(undefinedScore('zero-vector'));
    const none = { referenceByContext: [], responseByContext: [], responseByReference: [] };
    expect(ragasNoiseSensitivity(none, 'relevant')).toEqual(undefinedScore('no-claims'));
  });

  it('weighs facts and similarity, and needs vectors only for the latter', () => {
    const counts = {
      responseStatements: 2,
      referenceStatements: 2,
      truePositives: 1,
      falsePositives: 1,
      falseNegatives: 1,
    };
    expect(ragasAnswerCorrectness(counts, { weights: [1, 0] })).toEqual(scored(0.5));
    expect(ragasAnswerCorrectness(counts)).toEqual(undefinedScore('no-embeddings'));
    const vectors = { responseVector: [1, 0], referenceVector: [0, 1] };
    expect(ragasAnswerCorrectness({ ...counts, ...vectors })).toEqual(scored(0.375));
    expect(ragasAnswerCorrectness(counts, { weights: [0, 0] })).toEqual(undefinedScore('weights-invalid'));
  });

  it('rounds factual correctness to two decimals, halves to even', () => {
    // 1 of 8 supported: 0.125 goes to 0.12 (smoothing of 1e-8 leaves it just under the half).
    expect(ragasFactualCorrectness([true, ...Array(7).fill(false)], [], { mode: 'precision' })).toEqual(
      scored(0.12),
    );
  });
});

describe("TruLens' ratings", () => {
  it('are brought from their scale to [0, 1]; outside it nothing was measured', () => {
    expect(trulensRating(1)).toEqual(scored(1 / 3));
    expect(trulensRating(7, { lowest: 0, highest: 10 })).toEqual(scored(0.7));
    expect(trulensRating(9).status).toBe('error');
    expect(trulensRating(Number.NaN).status).toBe('error');
  });

  it('are read from text, the smallest inside the scale, after the scale itself is left out', () => {
    expect(trulensRatingInText('I would say 1 out of 3.')).toEqual(scored(1 / 3));
    expect(trulensRatingInText('On a scale of 0 to 3 this is a 3.')).toEqual(scored(1));
    expect(trulensRatingInText('0 = poor, 3 = perfect. Mine: 2')).toEqual(scored(2 / 3));
    expect(trulensRatingInText('0 to 3')).toEqual(scored(0));
    expect(trulensRatingInText('2.9')).toEqual(scored(2 / 3));
    expect(trulensRatingInText('Score: 9').status).toBe('error');
    expect(trulensRatingInText('no idea').status).toBe('error');
  });

  it('leave unread sentences out of groundedness', () => {
    expect(trulensGroundedness([trulensRating(3), trulensRatingInText('?'), trulensRating(0)])).toEqual(
      scored(0.5),
    );
    expect(trulensGroundedness([trulensRatingInText('?')]).status).toBe('error');
    expect(trulensGroundedness([])).toEqual(undefinedScore('no-claims'));
  });
});

import { type Score, scored, undefinedScore } from '../../../core/index.ts';
import { cosine } from './cosine.ts';
import { countTrue } from './verdicts.ts';

/** What answer correctness is computed from. */
export interface CorrectnessInputs {
  /** Numbers of statements that were extracted; without any on one side the factual part is 1. */
  readonly responseStatements: number;
  readonly referenceStatements: number;
  /** Statements in both, only in the response, only in the reference, as the judge counted them. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** Needed only where the weight of similarity is not 0. */
  readonly responseVector?: readonly number[] | undefined;
  readonly referenceVector?: readonly number[] | undefined;
}

/**
 * Weighted mean of the F-beta of statements and the raw cosine of the texts (Ragas 0.4.3). Undefined when a similarity
 * is wanted and there are no vectors, or when both weights are 0. A vector of zeros has the similarity 0.
 * @param options.weights of the factual part and of similarity; Ragas' default is [0.75, 0.25].
 */
export function ragasAnswerCorrectness(
  inputs: CorrectnessInputs,
  options: { weights?: readonly [number, number]; beta?: number } = {},
): Score {
  const [factual, similar] = options.weights ?? [0.75, 0.25];
  if (!(factual >= 0 && similar >= 0 && factual + similar > 0)) return undefinedScore('weights-invalid');
  const noStatements = inputs.responseStatements === 0 || inputs.referenceStatements === 0;
  const facts = noStatements ? 1 : factualScore(inputs, options.beta ?? 1);
  if (similar === 0) return scored(facts);
  const { responseVector, referenceVector } = inputs;
  if (!responseVector || !referenceVector) return undefinedScore('no-embeddings');
  const similarity = cosine(responseVector, referenceVector) ?? 0;
  return scored((factual * facts + similar * similarity) / (factual + similar));
}

/** F-beta in which a side without statements counts as right when the other has none either. */
function factualScore(inputs: CorrectnessInputs, beta: number): number {
  const { truePositives, falsePositives, falseNegatives } = inputs;
  const claimed = truePositives + falsePositives;
  const wanted = truePositives + falseNegatives;
  const precision = claimed === 0 ? Number(falseNegatives === 0) : truePositives / claimed;
  const recall = wanted === 0 ? Number(falsePositives === 0) : truePositives / wanted;
  return fBeta(precision, recall, beta);
}

/**
 * Precision, recall or F-beta of claims, rounded to 2 decimals as Ragas 0.4.3 does. Its recall is of the response's
 * claims (those supported over those plus the missing claims of the reference), not of the reference's. Smoothing of
 * 1e-8 makes precision and recall of nothing 0.
 * @param responseClaims whether the reference supports each claim of the response.
 * @param referenceClaims whether the response supports each claim of the reference; ignored for precision.
 */
export function ragasFactualCorrectness(
  responseClaims: readonly boolean[],
  referenceClaims: readonly boolean[],
  options: { mode?: 'precision' | 'recall' | 'f1'; beta?: number } = {},
): Score {
  const mode = options.mode ?? 'f1';
  const truePositives = countTrue(responseClaims);
  const falsePositives = responseClaims.length - truePositives;
  const falseNegatives = mode === 'precision' ? 0 : referenceClaims.length - countTrue(referenceClaims);
  if (mode === 'precision') return scored(roundHalfEven(truePositives / (responseClaims.length + 1e-8)));
  if (mode === 'recall')
    return scored(roundHalfEven(truePositives / (truePositives + falseNegatives + 1e-8)));
  const precision = truePositives === 0 ? 0 : truePositives / (truePositives + falsePositives);
  const recall = truePositives === 0 ? 0 : truePositives / (truePositives + falseNegatives);
  return scored(roundHalfEven(fBeta(precision, recall, options.beta ?? 1)));
}

function fBeta(precision: number, recall: number, beta: number): number {
  if (precision + recall === 0) return 0;
  const square = beta * beta;
  return ((1 + square) * (precision * recall)) / (square * precision + recall);
}

/** Two decimals, a half going to the even neighbour (NumPy). */
function roundHalfEven(value: number): number {
  const scaled = value * 100;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  return (floor + (up ? 1 : 0)) / 100;
}

import { relevantPassages, type SupportMatrix, shareTrue, supportedBy } from './verdicts.ts';

/** Which claims are entailed by what, for one answer. Only entailment counts; neutral and contradicted are both false. */
export interface ClaimMatrices {
  /** Whether the reference entails each claim of the response. */
  readonly responseByReference: readonly boolean[];
  /** Whether the response entails each claim of the reference. */
  readonly referenceByResponse: readonly boolean[];
  /** `[passage][claim of the reference]`. */
  readonly referenceByPassage: SupportMatrix;
  /** `[passage][claim of the response]`. */
  readonly responseByPassage: SupportMatrix;
}

/** Shares in [0, 1]; null where the list that it would divide by is empty. */
export interface ClaimMetrics {
  readonly precision: number | null;
  readonly recall: number | null;
  /** Null where precision or recall is; 0 when both are 0. */
  readonly f1: number | null;
  /** Share of the reference's claims that some passage carries. */
  readonly claimRecall: number | null;
  /** Share of the passages that carry a claim of the reference, order aside. */
  readonly contextPrecision: number | null;
  /** Of the reference's claims that a passage carries, the share that the response has too. */
  readonly contextUtilization: number | null;
  /** Share of the response's claims that some passage supports. */
  readonly faithfulness: number | null;
  /** Wrong claims that a relevant passage supports; lower is better, as for the next three. */
  readonly noiseSensitivityRelevant: number | null;
  /** Wrong claims that only irrelevant passages support. */
  readonly noiseSensitivityIrrelevant: number | null;
  /** Wrong claims that no passage supports. */
  readonly hallucination: number | null;
  /** Right claims that no passage supports. */
  readonly selfKnowledge: number | null;
}

/**
 * RAGChecker's arithmetic (amazon-science/RAGChecker, computation.py; Ru et al. 2024). It differs in one thing: a
 * share of nothing is null, where RAGChecker gives 0, the best value of hallucination and the worst of recall.
 * With claims in the response, hallucination + noise (both) = 1 - precision and
 * faithfulness = 1 - hallucination - self-knowledge.
 */
export function claimMetrics(matrices: ClaimMatrices): ClaimMetrics {
  const { responseByReference, referenceByResponse, referenceByPassage, responseByPassage } = matrices;
  const relevant = relevantPassages(referenceByPassage);
  const claims = responseByReference.length;
  const supported = supportedBy(responseByPassage, claims);
  const byRelevant = supportedBy(responseByPassage, claims, (passage) => relevant[passage] === true);
  const share = (test: (correct: boolean, claim: number) => boolean): number | null =>
    shareTrue(responseByReference.map(test));
  const recalled = supportedBy(referenceByPassage, referenceByResponse.length);
  const precision = shareTrue(responseByReference);
  const recall = shareTrue(referenceByResponse);
  return {
    precision,
    recall,
    f1: harmonicMean(precision, recall),
    claimRecall: shareTrue(recalled),
    contextPrecision: shareTrue(relevant),
    contextUtilization: shareTrue(referenceByResponse.filter((_, claim) => recalled[claim])),
    faithfulness: shareTrue(supported),
    noiseSensitivityRelevant: share((correct, claim) => !correct && byRelevant[claim]!),
    noiseSensitivityIrrelevant: share(
      (correct, claim) => !correct && supported[claim]! && !byRelevant[claim]!,
    ),
    hallucination: share((correct, claim) => !correct && !supported[claim]!),
    selfKnowledge: share((correct, claim) => correct && !supported[claim]!),
  };
}

function harmonicMean(precision: number | null, recall: number | null): number | null {
  if (precision === null || recall === null) return null;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/**
 * Arms beside the variant itself: no passages and forced to answer, the gold evidence among far passages, among the
 * retrieved ones, among far ones with few-shot samples and a structured answer, and a placebo.
 */
export const attributionArms = [
  'no-context',
  'gold',
  'gold-distractors',
  'gold-few-shot',
  'placebo',
] as const;
export type AttributionArm = (typeof attributionArms)[number];

/**
 * Whether a variant was made for an experiment: an arm of an attribution, the variant itself in one, or a try of a search
 * (`rag.gold`, `rag.base`, `rag.try-3`).
 */
export function isArmName(variant: string): boolean {
  return (
    ['base', ...attributionArms].some((arm) => variant.endsWith(`.${arm}`)) || /\.try-\d+$/.test(variant)
  );
}

/** Arms that change something that should matter, in the order of a report. */
export const remedyArms = ['no-context', 'gold-distractors', 'gold', 'gold-few-shot'] as const;
export type RemedyArm = (typeof remedyArms)[number];

/** What came of one sample in one arm. */
export interface ArmOutcome {
  /** Score of the metric; null where there is none. */
  readonly value: number | null;
  /** Whether the score counts as right; null where there is none. */
  readonly right: boolean | null;
  readonly refused: boolean;
  /** Code of the error of the sample or of its scorer; null where nothing failed. */
  readonly error: string | null;
  /** Input tokens of the language model, as reported. */
  readonly inputTokens: number;
}

/** Where the gold evidence of a sample was when the variant answered. */
export interface GoldPlace {
  /** Whether the sample names evidence. */
  readonly marked: boolean;
  /** Whether every piece of it is in the corpus; null where that is not known. */
  readonly inCorpus: boolean | null;
  /**
   * Rank, from 1, at which search has found all of it; null where that is not among the candidates, undefined where
   * the candidates are not known or nobody had to look (it was in the context, or is not in the corpus).
   */
  readonly candidateRank: number | null | undefined;
  /** Whether all of it was before the reader; null where the variant does not say what was. */
  readonly inContext: boolean | null;
}

/** Everything that an attribution looks at for one sample. */
export interface SampleOutcome {
  readonly sample: string;
  readonly group: string;
  readonly answerable: boolean;
  readonly base: ArmOutcome;
  readonly arms: Readonly<Partial<Record<AttributionArm, ArmOutcome>>>;
  readonly gold: GoldPlace;
  /** Why the label is to be doubted; null where it is not. */
  readonly labelDoubt: string | null;
  /** Why only the form of the answer is wrong; null where it is not so. */
  readonly formFault: string | null;
}

/** What came of a sample in an arm, or in the variant itself. */
export function outcomeIn(outcome: SampleOutcome, arm: 'base' | AttributionArm): ArmOutcome | undefined {
  return arm === 'base' ? outcome.base : outcome.arms[arm];
}

/** Where the evidence was lost, from what was observed before any arm was run. */
export type Stage = 'corpus-gap' | 'retrieval-miss' | 'ranking-miss' | 'in-context' | 'unknown';

/** The stage of a sample; without known candidates a passage that is not in the context counts as not retrieved. */
export function stageOf({ marked, inCorpus, candidateRank, inContext }: GoldPlace): Stage {
  if (!marked) return 'unknown';
  if (inCorpus === false) return 'corpus-gap';
  if (inContext === null) return 'unknown';
  if (inContext) return 'in-context';
  return typeof candidateRank === 'number' ? 'ranking-miss' : 'retrieval-miss';
}

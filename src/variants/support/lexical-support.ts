import { type EvidenceIndex, stemsOf } from './evidence-index.ts';

/** What the words of a claim show of its support. */
export interface LexicalFigures {
  /** Different words of the claim (stemmed, stop words included) that the evidence lacks. */
  readonly unseen: number;
  /**
   * How near neighbouring words of the claim stand in the evidence, 0 to 1: mean of 1 / (1 + d/3), d being the fewest words
   * between the two in the evidence (one more where they stand in the other order). Words from all over the evidence that were
   * put together anew have a low one.
   */
  readonly proximity: number;
  /** The claim speaks of its speaker ("I", "we") and the evidence does not. */
  readonly speaker: boolean;
}

/** Words between two neighbours of the claim at which half of their proximity is left. */
const halfDistance = 3;

/** English words for the one who speaks. */
const speakerWords = ['i', 'me', 'my', 'mine', 'we', 'us', 'our', 'im', 'ive'];

/**
 * Logistic regression of "attributed to the evidence" on the figures, fitted by bench/groundedness.ts --fit on BEGIN wow dev and
 * HaluEval one-turn, either half of the weight.
 */
export const lexicalWeights = { constant: -0.52, unseen: -1.54, proximity: 3.33, speaker: -0.6 } as const;

/** The figures of a claim against evidence; null for a claim without a word. */
export function lexicalFigures(claim: string, evidence: EvidenceIndex): LexicalFigures | null {
  const stems = stemsOf(claim);
  if (stems.length === 0) return null;
  const different = new Set(stems);
  const speaks = (seen: (word: string) => boolean): boolean => speakerWords.some(seen);
  return {
    unseen: [...different].filter((each) => !evidence.positions.has(each)).length,
    proximity: meanProximity(stems, evidence),
    speaker: speaks((each) => different.has(each)) && !speaks((each) => evidence.positions.has(each)),
  };
}

/** Probability in (0, 1), on the data of the fit, that the evidence supports the claim. */
export function lexicalScore({ unseen, proximity, speaker }: LexicalFigures): number {
  const { constant, ...weight } = lexicalWeights;
  const exponent =
    constant +
    weight.unseen * Math.log1p(unseen) +
    weight.proximity * proximity +
    weight.speaker * (speaker ? 1 : 0);
  return 1 / (1 + Math.exp(-exponent));
}

function meanProximity(stems: readonly string[], { positions }: EvidenceIndex): number {
  if (stems.length === 1) return positions.has(stems[0] ?? '') ? 1 : 0;
  const known = new Map<string, number>();
  let sum = 0;
  for (let at = 1; at < stems.length; at++) {
    const pair = `${stems[at - 1]} ${stems[at]}`;
    const found = known.get(pair) ?? proximityOf(stems[at - 1] ?? '', stems[at] ?? '', positions);
    known.set(pair, found);
    sum += found;
  }
  return sum / (stems.length - 1);
}

function proximityOf(first: string, second: string, positions: EvidenceIndex['positions']): number {
  const one = positions.get(first);
  const other = positions.get(second);
  return one && other ? 1 / (1 + fewestBetween(one, other) / halfDistance) : 0;
}

/** Fewest words between an element of each list, plus one where the second stands first; infinite where it is the same word. */
function fewestBetween(first: readonly number[], second: readonly number[]): number {
  let fewest = Number.POSITIVE_INFINITY;
  let next = 0;
  for (const at of first) {
    while (next < second.length && (second[next] ?? 0) < at) next++;
    const before = second[next - 1];
    const after = second[second[next] === at ? next + 1 : next];
    if (before !== undefined) fewest = Math.min(fewest, at - before);
    if (after !== undefined) fewest = Math.min(fewest, after - at - 1);
  }
  return fewest;
}

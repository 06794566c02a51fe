import type { RankedPassage } from '../../src/experiments/index.ts';

/** A document as every tool is given it: our canonical text, so that places in it mean the same for all. */
export interface BenchDocument {
  readonly id: string;
  /** Title that the corpus gives beside the text; empty where the text has it. */
  readonly title: string;
  readonly text: string;
}

/** A way to search that takes part in the comparison. */
export interface Contestant {
  readonly name: string;
  /** Passages in rank order, at most 50. */
  search(query: string): Promise<readonly RankedPassage[]>;
}

/** Passages that are asked for of each. */
export const passagesAsked = 50;

/**
 * Places of chunks that a splitter without offsets made, in the text that it was given: each is looked for from where the one before
 * it begins, and anywhere where that fails. Null where the text of a chunk is not in the document.
 */
export function placeChunks(
  text: string,
  chunks: readonly string[],
): ({ start: number; end: number } | null)[] {
  let from = 0;
  return chunks.map((chunk) => {
    const after = text.indexOf(chunk, from);
    const start = after === -1 ? text.indexOf(chunk) : after;
    if (start === -1) return null;
    from = start + 1;
    return { start, end: start + chunk.length };
  });
}

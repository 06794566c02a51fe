import { type Sample, sha256 } from '../../core/index.ts';

/** A stretch of a document that a question can be made from. */
export interface TextPassage {
  readonly documentId: string;
  /** Titles above the passage, outermost first. */
  readonly titlePath: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Exactly `[start, end)` of the canonical text. */
  readonly text: string;
}

/** Words of the query that a made question holds. */
const wordsPerQuestion = 5;
const shortestPassage = 120;

/**
 * Questions made from a corpus by rule, for a first look at retrieval where nobody has written any yet. Each
 * holds the title above a passage and a few of the passage's rarer words in shuffled order; its gold evidence is
 * the passage. They use the text's own words, so they flatter keyword search: they show what is broken, not how
 * good retrieval is. At most one question a document until every document has one; the choice depends on
 * `seed` only.
 */
export function questionsFromText(
  passages: readonly TextPassage[],
  count: number,
  seed = 'fulcrum',
): Sample[] {
  const frequency = documentFrequency(passages);
  const order = (passage: TextPassage): string => sha256(`${seed} ${passage.documentId} ${passage.start}`);
  const usable = passages
    .filter((passage) => passage.text.trim().length >= shortestPassage)
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const turns = new Map<string, number>();
  const queued = usable
    .map((passage) => {
      const turn = turns.get(passage.documentId) ?? 0;
      turns.set(passage.documentId, turn + 1);
      return { passage, turn };
    })
    .sort((a, b) => a.turn - b.turn);
  const samples: Sample[] = [];
  for (const { passage } of queued) {
    if (samples.length === count) break;
    const input = questionFor(passage, frequency);
    if (input === null) continue;
    samples.push({
      id: `made-${samples.length + 1}`,
      input,
      answerable: true,
      evidence: [
        { document: passage.documentId, start: passage.start, end: passage.end, hash: sha256(passage.text) },
      ],
      group: passage.documentId,
      tags: ['made-from-text'],
    });
  }
  return samples;
}

/** The passage's words that few documents share, with the nearest title; null when it has too few. */
function questionFor(passage: TextPassage, frequency: ReadonlyMap<string, number>): string | null {
  const words = [...new Set(wordsOf(passage.text))].filter((word) => word.length >= 4);
  const rare = words
    .sort((a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1))
    // The very rarest are often ids and typing errors that nobody would ask for.
    .slice(2, 2 + wordsPerQuestion)
    .sort((a, b) => (sha256(a) < sha256(b) ? -1 : 1));
  if (rare.length < wordsPerQuestion) return null;
  const title = passage.titlePath.at(-1);
  return title ? `${title}: ${rare.join(' ')}` : rare.join(' ');
}

/** Number of documents that hold each word (see `wordsOf`). */
export function documentFrequency(passages: readonly TextPassage[]): Map<string, number> {
  const documents = new Map<string, Set<string>>();
  for (const passage of passages)
    for (const word of wordsOf(passage.text)) {
      const seen = documents.get(word) ?? new Set();
      documents.set(word, seen.add(passage.documentId));
    }
  return new Map([...documents].map(([word, seen]) => [word, seen.size]));
}

/** Words of a text, lower case: a letter, then letters and digits. */
export function wordsOf(text: string): string[] {
  return (text.match(/\p{L}[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase());
}

import { type Evidence, sha256 } from '../../core/index.ts';
import { quotePattern } from '../datasets/quote-pattern.ts';
import { holdsFact } from '../scorers/fact-match.ts';
import type { CorpusPassage } from './generation.ts';

/** Similarity of character 5-grams from which two questions count as the same one. */
export const nearDuplicate = 0.7;

/**
 * The place of a quote in one of the passages as evidence, with the hash of the exact slice; null where it stands in none. Only
 * white space may differ, for models write line breaks as blanks.
 */
export function locateQuote(quote: string, passages: readonly CorpusPassage[]): Evidence | null {
  const pattern = quotePattern(quote);
  if (!pattern) return null;
  for (const { documentId, start, text } of passages) {
    const at = text.search(pattern);
    const found = text.match(pattern)?.[0];
    if (found === undefined) continue;
    return { document: documentId, start: start + at, end: start + at + found.length, hash: sha256(found) };
  }
  return null;
}

/** Whether every fact stands in a text. */
export function holdsFacts(text: string, facts: readonly (readonly string[])[]): boolean {
  return facts.every((forms) => holdsFact(text, forms));
}

/** Words that point at a text that whoever asks does not have. */
const pointing =
  /\b(?:according to|based on|in|from|by|does|of|per) (?:the|this|that|these|your|above|given|provided) (?:\w+ )?(?:text|texts|passage|passages|excerpt|document|documents|article|section|paragraph|context|author|table|figure|page|material)\b|\b(?:mentioned|described|listed|given|stated|shown|provided|discussed) (?:above|below|here|earlier|previously)\b|\b(?:the )?(?:above|following|aforementioned) (?:\w+)\b|\bpassage \d\b/i;
/** A question that begins with what nobody has named yet. */
const dangling =
  /^(?:(?:and|but|so|also),? )?(?:(?:what|when|where|why|how|who|which)\s+)?(?:(?:\p{L}+\s+){0,2}(?:is|are|was|were|does|do|did|can|could|should|will|would|has|have|about)\s+)?(?:it|they|them|he|she|his|her|its|their|this|that|these|those)\b(?!\s+(?:\w+\s+)?(?:that|who|which)\b)(?!\s+(?:takes?|took|costs?|possible|allowed|necessary|required|safe|better|worth)\s+(?:\w+\s+){0,3}?(?:to|if)\b)/iu;

/** Whether a question can be understood by somebody who sees no document: it points at no text and at nothing unnamed. */
export function isSelfContained(question: string): boolean {
  return !pointing.test(question) && !dangling.test(question.trim());
}

/** Jaccard similarity of two sets, 0 to 1; 1 for two empty ones. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 && b.size === 0) return 1;
  let common = 0;
  for (const member of a) if (b.has(member)) common++;
  return common / (a.size + b.size - common);
}

import { type Citation, sha256 } from '../../core/index.ts';
import { quotableUnits } from '../evidence/quotable-units.ts';

/** Most sentences that one citation may quote. */
export const maxQuotedSentences = 2;

/** Why a citation is not to be shown. */
export type CitationProblem = 'outside-text' | 'quote-differs' | 'version-differs' | 'too-long';

/**
 * Checks a citation against the canonical text of the document that it names: offsets inside the text, the quote
 * exactly `[start, end)`, the version the sha256 of the text, and at most two sentences (small pieces of code and
 * rows of tables count as one). Null when all of it holds.
 */
export function verifyCitation(citation: Citation, text: string): CitationProblem | null {
  const { start, end, quote, version } = citation;
  if (!(start >= 0 && start < end && end <= text.length)) return 'outside-text';
  if (text.slice(start, end) !== quote) return 'quote-differs';
  if (sha256(text) !== version) return 'version-differs';
  const touched = quotableUnits(text, lineStart(text, start), end).filter((unit) => unit.end > start);
  return touched.length > maxQuotedSentences ? 'too-long' : null;
}

function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}

import { splitSentences } from '../../knowledge/index.ts';
import type { FilteredAnswer } from './marker-filter.ts';

/**
 * The claim behind each marker of an answer: the sentence that it stands in, or the one before where a sentence
 * begins with its marker. Claims that cite the same passage are put together.
 */
export function claimsByMarker(answer: FilteredAnswer): Map<number, string> {
  const sentences = splitSentences(answer.text, 0, answer.text.length);
  const claims = new Map<number, string>();
  for (const { marker, at } of answer.markers) {
    const index = sentences.findIndex((sentence) => at < sentence.end);
    const own = sentences[index === -1 ? sentences.length - 1 : index];
    const before = index > 0 ? sentences[index - 1] : undefined;
    const lead = own ? withoutMarkers(answer.text.slice(own.start, at)) : '';
    const chosen = lead === '' && before ? before : own;
    const claim = chosen ? withoutMarkers(answer.text.slice(chosen.start, chosen.end)) : '';
    claims.set(marker, claims.has(marker) ? `${claims.get(marker)} ${claim}` : claim);
  }
  return claims;
}

/** Text without `[1]`; single pass, and digits only, so linear. */
export function withoutMarkers(text: string): string {
  return text
    .replace(/\[\d[\d, ]{0,30}\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

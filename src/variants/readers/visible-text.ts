/**
 * Characters that no reader of a page sees: control characters but tab and line feed, soft hyphens, zero-width spaces and joiners of words,
 * marks of direction, and the tag block. Joiners inside emoji and scripts stay.
 */
const unseen =
  /(?![\t\n])\p{Cc}|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text as a person sees it, for a prompt: a model must not be told what nobody can read. Quotes and offsets come from the document itself. */
export function visibleText(text: string): string {
  return text.replace(unseen, '');
}

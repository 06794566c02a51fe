/** A word with letters that may be an identifier: `generateText`, `max_tokens`, `process.env`. */
const identifierPattern = /[A-Za-z][A-Za-z0-9]*(?:[._][A-Za-z0-9]+)*/g;
/** What sets an identifier apart from a plain word; tested first, since most words are plain. */
const identifierMark = /_|[a-z0-9][A-Z]|[A-Z]{2}[a-z]{2}/;
/** Parts shorter than this are not worth a term of their own (`mRNA` stays whole). */
const shortestPart = 2;

/**
 * Extra keyword terms for the identifiers of a text, so that `generateText`, `generate_text` and "generate
 * text" find one another: the parts of camelCase words, and snake_case words written together. Each term is
 * given once. Words are otherwise left to the tokenizer, which splits at everything but letters and digits.
 */
export function identifierWords(text: string): string[] {
  if (!identifierMark.test(text)) return [];
  const words = new Set<string>();
  for (const [word] of text.matchAll(identifierPattern)) {
    if (!identifierMark.test(word)) continue;
    const pieces = word.split(/[._]/);
    for (const piece of pieces) for (const part of camelParts(piece)) words.add(part.toLowerCase());
    if (word.includes('_')) words.add(pieces.join('').toLowerCase());
  }
  return [...words];
}

/** The text followed by its identifier words: what the keyword index sees, of documents and of queries. */
export function withIdentifierWords(text: string): string {
  const words = identifierWords(text);
  return words.length === 0 ? text : `${text}\n${words.join(' ')}`;
}

function camelParts(word: string): string[] {
  const parts = word.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})/);
  return parts.length > 1 && parts.every((part) => part.length >= shortestPart) ? parts : [];
}

import { findWhole, withStraightQuotes } from './whole-words.ts';

/**
 * Form in which facts are compared: NFKC, lower case, without backticks and asterisks, straight quotes, white
 * space collapsed.
 */
export function normaliseFact(text: string): string {
  return withStraightQuotes(text).toLowerCase().replace(/[`*]/g, '').replace(/\s+/g, ' ').trim();
}

/** Whether a text holds a literal form, not as a part of a longer word or number (see `findWhole`). */
export function holdsForm(text: string, form: string): boolean {
  const needle = normaliseFact(form);
  return needle !== '' && findWhole(normaliseFact(text), needle) >= 0;
}

/** Whether a text holds a fact, in any of its accepted forms. */
export function holdsFact(text: string, forms: readonly string[]): boolean {
  return forms.some((form) => holdsForm(text, form));
}

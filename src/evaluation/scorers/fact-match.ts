/**
 * Form in which facts are compared: NFKC, lower case, without backticks and asterisks, straight quotes, white
 * space collapsed.
 */
export function normaliseFact(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[`*]/g, '')
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Whether a text holds a literal form, not as a part of a longer word or number: no letter or digit may touch a
 * letter or digit of the form at either end. So `20` is not in `2024`, and `.map` is in `rows.map`.
 */
export function holdsForm(text: string, form: string): boolean {
  const haystack = normaliseFact(text);
  const needle = normaliseFact(form);
  if (needle === '') return false;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const touchesBefore =
      endsInWord.test(haystack.slice(Math.max(0, at - 2), at)) && startsInWord.test(needle);
    const touchesAfter = startsInWord.test(haystack.slice(end, end + 2)) && endsInWord.test(needle);
    if (!touchesBefore && !touchesAfter) return true;
  }
  return false;
}

const startsInWord = /^[\p{L}\p{N}]/u;
const endsInWord = /[\p{L}\p{N}]$/u;

/** Whether a text holds a fact, in any of its accepted forms. */
export function holdsFact(text: string, forms: readonly string[]): boolean {
  return forms.some((form) => holdsForm(text, form));
}

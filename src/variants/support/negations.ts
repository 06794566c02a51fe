import { informativeTerms, stem } from '../evidence/terms.ts';

const negators = new Set(
  'not no never none nor neither without cannot nobody nothing nowhere hardly rarely seldom'.split(' '),
);

/** A "no" that answers a question denies nothing by itself. */
const interjection = /^\s*(?:no|nope|not really|not exactly)\s*(?:[,.;:!]|$)/i;

/** Words on which a negator bears: so many content words behind it. */
const scope = 2;

/** Words behind a negator that are looked through for them. */
const reach = 12;

/** The negations of a text: the negator with the stems of the content words that it bears on. */
export interface Negation {
  readonly shown: string;
  readonly bearsOn: readonly string[];
}

/** Negators of an English text with what each bears on; "not only" is none. */
export function negationsOf(text: string): Negation[] {
  const words = text
    .normalize('NFKC')
    .replace(interjection, '')
    .replace(/[\u2018\u2019]/g, "'")
    .toLowerCase()
    .replace(/\b(\p{L}{2,12}) ?n't\b/gu, '$1 not')
    .replace(/\bcannot\b/g, 'can not')
    .match(/[\p{L}\p{N}]+|[.;:!?]/gu);
  const found: Negation[] = [];
  (words ?? []).forEach((word, at) => {
    if (!negators.has(word) || (word === 'not' && words?.[at + 1] === 'only')) return;
    const behind = (words ?? []).slice(at + 1, at + 1 + reach);
    const end = behind.findIndex((each) => /^[.;:!?]$/.test(each));
    const content = (end < 0 ? behind : behind.slice(0, end)).filter(
      (each) => informativeTerms(each).length > 0,
    );
    found.push({ shown: word, bearsOn: content.slice(0, scope).map(stem) });
  });
  return found;
}

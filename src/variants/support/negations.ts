import { informativeTerms, stem } from '../evidence/terms.ts';

const negators = new Set(
  'not no never none nor neither without cannot nobody nothing nowhere hardly rarely seldom'.split(' '),
);

/** Words that say that something is not done or not there. */
const denials = new Set(
  `fail fails failed failing lack lacks lacked lacking unable refuses refused prevents prevented prohibits prohibited
  forbids forbidden disallowed disallows`.split(/\s+/),
);

/** Words behind which an exception stands. */
const exceptions = new Set('unless except excepting excluding excludes excluded'.split(' '));

/** A "no" that answers a question denies nothing by itself. */
const interjection = /^\s*(?:no|nope|not really|not exactly)\s*(?:[,.;:!]|but\b|$)/i;

/** "not only", "no more than", "not until": nothing is denied; bounds are looked at with their numbers. */
const deniesNothing = new Set(
  'only just more less fewer later earlier longer-than sooner greater until necessarily least'.split(' '),
);

/** Words on which a negator bears: so many content words behind it. */
const scope = 2;

/** Words behind a negator that are looked through for them. */
const reach = 12;

/** Where a negator ends to bear on what follows. */
const clauseEnds = new Set('. ; : ! ? but however although though whereas while'.split(' '));

/** Most negations of a text that are looked at. */
const maxNegations = 60;

/** A denial or an exception of a text, with the stems of the content words that it bears on. */
export interface Negation {
  readonly shown: string;
  readonly bearsOn: readonly string[];
  /** All content words of its clause, before and behind it. */
  readonly clause: readonly string[];
  /** "unless", "except": what stands behind it is taken out, all else holds. */
  readonly excepts: boolean;
}

/** Words and marks of a text as negations are read from it. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .replace(interjection, '')
      .replace(/[\u2018\u2019]/g, "'")
      .toLowerCase()
      .replace(/\b(\p{L}{2,12}) ?n't\b/gu, '$1 not')
      .replace(/\bcannot\b/g, 'can not')
      .replace(/\bother than\b|\bapart from\b|\bwith the exception of\b/g, 'except')
      .match(/[\p{L}\p{N}]+|[.;:!?]/gu) ?? []
  );
}

function isContent(word: string): boolean {
  return informativeTerms(word).length > 0;
}

/** Negators and exceptions of an English text with what each bears on; "not only" is none. */
export function negationsOf(text: string): Negation[] {
  const words = wordsOf(text);
  const found: Negation[] = [];
  words.forEach((word, at) => {
    const excepts = exceptions.has(word);
    if ((!excepts && !negators.has(word) && !denials.has(word)) || found.length === maxNegations) return;
    const next = words[at + 1] ?? '';
    // "no longer" denies what follows; "no longer than" is a bound.
    const isNoLonger = (word === 'no' || word === 'not') && next === 'longer' && words[at + 2] !== 'than';
    if (!excepts && !isNoLonger && (deniesNothing.has(next) || (next === 'longer' && word !== 'never')))
      return;
    const behind = words.slice(at + 1 + (isNoLonger ? 1 : 0), at + 1 + reach);
    const end = behind.findIndex((each) => clauseEnds.has(each));
    const content = (end < 0 ? behind : behind.slice(0, end)).filter(isContent);
    const ahead = words.slice(Math.max(0, at - reach), at);
    const begin = ahead.findLastIndex((each) => clauseEnds.has(each));
    const before = ahead.slice(begin + 1).filter(isContent);
    found.push({
      shown: isNoLonger ? 'no longer' : word,
      bearsOn: content.slice(0, scope).map(stem),
      clause: [...before, ...content].map(stem),
      excepts,
    });
  });
  return found;
}

/** English words that turn a statement round where one stands for the other. Few: each must be right nearly always. */
const opposites: readonly (readonly [string, string])[] = [
  ['enabled', 'disabled'],
  ['enable', 'disable'],
  ['enables', 'disables'],
  ['supported', 'unsupported'],
  ['optional', 'required'],
  ['optional', 'mandatory'],
  ['increases', 'decreases'],
  ['increased', 'decreased'],
  ['increase', 'decrease'],
  ['before', 'after'],
  ['above', 'below'],
  ['always', 'never'],
  ['true', 'false'],
  ['maximum', 'minimum'],
  ['allowed', 'forbidden'],
  ['allowed', 'prohibited'],
  ['included', 'excluded'],
  ['includes', 'excludes'],
  ['possible', 'impossible'],
  ['synchronous', 'asynchronous'],
  ['ascending', 'descending'],
];

/**
 * A word of the claim whose opposite the evidence has in its place; null where there is none. Where either text denies
 * something nothing is said, for "not enabled" is "disabled".
 */
export function oppositeWord(claim: string, evidence: string): string | null {
  const own = new Set(wordsOf(claim));
  const there = new Set(wordsOf(evidence));
  if (negationsOf(claim).length > 0 || negationsOf(evidence).length > 0) return null;
  for (const [one, other] of opposites) {
    if (own.has(one) && there.has(other) && !there.has(one) && !own.has(other)) return one;
    if (own.has(other) && there.has(one) && !there.has(other) && !own.has(one)) return other;
  }
  return null;
}

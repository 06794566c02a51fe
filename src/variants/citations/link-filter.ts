import { createCodeTracker } from './code-tracker.ts';

/** Takes links out of a text as it arrives; see `createLinkFilter`. */
export interface LinkFilter {
  push(piece: string): void;
  /** No more text: gives what was taken out, each target once, in order. */
  end(): readonly string[];
}

/** What stands in the text in place of a link. */
export const removedLink = '(link removed)';

/** Longest stretch without white space that is held back; a longer one is looked at in pieces. */
const maxWord = 4096;

/** Most targets that are told. */
const maxTold = 20;

const address =
  /(?:[a-z][a-z0-9+.-]{1,30}:\/\/|(?:javascript|vbscript|data|mailto|file|blob|tel):|(?<![\w/])\/\/(?=[\w-]+[.:])|(?<![\w.])www\.)[^\s<>"'`|\\^{}]*/giu;
/** Attributes of HTML that load or lead somewhere. */
const attribute =
  /\b(?:src|srcset|href|xlink:href|poster|background|action|formaction|data|style|on[a-z]{3,20})=(\S*)/giu;
const destination = /\]\(<?([^\s()<>[\]]*(?:\([^\s()<>[\]]*\)[^\s()<>[\]]*)*)>?/gu;
const definition = /\]:([^\s]+)/gu;
/** What makes a word behind `[name]:` a destination rather than prose. */
const destinationLike = /[/:?#%<@]|\.\p{L}/u;
/** Characters at the end of an address that belong to the sentence around it. */
const trailing = new Set('.,;:!?)]}\'"*_>');

/** An address without what belongs to the sentence around it; looked at from its end, for an expression would start at every mark. */
function withoutTrailing(target: string): string {
  let end = target.length;
  while (end > 0 && trailing.has(target.charAt(end - 1))) end--;
  return target.slice(0, end);
}

/** The addresses and link destinations of a text, as a link may point at them. */
export function linkTargets(text: string): Set<string> {
  const targets = new Set<string>();
  for (const [found] of text.matchAll(address)) targets.add(withoutTrailing(found));
  for (const [, target = ''] of text.matchAll(destination))
    if (target !== '') targets.add(withoutTrailing(target));
  for (const [, target = ''] of text.matchAll(/^\s{0,3}\[[^\]\n]{1,200}\]:\s*<?([^\s<>]+)/gmu))
    targets.add(withoutTrailing(target));
  return targets;
}

/**
 * Takes every address, link, image and link-carrying attribute of HTML out of a text whose target is not among the allowed ones, so
 * that nobody who renders the text loads or opens what no evidence names. Text in code is left alone: it is never loaded. Words are
 * held back until they end; the result is the same however the text is cut.
 */
export function createLinkFilter(options: {
  /** As `linkTargets` gives them; null to leave everything as it is. */
  readonly allowed: ReadonlySet<string> | null;
  readonly onText: (piece: string) => void;
}): LinkFilter {
  const { allowed, onText } = options;
  if (allowed === null) return { push: onText, end: () => [] };
  const code = createCodeTracker();
  const removed = new Set<string>();
  let word = '';
  /** The word before ended in `]:`, so that this one may be where a link of that name leads. */
  let defines = false;
  let fresh = '';

  const isAllowed = (target: string): boolean => {
    const trimmed = withoutTrailing(target.replace(/^<|>$/gu, ''));
    return trimmed === '' || trimmed.startsWith('#') || allowed.has(trimmed);
  };
  const remove = (target: string): string => {
    if (removed.size < maxTold) removed.add(withoutTrailing(target));
    return removedLink;
  };
  const leads = (target: string): boolean => destinationLike.test(target) && !isAllowed(target);
  const safe = (text: string): string =>
    text
      .replace(destination, (whole, target: string) => {
        // With white space before its destination a link would go on in the next word.
        if (target === '') return '] (';
        return isAllowed(target) ? whole : `] ${remove(target).slice(0, -1)}`;
      })
      .replace(definition, (whole, target: string) => (leads(target) ? `]: ${remove(target)}` : whole))
      .replace(attribute, (whole, value: string) => {
        const target = value.replace(/^["']/u, '').replace(/["'>].*$/u, '');
        return target !== '' && isAllowed(target) ? whole : remove(target);
      })
      .replace(address, (target) =>
        isAllowed(target) ? target : remove(target) + target.slice(withoutTrailing(target).length),
      );
  const endWord = (): void => {
    if (word === '') return;
    const text = word;
    word = '';
    const kept = defines && leads(text) ? remove(text) : safe(text);
    // A backslash at the end keeps the tick behind it from beginning code, so it stays.
    fresh += text.endsWith('\\') && !kept.endsWith('\\') ? `${kept}\\` : kept;
    defines = text.endsWith(']:');
  };
  const take = (character: string): void => {
    const inCode = code.isCode(character);
    code.take(character);
    if (!inCode && !/\s/u.test(character)) {
      word += character;
      if (word.length >= maxWord) endWord();
      return;
    }
    endWord();
    if (inCode) defines = false;
    fresh += character;
  };
  const flush = (): void => {
    if (fresh !== '') onText(fresh);
    fresh = '';
  };
  return {
    push(piece) {
      // By code unit: a cut inside a surrogate pair changes nothing then.
      for (let at = 0; at < piece.length; at++) take(piece.charAt(at));
      flush();
    },
    end() {
      endWord();
      flush();
      return [...removed];
    },
  };
}

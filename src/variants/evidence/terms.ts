const stopWords = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by
  can could did do does doing done down during each few for from further get gets give given gives go had has have
  having he her here hers him his how i if in into is it its itself just know let like make many may me might more
  most much must my need no nor not of off on once one only or other our out over own please same say says shall she
  should so some such tell than that the their them then there these they this those through to too under until up
  us use used using very want was way we were what when where which while who whom whose why will with would you your`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Longest text that is looked at for terms; longer ones are cut, so that hostile input stays cheap. */
const maxTermText = 20_000;

/**
 * The informative terms of a text: words in lower case without stop words, cut to a crude stem. Identifiers count
 * as a whole and by their parts (`stopWhen` gives `stopwhen`, `stop`). Order and repetitions are kept.
 */
export function informativeTerms(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text
    .slice(0, maxTermText)
    .normalize('NFKC')
    .matchAll(/[\p{L}\p{N}]+/gu)) {
    const whole = word.toLowerCase();
    if (!stopWords.has(whole)) terms.push(stem(whole));
    const parts = word.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u);
    if (parts.length < 2) continue;
    for (const part of parts) {
      const lower = part.toLowerCase();
      if (lower.length > 1 && !stopWords.has(lower)) terms.push(stem(lower));
    }
  }
  return terms;
}

/** Endings that are cut, longest first; what stays has at least three letters. */
const endings = [
  'ations',
  'ation',
  'ingly',
  'ments',
  'ment',
  'ings',
  'ing',
  'ies',
  'ied',
  'edly',
  'ed',
  'es',
  's',
  'ly',
  'e',
  'y',
];

/** A crude English stem: one ending is cut and a doubled last consonant made single; equal words stay equal. */
export function stem(word: string): string {
  if (word.length <= 3 || /\p{N}/u.test(word)) return word;
  const ending = endings.find((candidate) => word.endsWith(candidate) && word.length - candidate.length >= 3);
  if (ending === undefined || (ending === 's' && word.endsWith('ss'))) return word;
  const cut = word.slice(0, word.length - ending.length);
  const doubled = cut.length > 3 && cut.at(-1) === cut.at(-2) && !/[aeiouls]$/.test(cut);
  return doubled ? cut.slice(0, -1) : cut;
}

/** Weight of each term of a question: rarer in these texts, heavier; a term in none of them weighs most. */
export function termWeights(question: string, texts: readonly ReadonlySet<string>[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const term of new Set(informativeTerms(question))) {
    const present = texts.reduce((count, terms) => count + (terms.has(term) ? 1 : 0), 0);
    weights.set(term, Math.log(1 + (texts.length + 0.5) / (present + 0.5)));
  }
  return weights;
}

/** Weighted share, 0 to 1, of the question's terms that are present; 0 for a question without terms. */
export function termCoverage(weights: ReadonlyMap<string, number>, present: ReadonlySet<string>): number {
  let all = 0;
  let found = 0;
  for (const [term, weight] of weights) {
    all += weight;
    if (present.has(term)) found += weight;
  }
  return all === 0 ? 0 : found / all;
}

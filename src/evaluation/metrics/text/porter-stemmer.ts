/**
 * Stem of an English word by Porter's algorithm (Program 14.3, 1980) with the extensions of NLTK's default mode,
 * which `rouge_score` uses; other Porter stemmers give other stems. The word is lower-cased.
 */
export function porterStem(word: string): string {
  const lower = word.toLowerCase();
  const irregular = irregularForms.get(lower);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return lower;
  return steps.reduce((stem, step) => step(stem), lower);
}

const irregularForms: ReadonlyMap<string, string> = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

/** A suffix, what replaces it, and when; the first rule whose suffix fits decides, whether its condition holds or not. */
type Rule = readonly [suffix: string, replacement: string, condition?: (stem: string) => boolean];

function applyRules(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const [suffix, replacement, condition] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return !condition || condition(stem) ? stem + replacement : word;
}

/** Which letters are consonants: all but a, e, i, o, u, and y after a consonant. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = [];
  for (let index = 0; index < word.length; index += 1) {
    const letter = word[index]!;
    flags.push(letter === 'y' ? index === 0 || !flags[index - 1] : !'aeiou'.includes(letter));
  }
  return flags;
}

/** Number of times that a consonant follows a vowel. */
function measure(stem: string): number {
  const flags = consonants(stem);
  return flags.filter((consonant, index) => consonant && index > 0 && !flags[index - 1]).length;
}

const measured = (stem: string): boolean => measure(stem) > 0;
const longer = (stem: string): boolean => measure(stem) > 1;

/** Ends in consonant, vowel, consonant other than w, x, y; or is a vowel and a consonant. */
function endsShort(word: string): boolean {
  const flags = consonants(word);
  const [third, second, last] = [flags.at(-3), flags.at(-2), flags.at(-1)];
  if (word.length >= 3 && third && !second && last && !'wxy'.includes(word.at(-1)!)) return true;
  return word.length === 2 && !second && last === true;
}

function step1a(word: string): string {
  if (word.endsWith('ies') && word.length === 4) return word.slice(0, -1);
  return applyRules(word, [
    ['sses', 'ss'],
    ['ies', 'i'],
    ['ss', 'ss'],
    ['s', ''],
  ]);
}

function step1b(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measured(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find(
    (ending) => word.endsWith(ending) && consonants(word.slice(0, -ending.length)).includes(false),
  );
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  for (const ending of ['at', 'bl', 'iz']) if (stem.endsWith(ending)) return `${stem}e`;
  const last = stem.at(-1)!;
  if (stem.length >= 2 && stem.at(-2) === last && consonants(stem).at(-1))
    return 'lsz'.includes(last) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  return applyRules(word, [['y', 'i', (stem) => stem.length > 1 && consonants(stem).at(-1) === true]]);
}

function step2(word: string): string {
  if (word.endsWith('alli') && measured(word.slice(0, -4))) return step2(word.slice(0, -2));
  return applyRules(word, [
    ['ational', 'ate', measured],
    ['tional', 'tion', measured],
    ['enci', 'ence', measured],
    ['anci', 'ance', measured],
    ['izer', 'ize', measured],
    ['bli', 'ble', measured],
    ['alli', 'al', measured],
    ['entli', 'ent', measured],
    ['eli', 'e', measured],
    ['ousli', 'ous', measured],
    ['ization', 'ize', measured],
    ['ation', 'ate', measured],
    ['ator', 'ate', measured],
    ['alism', 'al', measured],
    ['iveness', 'ive', measured],
    ['fulness', 'ful', measured],
    ['ousness', 'ous', measured],
    ['aliti', 'al', measured],
    ['iviti', 'ive', measured],
    ['biliti', 'ble', measured],
    ['fulli', 'ful', measured],
    // NLTK measures what stands before "ogi", the l included.
    ['logi', 'log', (stem) => measured(`${stem}l`)],
  ]);
}

function step3(word: string): string {
  return applyRules(word, [
    ['icate', 'ic', measured],
    ['ative', '', measured],
    ['alize', 'al', measured],
    ['iciti', 'ic', measured],
    ['ical', 'ic', measured],
    ['ful', '', measured],
    ['ness', '', measured],
  ]);
}

const step4Suffixes = 'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'.split(
  ' ',
);

function step4(word: string): string {
  return applyRules(
    word,
    step4Suffixes.map((suffix): Rule => {
      if (suffix !== 'ion') return [suffix, '', longer];
      return [suffix, '', (stem) => longer(stem) && 'st'.includes(stem.at(-1)!)];
    }),
  );
}

function step5a(word: string): string {
  if (!word.endsWith('e')) return word;
  const stem = word.slice(0, -1);
  return longer(stem) || (measure(stem) === 1 && !endsShort(stem)) ? stem : word;
}

function step5b(word: string): string {
  return word.endsWith('ll') && longer(word.slice(0, -1)) ? word.slice(0, -1) : word;
}

const steps = [step1a, step1b, step1c, step2, step3, step4, step5a, step5b];

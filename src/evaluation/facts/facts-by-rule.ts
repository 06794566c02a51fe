import type { Sample } from '../../core/index.ts';
import { statedReferences } from './check-facts.ts';

/** What facts found by rule cannot show; printed with every set made so. */
export const ruleLimits: readonly string[] = [
  'They are what a pattern finds in the reference: numbers with units, code, quoted phrases and names. What is said in plain words is not found.',
  'Whether a right answer must hold them is not judged: take out what a right answer may leave out.',
  'Each has one form: whoever reviews adds the others ("nine" beside "9").',
  'A name is a word with a capital letter inside a sentence; in languages that write nouns so, too many are found.',
];

const units =
  '%|‰|°[CF]?|(?:milli|micro|kilo|centi)?(?:seconds?|met(?:re|er)s?|grams?|lit(?:re|er)s?|watts?|volts?)|ms|s|min(?:utes?)?|h(?:ours?)?|days?|weeks?|months?|years?|mm|cm|km|m|mg|kg|g|ml|l|[kKMGT]i?B|bytes?|bits?|[kM]?Hz|k?W|k?V|mA|A|tons?|tonnes?|miles?|feet|inch(?:es)?|euros?|dollars?|pounds?|USD|EUR|GBP|CHF|percent|times|pages?|users?|requests?|tokens?';
/** In the order in which they take a stretch of text: what a later one finds inside it is left. */
const patterns: readonly RegExp[] = [
  /`([^`\n]{1,60})`/g,
  /["“„]([^"“”„\n]{2,60})["”“]/g,
  // Code without backticks: a flag, a call, a path, snake_case, camelCase or dotted.name.
  /(?<![\p{L}\p{N}_/.-])(--?[a-z][\w-]+|[\w.]+\(\)|\/\w[\w./-]*\w|[\w.-]+(?:\/[\w.-]+)*\/[\w-]+\.\w+|[A-Za-z]\w*_\w+|[a-z]+[A-Z]\w*|[A-Za-z]\w+(?:\.[A-Za-z]\w+)+)(?![\p{L}\p{N}_])/gu,
  new RegExp(
    `(?<![\\p{L}\\p{N}.,:-])([$€£]?\\d(?:[\\d.,:]*\\d)?(?:[ \\u00a0-]?(?:${units})(?:/\\p{L}{1,6})?(?![\\p{L}\\p{N}]))?)(?![\\p{L}\\p{N}])`,
    'gu',
  ),
  // A reference that is a name and nothing else, then names inside of sentences.
  /^(\p{Lu}[\p{L}\p{N}'’-]+(?: \p{Lu}[\p{L}\p{N}'’-]*){0,4})\.?$/gu,
  /(?<=[\p{Ll}\p{N}][,;:]? )(\p{Lu}\p{L}[\p{L}'’-]*(?: \p{Lu}\p{L}[\p{L}'’-]*){0,3})/gu,
];

/** Facts of the first reference of a sample by pattern, one form each, in the order of the text; see `ruleLimits`. */
export function factsByRule(sample: Sample): string[][] {
  const text = statedReferences(sample)[0] ?? '';
  const found: { start: number; end: number; form: string }[] = [];
  for (const pattern of patterns)
    for (const match of text.matchAll(pattern)) {
      const form = match[1] ?? '';
      const [start, end] = [match.index, match.index + match[0].length];
      if (!found.some((other) => start < other.end && other.start < end)) found.push({ start, end, form });
    }
  return found.sort((a, b) => a.start - b.start).map(({ form }) => [form]);
}

/** English number words in a text. */
export interface NumberWord {
  /** As it stands in the text. */
  readonly shown: string;
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** `fraction` for "half" and "two thirds"; `ordinal` and `times` ("third", "twice") only back a number, they claim none. */
  readonly kind: 'count' | 'fraction' | 'ordinal' | 'times' | 'article';
}

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(
  ' ',
);
const denominators: Readonly<Record<string, number>> = {
  half: 2,
  halves: 2,
  third: 3,
  thirds: 3,
  quarter: 4,
  quarters: 4,
  fifth: 5,
  fifths: 5,
  tenth: 10,
  tenths: 10,
};
const scales: Readonly<Record<string, number>> = {
  dozen: 12,
  hundred: 100,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};
const times: Readonly<Record<string, number>> = {
  once: 1,
  twice: 2,
  thrice: 3,
  single: 1,
  pair: 2,
  double: 2,
  triple: 3,
};
const counts = new Map<string, number>([
  ...small.map((word, value) => [word, value] as const),
  ...tens.map((word, at) => [word, 20 + 10 * at] as const),
]);

const wordPattern = /(?<![\p{L}\p{N}_])[a-z]{1,10}(?![\p{L}\p{N}_])/gu;

/** Longest run of number words that is read as one number. */
const longestRun = 12;

/**
 * Number words in order: "twenty-five", "two hundred and five", "a dozen", "half", "two thirds", and what stands beside
 * numbers only ("third", "twice", "an hour"). Digits before a scale ("2 million") are not looked at here.
 */
export function numberWordsOf(text: string): NumberWord[] {
  const lower = text.toLowerCase();
  const words = [...lower.matchAll(wordPattern)].map((match) => ({ word: match[0], start: match.index }));
  const found: NumberWord[] = [];
  for (let at = 0; at < words.length; ) {
    const read = readRun(lower, words, at);
    if (read === null) {
      at++;
      continue;
    }
    const { start } = words[at] ?? { start: 0 };
    const last = words[at + read.length - 1];
    const end = last ? last.start + last.word.length : start;
    found.push({ shown: text.slice(start, end), start, end, value: read.value, kind: read.kind });
    at += read.length;
  }
  return found;
}

interface Run {
  readonly length: number;
  readonly value: number;
  readonly kind: NumberWord['kind'];
}

function readRun(text: string, words: readonly { word: string; start: number }[], from: number): Run | null {
  const first = words[from]?.word ?? '';
  const next = words[from + 1]?.word ?? '';
  const joined = (at: number): boolean => {
    const before = words[at - 1];
    const own = words[at];
    return (
      before !== undefined &&
      own !== undefined &&
      /^[ -]$/.test(text.slice(before.start + before.word.length, own.start))
    );
  };
  if (first === 'half' || ((first === 'quarter' || first === 'third') && !joined(from)))
    return first === 'third'
      ? { length: 1, value: 3, kind: 'ordinal' }
      : { length: 1, value: 1 / (denominators[first] ?? 1), kind: 'fraction' };
  if (first === 'a' || first === 'an' || first === 'one') {
    const part = joined(from + 1) ? denominators[next] : undefined;
    if (part !== undefined) return { length: 2, value: 1 / part, kind: 'fraction' };
    const scale = joined(from + 1) ? scales[next] : undefined;
    if (first !== 'one')
      return scale ? { length: 2, value: scale, kind: 'count' } : { length: 1, value: 1, kind: 'article' };
  }
  if (first in times) return { length: 1, value: times[first] ?? 1, kind: 'times' };
  if (ordinals.includes(first)) return { length: 1, value: ordinals.indexOf(first) + 1, kind: 'ordinal' };
  const count = readCount(words, from, joined);
  if (count === null) return null;
  const after = words[from + count.length];
  const part = after && joined(from + count.length) ? denominators[after.word] : undefined;
  if (part !== undefined && count.value < part)
    return { length: count.length + 1, value: count.value / part, kind: 'fraction' };
  return { ...count, kind: 'count' };
}

function readCount(
  words: readonly { word: string }[],
  from: number,
  joined: (at: number) => boolean,
): { length: number; value: number } | null {
  let total = 0;
  let group: number | null = null;
  let length = 0;
  for (let at = from; at < words.length && at < from + longestRun; at++) {
    const word = words[at]?.word ?? '';
    if (length > 0 && !joined(at)) break;
    const value = counts.get(word);
    const scale = scales[word];
    const continues = counts.get(words[at + 1]?.word ?? '') !== undefined;
    if (value !== undefined) {
      // "twenty five" and "hundred five" go on, "five six" are two numbers.
      const fits =
        group === null ||
        (group % 100 === 0 && group + total > 0) ||
        (group % 100 >= 20 && group % 10 === 0 && value < 10 && value > 0);
      if (!fits) break;
      group = (group ?? 0) + value;
    } else if (scale !== undefined && group !== null) {
      if (scale <= 100) group *= scale;
      else {
        total += group * scale;
        group = 0;
      }
    } else if (
      word === 'and' &&
      group !== null &&
      length > 0 &&
      continues &&
      joined(at + 1) &&
      (group % 100 === 0 || group === 0)
    ) {
      length++;
      continue;
    } else break;
    length = at - from + 1;
  }
  return length === 0 || group === null ? null : { length, value: total + group };
}

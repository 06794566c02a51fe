import { splitWords, trimText } from './python-text.ts';

// The tokenisers of sacrebleu 2.6.0 that need no model or dictionary. Each gives tokens joined by single spaces.

/** Names of the tokenisers, as sacrebleu's signature writes them. */
export const bleuTokenizers = ['13a', 'intl', 'zh', 'char', 'none'] as const;
export type BleuTokenizer = (typeof bleuTokenizers)[number];

/** Tokenises a line the way BLEU's preprocessing does after it has cut white space at the end. */
export function tokenizeForBleu(line: string, tokenizer: BleuTokenizer): string {
  switch (tokenizer) {
    case '13a':
      return tokenize13a(line);
    case 'intl':
      return tokenizeInternational(line);
    case 'zh':
      return tokenizeChinese(line);
    case 'char':
      return [...line].join(' ');
    case 'none':
      return line;
  }
}

/** mteval-v13a: line ends and four entities resolved, then ASCII punctuation set apart. */
function tokenize13a(line: string): string {
  const plain = line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return separatePunctuation(` ${plain} `);
}

/** ASCII punctuation set apart; full stop and comma stay between digits, a dash is set apart after a digit only. */
function separatePunctuation(line: string): string {
  const separated = line
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
  return splitWords(separated).join(' ');
}

/** mteval-v14: punctuation set apart unless between numbers, every symbol set apart. */
function tokenizeInternational(line: string): string {
  const separated = line
    .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
    .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
    .replace(/(\p{S})/gu, ' $1 ');
  return splitWords(separated).join(' ');
}

/**
 * What sacrebleu takes for Chinese characters, first and last code point. Two of its ranges beyond U+FFFF are written
 * with four digits and one more character, so that they really reach from U+2001 to U+2A6D and from U+2F81 to U+2FA1.
 */
const chineseRanges: readonly (readonly [number, number])[] = [
  [0x3400, 0x4db5],
  [0x4e00, 0x9fbb],
  [0xf900, 0xfa2d],
  [0xfa30, 0xfa6a],
  [0xfa70, 0xfad9],
  [0x2001, 0x2a6d],
  [0x2f81, 0x2fa1],
  [0xff00, 0xffef],
  [0x2e80, 0x2eff],
  [0x3000, 0x303f],
  [0x31c0, 0x31ef],
  [0x2f00, 0x2fdf],
  [0x2ff0, 0x2fff],
  [0x3100, 0x312f],
  [0x31a0, 0x31bf],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe4f],
  [0x3200, 0x33ff],
];

function tokenizeChinese(line: string): string {
  let spaced = '';
  for (const character of trimText(line)) {
    const point = character.codePointAt(0)!;
    const chinese = chineseRanges.some(([first, last]) => first <= point && point <= last);
    spaced += chinese ? ` ${character} ` : character;
  }
  return separatePunctuation(spaced);
}

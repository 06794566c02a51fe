import { sha256 } from '../../core/index.ts';
import { wordsOf } from '../datasets/questions-from-text.ts';
import { holdsForm } from '../scorers/fact-match.ts';
import { isSelfContained } from './gates.ts';
import type { Candidate, CorpusPassage } from './generation.ts';

/** What the questions made without a model cannot show; printed with every set made so. */
export const clozeLimits: readonly string[] = [
  'They repeat a sentence of the document with a gap, so they flatter keyword search and answers that quote.',
  'They are single facts only: nothing over several documents, how-to, comparison, follow-up or unanswerable (add --hide-gold).',
  'Whether a model could answer them without the documents is not measured.',
  'They show whether the pipeline works and what it cannot find, not how it serves your users.',
];

const gap = '____';
const shortestSentence = 40;
const longestSentence = 260;
/** A sentence that begins so leans on the one before. */
const leaning = /^(?:it|its|this|that|these|those|they|their|he|she|such|here|there|however|also|then|so)\b/i;
/** Markup that would make a sentence unreadable, or a row of a table. */
const markup = /[|<>{}=]|\]\(|https?:|```|^\s*#/;

interface Gap {
  readonly start: number;
  readonly end: number;
  /** Lower is better: a number, then code, then a name, then the rarest word. */
  readonly rank: number;
}

/**
 * A question made by rule from the best sentence of a passage: a number, a piece of code, a name or else the rarest word is
 * taken out and is the fact. Rejected as `no-usable-sentence` where no sentence can stand by itself.
 * @param frequency number of documents that hold each word.
 */
export function makeCloze(passage: CorpusPassage, frequency: ReadonlyMap<string, number>): Candidate {
  const { documentId, start, end } = passage;
  const found = sentencesOf(passage.text)
    .flatMap((sentence) => gapsOf(sentence.text, frequency).map((hole) => ({ sentence, hole })))
    .sort((a, b) => a.hole.rank - b.hole.rank)
    .map(({ sentence, hole }) => ({ sentence, ...cloze(passage, sentence.text, hole) }))
    .find(({ input, fact }) => fact.trim() !== '' && !holdsForm(input, fact) && isSelfContained(input));
  const base = { kind: 'single-fact' as const, origin: { documentId, start, end } };
  if (!found) return { ...base, sample: null, gates: {}, rejected: 'no-usable-sentence' };
  const { sentence, input, fact } = found;
  const at = start + sentence.start;
  return {
    ...base,
    rejected: null,
    // The slice is cut from the text and holds the fact, so these hold by the way it is made.
    gates: {
      verbatim: 'passed',
      'facts-in-evidence': 'passed',
      'self-contained': 'passed',
      answerable: 'unmeasured',
      'closed-book': 'unmeasured',
    },
    sample: {
      id: `cloze-${sha256(`${documentId} ${at} ${fact}`).slice(0, 12)}`,
      input,
      reference: sentence.text,
      facts: [[fact]],
      answerable: true,
      evidence: [
        { document: documentId, start: at, end: at + sentence.text.length, hash: sha256(sentence.text) },
      ],
      group: documentId,
    },
  };
}

function cloze({ titlePath }: CorpusPassage, sentence: string, hole: Gap): { input: string; fact: string } {
  const title = titlePath.slice(-2).join(', ');
  const holed = `${sentence.slice(0, hole.start)}${gap}${sentence.slice(hole.end)}`.replace(/\s+/g, ' ');
  return {
    input: `What belongs in the gap${title === '' ? '' : ` (${title})`}: "${holed}"`,
    fact: sentence.slice(hole.start, hole.end),
  };
}

function sentencesOf(text: string): { start: number; text: string }[] {
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const found: { start: number; text: string }[] = [];
  // Lines of a list are sentences of their own; a wrapped line goes on.
  for (const { 0: block, index } of text.matchAll(/.+(?:\n(?!\s*(?:[-*+#>|]|\d+[.)])\s).+)*/g)) {
    const marker = /^\s*(?:[-*+>]|\d+[.)])\s+/.exec(block)?.[0].length ?? 0;
    for (const { segment, index: at } of segmenter.segment(block.slice(marker))) {
      const sentence = segment.trimEnd();
      const usable =
        sentence.length >= shortestSentence &&
        sentence.length <= longestSentence &&
        /^["'“]?[\p{Lu}\p{N}]/u.test(sentence) &&
        /[.!]["'”)]?$/.test(sentence) &&
        !/\b(?:e\.g|i\.e|etc|vs)\.$/.test(sentence) &&
        !leaning.test(sentence) &&
        !markup.test(sentence);
      if (usable) found.push({ start: index + marker + at, text: sentence });
    }
  }
  return found;
}

function gapsOf(sentence: string, frequency: ReadonlyMap<string, number>): Gap[] {
  const gaps: Gap[] = [];
  const put = (pattern: RegExp, rank: number): void => {
    for (const match of sentence.matchAll(pattern)) {
      const from = match.index + match[0].indexOf(match[1] ?? match[0]);
      gaps.push({ start: from, end: from + (match[1] ?? match[0]).length, rank });
    }
  };
  put(
    /(?<![\p{L}\p{N}$€£.,:-])[$€£]?\d[\d.,:]*\d%?(?![\p{L}\p{N}])|(?<![\p{L}\p{N}.,:-])\d%?(?![\p{L}\p{N}.,:])/gu,
    0,
  );
  put(/`([^`\n]{2,40})`/g, 1);
  put(/(?<=[\p{Ll},] )\p{Lu}\p{L}+(?: \p{Lu}\p{L}+){0,3}/gu, 2);
  const rarest = [...new Set(wordsOf(sentence))]
    .filter((word) => word.length >= 5)
    .sort((a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1))[0];
  if (rarest !== undefined) put(new RegExp(`(?<![\\p{L}\\p{N}])${rarest}(?![\\p{L}\\p{N}])`, 'giu'), 3);
  return gaps;
}

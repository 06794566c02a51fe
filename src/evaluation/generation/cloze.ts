import { type Evidence, sha256 } from '../../core/index.ts';
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

/** A sentence that can stand by itself, and the piece of it that is worth asking for. */
export interface AskableSentence {
  /** Offset in the passage. */
  readonly start: number;
  readonly text: string;
  readonly fact: string;
  /** The sentence with a gap in place of the fact, on one line. */
  readonly holed: string;
}

/**
 * The best sentence of a passage to ask about: one with a number, a piece of code, a name or else its rarest word, which
 * stands in it once. Null where no sentence can stand by itself.
 * @param frequency number of documents that hold each word.
 */
export function findAskable(
  passage: CorpusPassage,
  frequency: ReadonlyMap<string, number>,
): AskableSentence | null {
  const found = sentencesOf(passage.text)
    .flatMap((sentence) => gapsOf(sentence.text, frequency).map((hole) => ({ sentence, hole })))
    .sort((a, b) => a.hole.rank - b.hole.rank)
    .map(({ sentence, hole }) => {
      const { start, text } = sentence;
      const holed = `${text.slice(0, hole.start)}${gap}${text.slice(hole.end)}`.replace(/\s+/g, ' ');
      return { start, text, fact: text.slice(hole.start, hole.end), holed };
    })
    .find(({ fact, holed }) => fact.trim() !== '' && !holdsForm(holed, fact));
  return found ?? null;
}

/** A sentence as evidence: its place in the document and the hash of the slice. */
export function sentenceEvidence({ documentId, start }: CorpusPassage, sentence: AskableSentence): Evidence {
  const at = start + sentence.start;
  return { document: documentId, start: at, end: at + sentence.text.length, hash: sha256(sentence.text) };
}

/** A question made by rule: a sentence with a gap, the fact being what was taken out. */
export function makeCloze(passage: CorpusPassage, frequency: ReadonlyMap<string, number>): Candidate {
  const { documentId, start, end, titlePath } = passage;
  const base = { kind: 'single-fact' as const, origin: { documentId, start, end } };
  const sentence = findAskable(passage, frequency);
  const title = titlePath.slice(-2).join(', ');
  const input = `What belongs in the gap${title === '' ? '' : ` (${title})`}: "${sentence?.holed}"`;
  if (!sentence || holdsForm(input, sentence.fact) || !isSelfContained(input))
    return { ...base, sample: null, gates: {}, rejected: 'no-usable-sentence' };
  const evidence = sentenceEvidence(passage, sentence);
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
      id: `cloze-${sha256(`${documentId} ${evidence.start} ${sentence.fact}`).slice(0, 12)}`,
      input,
      reference: sentence.text,
      facts: [[sentence.fact]],
      answerable: true,
      evidence: [evidence],
      group: documentId,
    },
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

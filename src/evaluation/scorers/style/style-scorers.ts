import { type Cost, FulcrumError, type Score, scored, undefinedScore } from '../../../core/index.ts';
import type { EmbedTexts } from '../../evaluated.ts';
import { answerText, referencesOf } from '../answer-text.ts';
import type { Scorer } from '../scorer.ts';
import { parsePhrase, phrasesIn } from './phrases.ts';
import { type Measure, nearest, rememberVectors } from './similarity.ts';

export interface PhraseOptions {
  readonly must: readonly string[];
  readonly mustNot: readonly string[];
  readonly caseSensitive: boolean;
  /** `all`: 1 when every rule is kept, else 0. `share`: the share of the rules that are kept. */
  readonly count: 'all' | 'share';
}

/** Rules about phrases; the detail names the ones that were broken. Throws `scorer-invalid` for an empty phrase. */
export function phraseScorer(name: string, { must, mustNot, caseSensitive, count }: PhraseOptions): Scorer[] {
  const rules = [...must, ...mustNot].map((text) => parsePhrase(name, text, caseSensitive));
  const what = [
    ...(must.length > 0 ? [`${must.length} must`] : []),
    ...(mustNot.length > 0 ? [`${mustNot.length} must not`] : []),
  ].join(', ');
  return [
    styleScorer(name, `${count === 'all' ? 'every' : 'share of the'} phrase rules kept (${what})`, (text) => {
      const held = phrasesIn(text, rules, caseSensitive);
      const missing = must.filter((_, index) => !held[index]);
      const forbidden = mustNot.filter((_, index) => held[must.length + index]);
      const broken = missing.length + forbidden.length;
      const value = count === 'all' ? Number(broken === 0) : 1 - broken / rules.length;
      return scored(value, broken === 0 ? undefined : { missing, forbidden });
    }),
  ];
}

/** Smallest and largest number that keeps the rule; no limit where absent. */
export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface LengthOptions {
  readonly words?: Bounds | undefined;
  readonly characters?: Bounds | undefined;
  readonly sentences?: Bounds | undefined;
  /** Language whose rules for words and sentences hold, e.g. `de`. */
  readonly locale: string;
}

/**
 * 1 when the answer keeps every bound of its length. Words, sentences and characters (graphemes) are those of the Unicode
 * standard (UAX 29), which takes an abbreviation for the end of a sentence.
 */
export function lengthScorer(name: string, options: LengthOptions): Scorer[] {
  const units = (['words', 'characters', 'sentences'] as const).filter((unit) => options[unit] !== undefined);
  const description = units.map((unit) => `${boundsText(options[unit])} ${unit}`).join(', ');
  return [
    styleScorer(name, `the answer has ${description}`, (text) => {
      const counts = Object.fromEntries(units.map((unit) => [unit, countUnits(text, unit, options.locale)]));
      const kept = units.every((unit) => inside(counts[unit] ?? 0, options[unit]));
      return scored(kept ? 1 : 0, counts);
    }),
  ];
}

const granularities = { words: 'word', characters: 'grapheme', sentences: 'sentence' } as const;

/** Words, graphemes or sentences of a text; white space alone is no sentence. */
export function countUnits(text: string, unit: keyof typeof granularities, locale: string): number {
  const segmenter = new Intl.Segmenter(locale, { granularity: granularities[unit] });
  let count = 0;
  for (const { segment, isWordLike } of segmenter.segment(text.trim()))
    if (unit === 'words' ? isWordLike : unit === 'characters' || segment.trim() !== '') count++;
  return count;
}

function inside(value: number, bounds: Bounds | undefined): boolean {
  return value >= (bounds?.min ?? 0) && value <= (bounds?.max ?? Number.POSITIVE_INFINITY);
}

function boundsText(bounds: Bounds | undefined): string {
  const { min, max } = bounds ?? {};
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

export interface SimilarOptions {
  /** Approved replies; without them the references of the sample. */
  readonly approved?: readonly string[] | undefined;
  readonly measure: Measure;
  readonly embed?: EmbedTexts | undefined;
}

/** Likeness of the answer to the nearest approved reply, 0 to 1. */
export function similarScorer(name: string, { approved, measure, embed }: SimilarOptions): Scorer[] {
  const against = approved === undefined ? 'reference' : 'approved reply';
  const embedOnce = approved && embed ? rememberVectors(approved, embed) : embed;
  return [
    {
      ...styleScorer(name, `likeness to the nearest ${against} (${measure})`, async (text, references) => {
        const texts = approved ?? references;
        if (texts.length === 0) return undefinedScore('no-gold');
        let spent: object | undefined;
        const { value, index } = await nearest(text, texts, measure, embedOnce, (tokens, cost) => {
          spent = spentOnVectors(tokens, cost);
        });
        const found = texts.length > 1 ? { nearest: index } : undefined;
        return scored(value, found || spent ? { ...found, ...spent } : undefined);
      }),
      needs: approved === undefined ? ['references'] : [],
      async prepare() {
        if (measure === 'embedding' && !embed)
          throw new FulcrumError('scorer-invalid', {
            scorer: name,
            problem: '"embedding" needs an embedding model, and the config turns embedding off.',
          });
      },
    },
  ];
}

/** Detail of a score that embeds; nothing for a model that works here, which has no price per token. */
function spentOnVectors(embeddedTokens: number, { source, usd }: Cost): object | undefined {
  return source === 'core-hours' || source === 'none' ? undefined : { embeddedTokens, usd };
}

/** A scorer of the words of an answer, citation markers taken out; how a refusal is worded is not judged. */
function styleScorer(
  name: string,
  description: string,
  judge: (text: string, references: readonly string[]) => Score | Promise<Score>,
): Scorer {
  return {
    name,
    description,
    direction: 'higher',
    needs: [],
    score({ sample, answer }) {
      if (answer.refusal !== null) return undefinedScore('abstained');
      return judge(answerText(answer), referencesOf(sample));
    },
  };
}

import { type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { bleuScore, bleuStatistics } from '../metrics/text/bleu.ts';
import { type ChrfOptions, chrfScore, chrfStatistics } from '../metrics/text/chrf.ts';
import {
  type RougeTokenizer,
  type RougeType,
  rougeOfBest,
  rougeTokens,
  unicodeTokens,
} from '../metrics/text/rouge.ts';
import { answerText, referencesOf } from './answer-text.ts';
import {
  bleuCounts,
  bleuOfCounts,
  type CountsDetail,
  chrfCounts,
  chrfOfCounts,
  countsCollector,
} from './corpus-figures-of-text.ts';
import { correctnessScorer } from './correctness.ts';
import type { Scorer } from './scorer.ts';

/**
 * Scorers of likeness to references, which runs apply only where asked for. BLEU and chrF are on sacrebleu's scale from
 * 0 to 100, ROUGE from 0 to 1. They are of single answers: the mean of sentence BLEU is not corpus BLEU.
 */
export function textScorers(): Scorer[] {
  return [
    correctnessScorer,
    bleuScorer,
    chrfScorer('chrf', {}),
    chrfScorer('chrf++', { wordOrder: 2 }),
    ...rougeTypes.flatMap(([name, type]) => [
      similarityScorer(name, `ROUGE F (rouge_score, ${type}), English`, englishRouge(type, false)),
      similarityScorer(
        `${name}-stemmed`,
        `ROUGE F on Porter stems (rouge_score, ${type})`,
        englishRouge(type, true),
      ),
    ]),
    ...rougeTypes
      .slice(0, 3)
      .map(([name, type]) =>
        similarityScorer(
          `unicode-${name}`,
          `ROUGE F for any script (${type}), not rouge_score's`,
          (text, refs) => rougeScore(text, refs, type, unicodeTokens),
        ),
      ),
  ];
}

const rougeTypes: readonly (readonly [string, RougeType])[] = [
  ['rouge-1', 'rouge1'],
  ['rouge-2', 'rouge2'],
  ['rouge-l', 'rougeL'],
  ['rouge-lsum', 'rougeLsum'],
];

type JudgeText = (text: string, references: readonly string[]) => Score;

/** The counts are kept, so that a run also has BLEU of all of its answers together. */
const bleuScorer: Scorer = {
  ...similarityScorer(
    'sentence-bleu',
    'BLEU of one answer (sacrebleu, effective order), 0 to 100',
    (text, references) => {
      const statistics = bleuStatistics(text, references);
      const { score } = bleuScore(statistics, { effectiveOrder: true });
      return scored(score, { counts: bleuCounts(statistics) });
    },
  ),
  corpus: countsCollector('bleu', bleuOfCounts),
};

function chrfScorer(name: string, options: ChrfOptions): Scorer {
  const title = options.wordOrder ? 'chrF++' : 'chrF';
  return {
    ...similarityScorer(
      `sentence-${name}`,
      `${title} of one answer (sacrebleu), 0 to 100`,
      (text, references) => {
        const statistics = chrfStatistics(text, references, options);
        return scored(chrfScore(statistics, options), { counts: chrfCounts(statistics) });
      },
    ),
    corpus: countsCollector(name, (sum) => chrfOfCounts(sum, options)),
  };
}

function similarityScorer(name: string, description: string, judge: JudgeText): Scorer {
  return {
    name,
    description,
    direction: 'higher',
    needs: ['references'],
    score: ({ sample, answer }: ScoredSample) => {
      const references = referencesOf(sample);
      if (references.length === 0) return undefinedScore(sample.answerable ? 'no-gold' : 'unanswerable');
      if (answer.refusal === null) return judge(answerText(answer), references);
      // It is an empty text in what is counted over all answers.
      return scored(0, { wrongAbstention: true, ...countsOf(judge('', references)) });
    },
  };
}

/** The counts that a score keeps, if it keeps any. */
function countsOf(score: Score): Partial<CountsDetail> {
  const detail = score.status === 'scored' ? (score.detail as Partial<CountsDetail> | undefined) : undefined;
  return detail?.counts ? { counts: detail.counts } : {};
}

function englishRouge(type: RougeType, stem: boolean): JudgeText {
  return (text, references) =>
    [text, ...references].some(mostlyNotLatin)
      ? undefinedScore('non-latin-text')
      : rougeScore(text, references, type, (one) => rougeTokens(one, stem));
}

function rougeScore(
  text: string,
  references: readonly string[],
  type: RougeType,
  tokenize: RougeTokenizer,
): Score {
  const { fmeasure, precision, recall } = rougeOfBest(references, text, type, tokenize);
  return scored(fmeasure, { precision, recall });
}

/** Whether more than half of the letters are of other scripts: ROUGE's tokens would leave them out and score 0. */
export function mostlyNotLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters - latin > letters / 2;
}

import { z } from 'zod';
import { exactMatch, tokenF1 } from '../../scorers/squad.ts';
import { type BleuOptions, type BleuScore, bleuSmoothings, corpusBleu, sentenceBleu } from '../text/bleu.ts';
import { type BleuTokenizer, bleuTokenizers, tokenizeForBleu } from '../text/bleu-tokenizers.ts';
import { type ChrfOptions, corpusChrf, sentenceChrf } from '../text/chrf.ts';
import { porterStem } from '../text/porter-stemmer.ts';
import { trimTextEnd } from '../text/python-text.ts';
import { type RougeType, rougeOfBest, rougeTokens } from '../text/rouge.ts';
import { squadV2, squadV2Corpus } from '../text/squad-v2.ts';
import { type GoldenMetric, goldenMetric } from './golden-metric.ts';

const texts = z.array(z.string());
const sentence = z.object({ hypothesis: z.string(), references: texts.min(1) });
const corpus = z
  .object({ hypotheses: texts, reference_streams: z.array(z.array(z.string().nullable())).min(1) })
  .transform(({ hypotheses, reference_streams }) =>
    // A segment takes part as long as every stream reaches it; null is no reference.
    hypotheses
      .slice(0, Math.min(...reference_streams.map((stream) => stream.length)))
      .map((hypothesis, index) => ({
        hypothesis,
        references: reference_streams.flatMap((stream) => stream[index] ?? []),
      })),
  );

const bleuParams = z
  .object({
    tokenize: z.enum(bleuTokenizers).default('13a'),
    smooth_method: z.enum(bleuSmoothings).default('exp'),
    smooth_value: z.number().nullish(),
    effective_order: z.boolean().default(false),
    lowercase: z.boolean().default(false),
    max_ngram_order: z.number().int().positive().max(100).default(4),
  })
  .transform(
    (given): BleuOptions => ({
      tokenize: given.tokenize,
      lowercase: given.lowercase,
      smooth: given.smooth_method,
      smoothValue: given.smooth_value ?? null,
      maxOrder: given.max_ngram_order,
      effectiveOrder: given.effective_order,
    }),
  );

const sentenceBleuGolden = goldenMetric(sentence, bleuParams, ({ hypothesis, references }, options) =>
  writeBleu(sentenceBleu(hypothesis, references, options)),
);

function writeBleu(score: BleuScore | null): object | null {
  if (score === null) return null;
  return {
    score: score.score,
    precisions: score.precisions,
    bp: score.brevityPenalty,
    sys_len: score.systemLength,
    ref_len: score.referenceLength,
    counts: score.counts,
    totals: score.totals,
  };
}

const chrfParams = (wordOrder: number) =>
  z
    .object({
      char_order: z.number().int().positive().max(100).default(6),
      word_order: z.number().int().nonnegative().max(100).default(wordOrder),
      beta: z.number().default(2),
      lowercase: z.boolean().default(false),
      whitespace: z.boolean().default(false),
      eps_smoothing: z.boolean().default(false),
    })
    .transform(
      (given): ChrfOptions => ({
        charOrder: given.char_order,
        wordOrder: given.word_order,
        beta: given.beta,
        lowercase: given.lowercase,
        whitespace: given.whitespace,
        epsilonSmoothing: given.eps_smoothing,
      }),
    );

const chrfSentence = (wordOrder: number): GoldenMetric =>
  goldenMetric(sentence, chrfParams(wordOrder), ({ hypothesis, references }, options) => ({
    score: sentenceChrf(hypothesis, references, options),
  }));

const chrfCorpus = (wordOrder: number): GoldenMetric =>
  goldenMetric(corpus, chrfParams(wordOrder), (segments, options) => ({
    score: corpusChrf(segments, options),
  }));

const tokens = (tokenizer: BleuTokenizer): GoldenMetric =>
  goldenMetric(z.object({ text: z.string() }), z.object({}), ({ text }) =>
    tokenizeForBleu(trimTextEnd(text), tokenizer),
  );

const predicted = z.object({ prediction: z.string(), references: texts });

const rougeGolden = (type: RougeType, stem: boolean): GoldenMetric =>
  goldenMetric(
    predicted.extend({ references: texts.min(1) }),
    // Splitting into sentences needs a trained model of NLTK; those vectors are not supported.
    z.object({ split_summaries: z.literal(false).optional(), use_stemmer: z.boolean().default(stem) }),
    ({ prediction, references }, { use_stemmer }) =>
      rougeOfBest(references, prediction, type, (text) => rougeTokens(text, use_stemmer)),
  );

const rouges = (['rouge1', 'rouge2', 'rougeL', 'rougeLsum'] as const).flatMap((type) => [
  [`${type}.nostem`, rougeGolden(type, false)] as const,
  [`${type}.stem`, rougeGolden(type, true)] as const,
]);

/** Vectors of sacrebleu, rouge_score, NLTK's stemmer and the SQuAD scripts. */
export const textGolden: Readonly<Record<string, GoldenMetric>> = {
  'bleu.sentence': sentenceBleuGolden,
  'bleu.sentence_smoothing': sentenceBleuGolden,
  'bleu.corpus': goldenMetric(corpus, bleuParams, (segments, options) =>
    writeBleu(corpusBleu(segments, options)),
  ),
  'chrf.sentence': chrfSentence(0),
  'chrf.corpus': chrfCorpus(0),
  'chrf++.sentence': chrfSentence(2),
  'chrf++.corpus': chrfCorpus(2),
  'tokenize.13a': tokens('13a'),
  'tokenize.intl': tokens('intl'),
  'tokenize.zh': tokens('zh'),
  porter: goldenMetric(z.object({ words: texts }), z.object({}), ({ words }) => words.map(porterStem)),
  ...Object.fromEntries(rouges),
  squad_v1: goldenMetric(predicted, z.object({}), ({ prediction, references }) => ({
    exact_match: exactMatch(prediction, references),
    f1: tokenF1(prediction, references),
  })),
  squad_v2: goldenMetric(predicted, z.object({}), ({ prediction, references }) =>
    squadV2(prediction, references),
  ),
  'squad_v2.corpus': goldenMetric(
    z.object({
      predictions: texts,
      references: z.array(texts),
      no_answer_probs: z.array(z.number()).optional(),
    }),
    z.object({ na_prob_thresh: z.number().default(1) }),
    (given, { na_prob_thresh }) => {
      const questions = given.predictions.map((prediction, index) => ({
        prediction,
        references: given.references[index] ?? [],
        noAnswerProbability: given.no_answer_probs?.[index],
      }));
      const { all, withAnswer, withoutAnswer } = squadV2Corpus(questions, na_prob_thresh);
      return {
        ...all,
        HasAns_exact: withAnswer.exact,
        HasAns_f1: withAnswer.f1,
        HasAns_total: withAnswer.total,
        NoAns_exact: withoutAnswer.exact,
        NoAns_f1: withoutAnswer.f1,
        NoAns_total: withoutAnswer.total,
      };
    },
  ),
};

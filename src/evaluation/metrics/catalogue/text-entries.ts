import { type MetricEntry, metricEntry } from './metric-entry.ts';

const references = ['references'];
const percent = { range: [0, 100] as [number, number], scores: true };
const scores = { scores: true };

const retrievalMeanings: Readonly<Record<string, string>> = {
  hit: 'gold evidence is among the first k contexts (k is 1, 5 or 10)',
  recall: 'share of the gold evidence in the first k contexts',
  mrr: 'one over the rank of the first relevant of k contexts',
  ndcg: 'discounted gain of the first k contexts over the ideal order',
};

/** Metrics that `fulcrum score` computes from outputs, references, facts, labels and contexts. */
export const textEntries: readonly MetricEntry[] = [
  metricEntry(
    'correct',
    'every fact is in the answer, nothing forbidden, not too long',
    null,
    'sample',
    ['facts'],
    scores,
  ),
  metricEntry(
    'correctness',
    'weighted overlap of the meaning-bearing words with a reference',
    null,
    'sample',
    references,
    scores,
  ),
  metricEntry(
    'exact-match',
    'the answer equals a reference after SQuAD normalisation',
    'squad1',
    'sample',
    references,
    {
      ...scores,
      vectors: ['squad_v1', 'squad_v2', 'squad_v2.corpus'],
    },
  ),
  metricEntry('token-f1', 'F1 of the tokens shared with the best reference', 'squad1', 'sample', references, {
    ...scores,
    vectors: ['squad_v1', 'squad_v2', 'squad_v2.corpus'],
  }),
  metricEntry(
    'answer-contained',
    'a reference stands in an answer that is not too long',
    null,
    'sample',
    references,
    scores,
  ),
  metricEntry('bleu', 'clipped n-gram precision of the whole corpus', 'sacrebleu', 'corpus', references, {
    ...percent,
    vectors: ['bleu.corpus', 'tokenize.13a', 'tokenize.intl', 'tokenize.zh'],
  }),
  metricEntry('chrf', 'F of character n-grams of the whole corpus', 'sacrebleu', 'corpus', references, {
    ...percent,
    vectors: ['chrf.corpus'],
  }),
  metricEntry('chrf++', 'the same with words and word pairs', 'sacrebleu', 'corpus', references, {
    ...percent,
    vectors: ['chrf++.corpus'],
  }),
  metricEntry(
    'sentence-bleu',
    'BLEU of one answer; its mean is not corpus BLEU',
    'sacrebleu',
    'sample',
    references,
    {
      ...percent,
      vectors: ['bleu.sentence', 'bleu.sentence_smoothing'],
    },
  ),
  metricEntry('sentence-chrf', 'chrF of one answer', 'sacrebleu', 'sample', references, {
    ...percent,
    vectors: ['chrf.sentence'],
  }),
  metricEntry('sentence-chrf++', 'chrF++ of one answer', 'sacrebleu', 'sample', references, {
    ...percent,
    vectors: ['chrf++.sentence'],
  }),
  ...rougeEntries(),
  metricEntry('accuracy', 'the output is the label', 'sklearn', 'sample', ['label'], scores),
  ...['macro-f1', 'micro-f1', 'weighted-f1', 'macro-precision', 'macro-recall'].map((name) =>
    metricEntry(name, `${name} of output against label`, 'sklearn', 'corpus', ['label'], {
      ...scores,
      vectors: [`prf.${name.split('-')[0]}`],
    }),
  ),
  metricEntry('balanced-accuracy', 'mean recall of the classes', 'sklearn', 'corpus', ['label'], scores),
  metricEntry('mcc', "Matthews' correlation of output and label", 'sklearn', 'corpus', ['label'], {
    range: [-1, 1],
    ...scores,
    vectors: ['mcc'],
  }),
  metricEntry('kappa', "Cohen's kappa of output and label", 'sklearn', 'corpus', ['label'], {
    range: [-1, 1],
    ...scores,
    vectors: ['cohen_kappa.plain'],
  }),
  ...['hit', 'recall', 'mrr', 'ndcg'].map((name) =>
    metricEntry(`${name}@k`, retrievalMeanings[name]!, 'trec', 'sample', ['evidence', 'contexts'], {
      ...scores,
      vectors: ['ir.single'],
    }),
  ),
];

function rougeEntries(): MetricEntry[] {
  const types = [
    ['1', 'words'],
    ['2', 'word pairs'],
    ['l', 'the longest common subsequence'],
    ['lsum', 'common subsequences of lines'],
  ] as const;
  const ascii = types.flatMap(([type, what]) => {
    const vectors = `rouge${type === 'l' || type === 'lsum' ? type.replace('l', 'L') : type}`;
    return [
      metricEntry(`rouge-${type}`, `F of ${what}, English`, 'rouge', 'sample', references, {
        ...scores,
        vectors: [`${vectors}.nostem`],
      }),
      metricEntry(`rouge-${type}-stemmed`, `the same on Porter stems`, 'rouge', 'sample', references, {
        ...scores,
        vectors: [`${vectors}.stem`, 'porter'],
      }),
    ];
  });
  const unicode = types
    .slice(0, 3)
    .map(([type, what]) =>
      metricEntry(`unicode-rouge-${type}`, `F of ${what}, any script`, null, 'sample', references, scores),
    );
  return [...ascii, ...unicode];
}

import { type MetricEntry, metricEntry } from './metric-entry.ts';

const kappa = { range: [-1, 1] as [number, number] };
const twoLists = ['true and predicted labels'];
const forecasts = ['outcomes', 'probabilities'];

/** Classification, agreement, retrieval and statistics, computed from plain numbers and labels. */
export const numberEntries: readonly MetricEntry[] = [
  metricEntry(
    'classification.micro',
    'precision, recall and F1 of pooled counts',
    'sklearn',
    'numbers',
    twoLists,
    {
      vectors: ['prf.micro', 'prf.micro_subset'],
    },
  ),
  metricEntry('classification.macro', 'mean of the classes', 'sklearn', 'numbers', twoLists, {
    vectors: ['prf.macro'],
  }),
  metricEntry('classification.weighted', 'mean of the classes by support', 'sklearn', 'numbers', twoLists, {
    vectors: ['prf.weighted'],
  }),
  metricEntry(
    'classification.per-class',
    'each class, accuracy, confusion matrix',
    'sklearn',
    'numbers',
    twoLists,
    {
      vectors: ['prf.per_class'],
    },
  ),
  metricEntry(
    'matthews-correlation',
    'correlation of true and predicted classes',
    'sklearn',
    'numbers',
    twoLists,
    {
      ...kappa,
      vectors: ['mcc'],
    },
  ),
  metricEntry('cohen-kappa', 'agreement of two raters beyond chance', 'sklearn', 'numbers', ['two raters'], {
    ...kappa,
    vectors: ['cohen_kappa.plain', 'cohen_kappa.linear', 'cohen_kappa.quadratic'],
  }),
  metricEntry(
    'fleiss-kappa',
    'agreement of many raters beyond chance',
    'statsmodels',
    'numbers',
    ['counts'],
    {
      ...kappa,
      vectors: ['fleiss_kappa'],
    },
  ),
  metricEntry('krippendorff-alpha', 'agreement with gaps, by level', 'krippendorff', 'numbers', ['ratings'], {
    range: [null, 1],
    vectors: ['nominal', 'ordinal', 'interval', 'ratio'].map((level) => `krippendorff.${level}`),
  }),
  metricEntry('auroc', 'chance that a positive scores above a negative', 'sklearn', 'numbers', forecasts, {
    vectors: ['auroc'],
  }),
  metricEntry('average-precision', 'precision averaged over recall', 'sklearn', 'numbers', forecasts, {
    vectors: ['average_precision'],
  }),
  metricEntry('brier', 'mean squared error of probabilities', 'sklearn', 'numbers', forecasts, {
    direction: 'lower',
    vectors: ['brier'],
  }),
  metricEntry(
    'calibration-error',
    'expected and largest gap of forecast and outcome',
    null,
    'numbers',
    forecasts,
    {
      direction: 'lower',
      vectors: ['ece.width', 'ece.mass'],
    },
  ),
  metricEntry(
    'trec',
    'nDCG, MAP, reciprocal rank, recall, precision, success',
    'trec',
    'numbers',
    ['qrels', 'run'],
    {
      vectors: ['ir.single', 'ir.multi'],
    },
  ),
  statistic('wilson', 'interval of a proportion', 'statsmodels', ['wilson']),
  statistic('clopper-pearson', 'exact interval of a proportion', 'statsmodels', ['clopper_pearson']),
  statistic('mcnemar', 'paired yes/no test, exact and chi-squared', 'statsmodels', [
    'mcnemar.exact',
    'mcnemar.chi2',
  ]),
  statistic('holm', 'p-values adjusted for any false rejection', 'statsmodels', ['holm']),
  statistic('benjamini-hochberg', 'p-values adjusted for the share of false ones', 'statsmodels', [
    'benjamini_hochberg',
  ]),
  statistic('paired-permutation', 'paired test of the mean over all sign flips', 'scipy', [
    'paired_permutation.exact',
  ]),
  statistic('bootstrap', 'percentile, basic and BCa intervals', 'scipy', [
    'bootstrap.given_distribution',
    'bootstrap.bca_montecarlo',
  ]),
  statistic('kolmogorov-smirnov', 'whether two samples have one distribution', 'scipy', [
    'ks_2samp.exact',
    'ks_2samp.asymp',
  ]),
  metricEntry('population-stability', 'shift between two histograms', null, 'numbers', ['two histograms'], {
    range: [0, null],
    direction: 'lower',
    vectors: ['psi'],
  }),
];

function statistic(
  name: string,
  meaning: string,
  reference: 'statsmodels' | 'scipy',
  vectors: string[],
): MetricEntry {
  return metricEntry(name, meaning, reference, 'numbers', ['numbers'], { direction: 'none', vectors });
}

import { z } from 'zod';
import {
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  type MeasurementLevel,
  matthewsCorrelation,
} from '../classification/agreement.ts';
import { confusionMatrix } from '../classification/labels.ts';
import {
  type Average,
  accuracy,
  balancedAccuracy,
  precisionRecall,
  precisionRecallByClass,
} from '../classification/precision-recall.ts';
import {
  areaUnderRoc,
  averagePrecision,
  brierScore,
  calibrationError,
} from '../classification/probabilities.ts';
import { type GoldenMetric, goldenMetric } from './golden-metric.ts';

const label = z.union([z.string(), z.number(), z.boolean()]);
const labels = z.array(label);
const predictions = z.object({ y_true: labels, y_pred: labels });
const numbers = z.array(z.number());
const outcomes = z.array(z.union([z.boolean(), z.number()]).transform((value) => Number(value) === 1));
const noParams = z.object({});

/** scikit-learn writes NaN as "nan"; "warn" is 0. */
const zeroDivision = z
  .union([z.number(), z.enum(['nan', 'warn'])])
  .nullish()
  .transform((value) => (value === 'nan' || value === null ? null : value === 'warn' ? 0 : (value ?? 0)));
const averageParams = z
  .object({ zero_division: zeroDivision, labels: labels.nullish(), beta: z.number().default(1) })
  .transform((given) => ({
    zeroDivision: given.zero_division,
    labels: given.labels ?? null,
    beta: given.beta,
  }));

const averaged = (average: Average): GoldenMetric =>
  goldenMetric(predictions, averageParams, ({ y_true, y_pred }, options) =>
    precisionRecall(y_true, y_pred, average, options),
  );

const perClass = goldenMetric(predictions, averageParams, ({ y_true, y_pred }, options) => {
  const classes = precisionRecallByClass(y_true, y_pred, options);
  return {
    precision: classes.map(({ precision }) => precision),
    recall: classes.map(({ recall }) => recall),
    f1: classes.map(({ f1 }) => f1),
    support: classes.map(({ support }) => support),
    accuracy: accuracy(y_true, y_pred),
    balanced_accuracy: balancedAccuracy(y_true, y_pred),
    confusion_matrix: confusionMatrix(
      y_true,
      y_pred,
      classes.map((one) => one.label),
    ),
  };
});

const raters = z.object({ a: labels, b: labels });
const kappa = (weights: 'linear' | 'quadratic' | null): GoldenMetric =>
  goldenMetric(
    raters,
    // Vectors describe the default order of labels in words.
    z.object({ labels: z.union([labels, z.string()]).nullish() }),
    ({ a, b }, given) => cohenKappa(a, b, weights, Array.isArray(given.labels) ? given.labels : undefined),
  );

const alpha = (level: MeasurementLevel): GoldenMetric =>
  goldenMetric(
    z.object({ reliability_data: z.array(z.array(label.nullable())) }),
    noParams,
    ({ reliability_data }) => krippendorffAlpha(reliability_data, level),
  );

const calibration = (strategy: 'width' | 'mass'): GoldenMetric =>
  goldenMetric(
    z.object({ y_true: outcomes, p: numbers }),
    z.object({ bins: z.number().int().positive().max(100_000).default(10) }),
    ({ y_true, p }, { bins }) => calibrationError(y_true, p, { bins, strategy }),
  );

/** Vectors of scikit-learn, krippendorff and statsmodels' Fleiss kappa. */
export const classificationGolden: Readonly<Record<string, GoldenMetric>> = {
  'prf.micro': averaged('micro'),
  'prf.micro_subset': averaged('micro'),
  'prf.macro': averaged('macro'),
  'prf.weighted': averaged('weighted'),
  'prf.per_class': perClass,
  mcc: goldenMetric(predictions, noParams, ({ y_true, y_pred }) => matthewsCorrelation(y_true, y_pred)),
  'cohen_kappa.plain': kappa(null),
  'cohen_kappa.linear': kappa('linear'),
  'cohen_kappa.quadratic': kappa('quadratic'),
  fleiss_kappa: goldenMetric(
    z.object({ table: z.array(numbers) }),
    z.object({ method: z.enum(['fleiss', 'randolph', 'rand', 'uniform', 'unif']).default('fleiss') }),
    ({ table }, { method }) => fleissKappa(table, method === 'fleiss' ? 'fleiss' : 'randolph'),
  ),
  'krippendorff.nominal': alpha('nominal'),
  'krippendorff.ordinal': alpha('ordinal'),
  'krippendorff.interval': alpha('interval'),
  'krippendorff.ratio': alpha('ratio'),
  auroc: goldenMetric(z.object({ y_true: outcomes, score: numbers }), noParams, ({ y_true, score }) =>
    areaUnderRoc(y_true, score),
  ),
  average_precision: goldenMetric(
    z.object({ y_true: outcomes, score: numbers }),
    noParams,
    ({ y_true, score }) => averagePrecision(y_true, score),
  ),
  brier: goldenMetric(z.object({ y_true: outcomes, p: numbers }), noParams, ({ y_true, p }) =>
    brierScore(y_true, p),
  ),
  'ece.width': calibration('width'),
  'ece.mass': calibration('mass'),
};

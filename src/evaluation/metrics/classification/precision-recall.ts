import { confusionMatrix, type Label, rowSums, sortedLabels, sum } from './labels.ts';

/** How classes are put together: pooled counts, mean of the classes, or mean weighted by their true number. */
export type Average = 'micro' | 'macro' | 'weighted';

export interface PrecisionRecallOptions {
  /** Classes that count, in this order; by default all that occur, ascending. */
  readonly labels?: readonly Label[] | null;
  /** What a division by zero gives. `null` leaves that class out of averages (scikit-learn's NaN). Default 0. */
  readonly zeroDivision?: number | null;
  /** Weight of recall against precision in F, 1 by default. */
  readonly beta?: number;
  /** How often each pair counts (scikit-learn's `sample_weight`), once by default. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Values in [0, 1]; null where nothing is defined (only with `zeroDivision: null`, or without any class). */
export interface PrecisionRecall {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** The values of one class and how often it is the true one. */
export interface ClassPrecisionRecall extends PrecisionRecall {
  readonly label: Label;
  readonly support: number;
}

interface Counts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/** Precision, recall and F of each class (scikit-learn 1.9.1, `precision_recall_fscore_support`, average None). */
export function precisionRecallByClass(
  actual: readonly Label[],
  predicted: readonly Label[],
  options: PrecisionRecallOptions = {},
): ClassPrecisionRecall[] {
  const labels = options.labels ?? sortedLabels(actual, predicted);
  const counts = countClasses(actual, predicted, options.weights);
  return labels.map((label) => {
    const one = counts.get(label) ?? nothing;
    return { label, support: one.actual, ...ratios(one, options) };
  });
}

/** The same over all classes, put together by `average`. */
export function precisionRecall(
  actual: readonly Label[],
  predicted: readonly Label[],
  average: Average,
  options: PrecisionRecallOptions = {},
): PrecisionRecall {
  const labels = options.labels ?? sortedLabels(actual, predicted);
  const all = countClasses(actual, predicted, options.weights);
  const counts = labels.map((label) => all.get(label) ?? nothing);
  if (average === 'micro') {
    if (counts.length === 0) return { precision: null, recall: null, f1: null };
    return ratios(
      {
        hits: sum(counts.map(({ hits }) => hits)),
        predicted: sum(counts.map((one) => one.predicted)),
        actual: sum(counts.map((one) => one.actual)),
      },
      options,
    );
  }
  const classes = counts.map((one) => ratios(one, options));
  const weights = counts.map((one) => (average === 'weighted' ? one.actual : 1));
  const mean = (pick: (one: PrecisionRecall) => number | null): number | null =>
    weightedMean(classes.map(pick), weights);
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
  };
}

/** Share of equal labels; null without any pair. */
export function accuracy(actual: readonly Label[], predicted: readonly Label[]): number | null {
  if (actual.length === 0) return null;
  return actual.filter((label, index) => label === predicted[index]).length / actual.length;
}

/** Mean recall over the classes that occur among the true ones; null without any. */
export function balancedAccuracy(
  actual: readonly Label[],
  predicted: readonly Label[],
  weights?: ArrayLike<number>,
): number | null {
  const matrix = confusionMatrix(actual, predicted, undefined, weights);
  const recalls = rowSums(matrix).flatMap((total, index) =>
    total === 0 ? [] : [matrix[index]![index]! / total],
  );
  return recalls.length === 0 ? null : sum(recalls) / recalls.length;
}

const nothing: Counts = { hits: 0, predicted: 0, actual: 0 };

function countClasses(
  actual: readonly Label[],
  predicted: readonly Label[],
  weights?: ArrayLike<number>,
): Map<Label, Counts> {
  const counts = new Map<Label, Counts>();
  const add = (label: Label, more: Partial<Counts>): void => {
    const { hits, predicted: found, actual: wanted } = counts.get(label) ?? nothing;
    counts.set(label, {
      hits: hits + (more.hits ?? 0),
      predicted: found + (more.predicted ?? 0),
      actual: wanted + (more.actual ?? 0),
    });
  };
  for (const [index, label] of actual.entries()) {
    const guess = predicted[index]!;
    const weight = weights ? weights[index]! : 1;
    add(label, { actual: weight, hits: label === guess ? weight : 0 });
    add(guess, { predicted: weight });
  }
  return counts;
}

function ratios({ hits, predicted, actual }: Counts, options: PrecisionRecallOptions): PrecisionRecall {
  const zeroDivision = options.zeroDivision === undefined ? 0 : options.zeroDivision;
  const divide = (numerator: number, denominator: number): number | null =>
    denominator === 0 ? zeroDivision : numerator / denominator;
  const beta = options.beta ?? 1;
  const precision = divide(hits, predicted);
  const recall = divide(hits, actual);
  if (beta === 0) return { precision, recall, f1: precision };
  if (beta === Number.POSITIVE_INFINITY) return { precision, recall, f1: recall };
  const square = beta * beta;
  return { precision, recall, f1: divide((1 + square) * hits, square * actual + predicted) };
}

/** Mean of the values that are there; plain when their weights are all 0. */
function weightedMean(values: readonly (number | null)[], weights: readonly number[]): number | null {
  const known = values.flatMap((value, index) => (value === null ? [] : [[value, weights[index]!] as const]));
  if (known.length === 0) return null;
  const total = sum(known.map(([, weight]) => weight));
  if (total === 0) return sum(known.map(([value]) => value)) / known.length;
  return sum(known.map(([value, weight]) => value * weight)) / total;
}

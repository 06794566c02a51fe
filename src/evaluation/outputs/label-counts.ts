import { cohenKappa, matthewsCorrelation } from '../metrics/classification/agreement.ts';
import {
  type Average,
  balancedAccuracy,
  precisionRecall,
} from '../metrics/classification/precision-recall.ts';
import type { CorpusMetric } from './corpus-metrics.ts';

type Compute = (labels: readonly string[], outputs: readonly string[]) => number | null;

const averaged =
  (average: Average, pick: 'precision' | 'recall' | 'f1'): Compute =>
  (labels, outputs) =>
    precisionRecall(labels, outputs, average)[pick];

/** Metrics of output against label, as scikit-learn computes them over all classes that occur on either side. */
const labelMetrics: Readonly<Record<string, Compute>> = {
  'macro-f1': averaged('macro', 'f1'),
  'micro-f1': averaged('micro', 'f1'),
  'weighted-f1': averaged('weighted', 'f1'),
  'macro-precision': averaged('macro', 'precision'),
  'macro-recall': averaged('macro', 'recall'),
  'balanced-accuracy': balancedAccuracy,
  mcc: matthewsCorrelation,
  kappa: (labels, outputs) => cohenKappa(labels, outputs),
};

export const labelMetricNames: readonly string[] = Object.keys(labelMetrics);

/** Most distinct outputs that are told apart; further ones make up one class. */
const mostClasses = 10_000;
/** Longest output, in UTF-16 units, that can be a class; longer ones are shortened. */
const longestClass = 200;

/** A counter of pairs of label and output; null for a name that is not one of `labelMetricNames`. */
export function createLabelCounts(name: string): CorpusMetric | null {
  const compute = labelMetrics[name];
  if (!compute) return null;
  const classes = new Map<string, string>();
  const labels: string[] = [];
  const outputs: string[] = [];
  // One object per class, however often it occurs, so that a row costs two references.
  const known = (text: string): string => {
    const key = text.length > longestClass ? `${text.slice(0, longestClass)}…` : text;
    const found = classes.get(key);
    if (found !== undefined) return found;
    if (classes.size >= mostClasses) return '…';
    classes.set(key, key);
    return key;
  };
  return {
    add({ sample, answer }) {
      if (sample.label === undefined) return 'no-gold';
      labels.push(known(sample.label.trim()));
      outputs.push(known(answer.answer.trim()));
      return null;
    },
    value: () => (labels.length === 0 ? null : compute(labels, outputs)),
    signature: () => null,
  };
}

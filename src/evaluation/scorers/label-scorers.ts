import { z } from 'zod';
import { scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { answerText } from './answer-text.ts';
import type { CorpusCollector, Scorer } from './scorer.ts';
import type { Output } from './structured/output-text.ts';
import { invalidRateScorer, type Reading } from './structured/reading.ts';

/** A label, or an output as one: white space at the ends does not count, every other character does. */
export const normaliseLabel = (text: string): string => text.trim();

/** Labels of a dataset in the form of `normaliseLabel`. */
export type KnownLabels = ReadonlySet<string>;

/**
 * Whether the output is the label, and the rate of outputs that are no label at all. Without the labels of the dataset
 * (a single row of `fulcrum score`) the former says nothing of invalid outputs, and the latter has no number.
 */
export function labelScorers(known?: KnownLabels): [accuracy: Scorer, invalid: Scorer] {
  const reading = (judged: ScoredSample): Reading<string> =>
    judged.answer.refusal === null ? readLabel(answerText(judged.answer), known) : { status: 'refused' };
  const invalid = invalidRateScorer('accuracy', 'label of the dataset', reading);
  return [
    {
      name: 'accuracy',
      description: 'the output is the label',
      direction: 'higher',
      needs: ['label'],
      score(judged) {
        if (judged.sample.label === undefined) return undefinedScore('no-gold');
        const label = normaliseLabel(judged.sample.label);
        const found = reading(judged);
        if (found.status === 'refused') return scored(0, { label, given: null, wrongAbstention: true });
        if (found.status === 'invalid') return scored(0, { label, given: null, invalid: found.reason });
        if (found.value === label) return scored(1, { label, given: label });
        return scored(0, { label, given: known === undefined ? null : found.value });
      },
      corpus: collectMacroF1,
    },
    {
      ...invalid,
      needs: ['label'],
      score: (judged) => (known === undefined ? undefinedScore('labels-unknown') : invalid.score(judged)),
    },
  ];
}

/** An output as a label; without known ones every text is taken for one. */
function readLabel(text: string, known: KnownLabels | undefined): Output<string> {
  const value = normaliseLabel(text);
  if (value === '') return { status: 'invalid', reason: 'empty' };
  return known === undefined || known.has(value)
    ? { status: 'read', value }
    : { status: 'invalid', reason: 'no-label' };
}

const detailSchema = z.object({ label: z.string(), given: z.string().nullable() });

/** How often a label was right and given, right, and given. */
interface LabelCounts {
  matched: number;
  gold: number;
  given: number;
}

/**
 * Macro F1 as scikit-learn has it, over the labels that are right somewhere or were given; what is no label is given
 * to none of them: the right label is missed, and no class of its own is averaged in.
 */
function collectMacroF1(): CorpusCollector {
  const labels = new Map<string, LabelCounts>();
  const countsOf = (label: string): LabelCounts => {
    const counts = labels.get(label) ?? { matched: 0, gold: 0, given: 0 };
    labels.set(label, counts);
    return counts;
  };
  let samples = 0;
  return {
    add(score) {
      const detail = score.status === 'scored' ? detailSchema.safeParse(score.detail).data : undefined;
      if (!detail) return;
      samples++;
      countsOf(detail.label).gold++;
      if (detail.given !== null) countsOf(detail.given).given++;
      if (detail.given === detail.label) countsOf(detail.label).matched++;
    },
    figures() {
      const f1s = [...labels.values()].map(({ matched, gold, given }) => (2 * matched) / (gold + given));
      const value = f1s.length === 0 ? null : f1s.reduce((sum, f1) => sum + f1, 0) / f1s.length;
      return [{ name: `accuracy macro F1 (${f1s.length} labels)`, value, samples }];
    },
  };
}

import { type Sample, type Score, scored, undefinedScore } from '../../../core/index.ts';
import type { ScoredSample } from '../../evaluated.ts';
import type { Scorer } from '../scorer.ts';
import { type GoldPlace, goldTexts, type Output, outputText } from './output-text.ts';

/** What an answer turned out to be. */
export type Reading<T> = Output<T> | { readonly status: 'refused' };

/** How an output that cannot be read counts in a metric of its content; its rate is a metric of its own in any case. */
export type InvalidPolicy = 'undefined' | 'zero';

/** Reads an answer as the output that was asked for. */
export function readingOf<T>(
  { answer }: ScoredSample,
  fenced: boolean,
  read: (text: string) => Output<T>,
): Reading<T> {
  if (answer.refusal !== null) return { status: 'refused' };
  const text = outputText(answer, fenced);
  return text.status === 'read' ? read(text.value) : text;
}

/** Score of an output that could not be read, with the reason in its detail. */
export function scoreInvalid(
  { reason, problem }: Extract<Output<never>, { status: 'invalid' }>,
  policy: InvalidPolicy,
  detail: object = {},
): Score {
  const why = { ...detail, invalid: reason, ...(problem === undefined ? {} : { problem }) };
  return policy === 'zero' ? scored(0, why) : undefinedScore('invalid-output', why);
}

/** The share of outputs that cannot be read, beside the metric of their content. A refusal is no output. */
export function invalidRateScorer(
  name: string,
  what: string,
  reading: (judged: ScoredSample) => Reading<unknown> | Promise<Reading<unknown>>,
): Scorer {
  return {
    name: `${name}.invalid`,
    description: `the output is no ${what}`,
    direction: 'lower',
    needs: [],
    async score(judged) {
      const found = await reading(judged);
      if (found.status === 'refused') return undefinedScore('abstained');
      if (found.status === 'read') return scored(0);
      const { reason, problem } = found;
      return scored(1, { invalid: reason, ...(problem === undefined ? {} : { problem }) });
    },
  };
}

/**
 * Reads the gold of a sample; null where it has none. Throws what becomes an error score where it cannot be read, since
 * then the sample is wrong and not the answer.
 */
export function readGold<T>(sample: Sample, place: GoldPlace, read: (text: string) => Output<T>): T[] | null {
  const texts = goldTexts(sample, place);
  if (texts.length === 0) return null;
  return texts.map((text) => {
    const gold = read(text.trim());
    if (gold.status === 'read') return gold.value;
    throw new Error(`the ${place} of the sample cannot be read: ${gold.reason}`);
  });
}

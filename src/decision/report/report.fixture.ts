import type { SampleTexts, ScoreRow } from '../../evaluation/index.ts';
import type { ReportInput } from './report-data.ts';

/** A name that would be markup if it were not escaped. */
export const hostile = '"><script>alert(1)</script><img src=x onerror="alert(2)">';

/** Rows of three variants over 120 samples in 60 groups: `good` on 96, `same` on 95 of them, `poor` on 60; tags and confidences. */
export function reportRows(poor = 'poor'): ScoreRow[] {
  const right: Readonly<Record<string, (index: number) => boolean>> = {
    good: (index) => index % 5 !== 0,
    same: (index) => index % 5 !== 0 && index !== 1,
    [poor]: (index) => index % 2 === 0,
  };
  return Object.entries(right).flatMap(([variant, isRight], number) =>
    Array.from({ length: 120 }, (_, index) => ({
      sample: `s${String(index).padStart(3, '0')}`,
      variant,
      metric: 'correct',
      value: isRight(index) ? 1 : 0,
      group: `g${index % 60}`,
      costUsd: (3 - number) / 1000,
      tags: [index % 3 === 0 ? 'how-to' : 'lookup', ...(index < 4 ? ['rare'] : [])],
      confidence: isRight(index) ? 0.6 + (index % 4) / 10 : 0.2 + (index % 4) / 10,
    })),
  );
}

/** A report of these rows, with texts. */
export function reportInput(
  rows: readonly ScoreRow[],
  changes: Partial<ReportInput['settings']> = {},
): ReportInput {
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  const texts = new Map<string, SampleTexts>(
    [...new Set(rows.map(({ sample }) => sample))].map((sample) => [
      sample,
      {
        input: `What about ${sample}?`,
        expected: ['nine | 9'],
        evidence: [{ source: 'opening.md', quote: 'opens at nine' }],
        answers: Object.fromEntries(
          variants.map((variant) => [
            variant,
            {
              output: `${variant} says <b>nine</b> of ${sample}`,
              refusal: null,
              error: null,
              quotes: [{ source: 'opening.md', quote: 'opens at nine' }],
            },
          ]),
        ),
      },
    ]),
  );
  return {
    rows,
    metric: 'correct',
    look: 1,
    plan: null,
    sequential: false,
    settings: {
      margin: 0.05,
      confidence: 0.95,
      bar: null,
      volume: 10_000,
      prices: {},
      weights: {},
      pair: null,
      ...changes,
    },
    title: 'A & B',
    texts,
  };
}

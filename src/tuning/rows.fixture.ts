import type { TuningRow } from './data/tuning-row.ts';

/** Rows of two classes that are easy to tell apart. */
export function plainRows(count: number): TuningRow[] {
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2 === 0 ? 'lost-card' : 'top-up';
    const input =
      index % 2 === 0
        ? `My card number ${index} is gone, please block it`
        : `How can I add ${index} euros to my account`;
    return {
      id: `r${index}`,
      messages: [
        { role: 'user', content: input },
        { role: 'assistant', content: label },
      ],
      label,
      origin: { kind: 'file', file: 'rows.jsonl', line: index + 1 },
    };
  });
}

/** Rows as a provider is given them. */
export async function* streamOf<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}

import type { Run } from '../runs/run.ts';
import { answerText, expectedText, type ViewedResult } from './run-view.ts';

/**
 * One line a result: question, answer and every metric; a metric without a number leaves its cell empty and says why
 * in the last column. Text that a spreadsheet would take for a formula is marked as text.
 */
export async function* exportCsv(
  run: Run,
  pages: AsyncIterable<readonly ViewedResult[]>,
): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync');
  const head = ['sample', 'repetition', 'group', 'tags', 'question', 'expected', 'answer', 'refusal'];
  const lines = (rows: readonly (readonly unknown[])[]): string =>
    stringify(
      rows.map((row) => [...row]),
      { escape_formulas: true },
    );
  yield lines([[...head, 'error', 'seconds', 'cost_usd', ...run.metrics, 'no_number']]);
  for await (const page of pages)
    yield lines(
      page.map((viewed) => {
        const { result, sample } = viewed;
        const missing: string[] = [];
        const numbers = run.metrics.map((metric) => {
          const score = result.scores[metric];
          if (score?.status === 'scored') return score.value;
          if (score?.status === 'undefined') missing.push(`${metric}: ${score.reason}`);
          if (score?.status === 'error') missing.push(`${metric}: error: ${score.cause}`);
          return '';
        });
        return [
          result.sample,
          result.repetition,
          result.group,
          result.tags.join(' '),
          sample?.input ?? '',
          sample ? expectedText(sample) : '',
          result.error ? '' : answerText(viewed),
          result.refusal ?? '',
          result.error ? `${result.error.code}: ${result.error.message}` : '',
          result.seconds ?? '',
          result.cost.usd ?? '',
          ...numbers,
          missing.join('; '),
        ];
      }),
    );
}

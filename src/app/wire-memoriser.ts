import { isDeepStrictEqual } from 'node:util';
import type { WorkOptions } from '../core/index.ts';
import type { GateOutcome, MemoriserRow } from '../experiments/index.ts';
import type { TunedModel, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';

/** The memoriser gate: answers to rows that were not trained on, beside those of the nearest training row. */
export async function memoriserGate(
  project: Project,
  { data }: TunedModel,
  rows: readonly TuningRow[],
  answer: (row: TuningRow) => Promise<string>,
  { onProgress }: WorkOptions,
): Promise<GateOutcome> {
  const { judgeMemoriser, notMeasured } = await import('../experiments/index.ts');
  const { bandOf, createGramIndex } = await import('../evaluation/index.ts');
  const { inputOf } = await import('../tuning/index.ts');
  const { data: store } = await project.tuning();
  const inputs: string[] = [];
  const targets: string[] = [];
  for await (const row of store.rows(`${data.name}@${data.version}`, { split: 'train' })) {
    inputs.push(inputOf(row));
    targets.push(row.messages.at(-1)?.content ?? '');
  }
  if (targets.length === 0) return notMeasured('memoriser', 'Its training rows are not here any more.');
  const index = createGramIndex(inputs);
  const judged: MemoriserRow[] = [];
  for (const [at, row] of rows.entries()) {
    onProgress?.({ phase: 'memoriser', done: at, total: rows.length, unit: 'rows' });
    const target = row.messages.at(-1)?.content ?? '';
    const nearest = index.nearest(inputOf(row));
    judged.push({
      id: row.id,
      cluster: row.group ?? row.id,
      band: bandOf(nearest?.similarity ?? 0),
      copied: nearest !== null && isSameAnswer(targets[nearest.row]!, target),
      tuned: isSameAnswer(await answer(row), target),
    });
  }
  return judgeMemoriser(judged);
}

/** The same JSON, or else the same text but for blanks at its ends. */
function isSameAnswer(given: string, wanted: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(given), JSON.parse(wanted));
  } catch {
    return given.trim() === wanted.trim();
  }
}

import { isDeepStrictEqual } from 'node:util';
import { localOwner, type WorkOptions } from '../core/index.ts';
import type { GateOutcome, MemoriserRow } from '../experiments/index.ts';
import type { TunedModel, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';
import { heldOutRows } from './wire-gate-rows.ts';

/** Rows that a head is asked at most. */
const headRows = 1000;

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

/** The same for a classifier head, which answers in milliseconds. */
export async function headMemoriserGate(
  project: Project,
  model: TunedModel,
  request: WorkOptions & { readonly most?: number | undefined },
): Promise<GateOutcome> {
  const { inputOf } = await import('../tuning/index.ts');
  const variant = await (await project.variants()).get(`tuned:${model.id}`);
  const rows = await heldOutRows(project, model, request.most ?? headRows);
  const answer = async (row: TuningRow): Promise<string> =>
    (await variant.answer({ input: inputOf(row), principal: localOwner, signal: request.signal })).answer;
  return memoriserGate(project, model, rows, answer, request);
}

/** The same JSON, or else the same text but for blanks at its ends. */
function isSameAnswer(given: string, wanted: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(given), JSON.parse(wanted));
  } catch {
    return given.trim() === wanted.trim();
  }
}

import type { TrainingPiece } from '../models/index.ts';
import type { TunedModel, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';

/** Rows that the model was not trained on: validation rows, and where there are none, those of the test. */
export async function heldOutRows(
  project: Project,
  { data }: TunedModel,
  most: number,
): Promise<TuningRow[]> {
  const { data: store } = await project.tuning();
  const reference = `${data.name}@${data.version}`;
  const rows: TuningRow[] = [];
  for (const split of ['validation', 'test'] as const) {
    for await (const row of store.rows(reference, { split })) {
      if (rows.length >= most) break;
      rows.push(row);
    }
    if (rows.length > 0) break;
  }
  return rows;
}

/** A row as the trainer reads it and as it is served. */
export function piecesOf(
  row: TuningRow,
  render: typeof import('../models/index.ts').renderConversation,
  template: 'chatml' | 'none',
): TrainingPiece[] {
  return render(
    row.messages.map(({ role, content, trained }) => ({
      role: role === 'tool' ? 'user' : role,
      content,
      trained,
    })),
    template,
  );
}

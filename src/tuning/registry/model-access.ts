import { ownersGroup, type Principal, readerTokens } from '../../core/index.ts';
import type { TuningRow } from '../data/tuning-row.ts';
import type { TunedModel } from './tuned-model.ts';

/** Readers of a row that names none. */
const unlisted: readonly string[] = [`group:${ownersGroup}`];

/**
 * Who may ask a model that was trained on these rows: one set of reader tokens for each distinct access list. Weights may repeat
 * any row, so that a principal must be a reader of every one.
 */
export async function readersOfRows(rows: AsyncIterable<Pick<TuningRow, 'readers'>>): Promise<string[][]> {
  const sets = new Map<string, string[]>();
  for await (const { readers } of rows) {
    const set = [...new Set(readers ?? unlisted)].sort();
    sets.set(JSON.stringify(set), set);
  }
  return [...sets.values()].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Whether a principal may read all rows that a model was trained on. Owners of the project's tenant read every row. */
export function mayAsk(model: Pick<TunedModel, 'readers'>, principal: Principal): boolean {
  const tokens = new Set(readerTokens(principal));
  const owner = `group:${ownersGroup}`;
  return model.readers.every((set) => [...set, owner].some((token) => tokens.has(token)));
}

import type { Answer } from '../../core/index.ts';
import { withoutErased } from '../erasure/without-erased.ts';
import type { evaluationTables } from '../migrations.ts';

/** A finished answer under the hash of everything that it depends on. */
export interface KeptAnswer {
  readonly key: string;
  readonly variant: string;
  readonly answer: Answer;
}

type Tables = ReturnType<typeof evaluationTables>;

/** Values looked up by one query. */
export const keysAtOnce = 400;
/** Rows of one insert, so that statements come in few lengths and are prepared once. */
export const rowsAtOnce = 20;

/** Keeps answers for later runs; of two under one key the first stays. Those that a deleted document went into are not kept. */
export async function putAnswers(
  tables: Tables,
  answers: readonly (KeptAnswer & { readonly sample: string })[],
): Promise<void> {
  const createdAt = new Date().toISOString();
  for (const part of slices(await withoutErased(tables, answers), rowsAtOnce))
    await tables
      .insertInto('evaluation_answers')
      .values(
        part.map(({ key, variant, sample, answer }) => ({
          ...{ key, variant, sample },
          answer: JSON.stringify(answer),
          created_at: createdAt,
        })),
      )
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
}

/** The keys that have a finished answer, out of those given. */
export async function knownAnswers(tables: Tables, keys: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const part of slices(keys, keysAtOnce)) {
    const rows = await tables
      .selectFrom('evaluation_answers')
      .select('key')
      .where('key', 'in', part)
      .execute();
    for (const { key } of rows) known.add(key);
  }
  return known;
}

/** Finished answers by key, out of those given. */
export async function cachedAnswers(tables: Tables, keys: readonly string[]): Promise<Map<string, Answer>> {
  const found = new Map<string, Answer>();
  for (const part of slices(keys, keysAtOnce)) {
    const rows = await tables
      .selectFrom('evaluation_answers')
      .select(['key', 'answer'])
      .where('key', 'in', part)
      .execute();
    for (const row of rows) found.set(row.key, JSON.parse(row.answer) as Answer);
  }
  return found;
}

/** Consecutive parts of at most `size`. */
export function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

import { type ErasedDocuments, type ErasedSurface, textsInside } from '../core/index.ts';
import { tablesOf } from '../database/index.ts';
import type { JobTables } from './migrations.ts';

/**
 * Takes from jobs what they tell of documents (progress, results, messages of failures), in a transaction of the caller.
 * A job itself stays, and what is queued is still done.
 */
export async function eraseFromJobs(
  transaction: Parameters<typeof tablesOf>[0],
  documents: ErasedDocuments,
): Promise<ErasedSurface[]> {
  const tables = tablesOf<JobTables>(transaction).withoutPlugins();
  const jobs = await tables.selectFrom('jobs').select(['id', 'progress', 'result', 'error']).execute();
  let removed = 0;
  for (const { id, progress, result, error } of jobs) {
    const told = [progress, result, error].map(textsInside).join('\n');
    if (!documents.mentions(told)) continue;
    removed++;
    await tables
      .updateTable('jobs')
      .set({ progress: null, result: null, error: null })
      .where('id', '=', id)
      .execute();
  }
  return [{ surface: 'messages of jobs', removed }];
}

import type { Database } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';

/** Keys of the documents that a source has in the index, whoever may read them; no text is looked at. */
export async function liveKeys(
  database: Database,
  tenant: string,
  source: string,
): Promise<readonly string[]> {
  const rows = await knowledgeTables(database)
    .selectFrom('documents')
    .select('key')
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .execute();
  return rows.map(({ key }) => key);
}

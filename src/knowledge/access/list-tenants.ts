import type { Database } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';

/** Tenants that have documents, in order. */
export async function listTenants(database: Database): Promise<string[]> {
  const rows = await knowledgeTables(database).selectFrom('documents').select('tenant').distinct().execute();
  return rows.map(({ tenant }) => tenant).sort();
}

import { sha256 } from '../../core/index.ts';
import { deletionTables } from './deletion-migrations.ts';

/** Documents that a sync leaves out because they were deleted for good. */
export interface Tombstones {
  /** How many ids and texts there are. */
  readonly size: number;
  hasId(documentId: string): boolean;
  /** @param version sha256 of a canonical text. */
  hasContent(version: string): boolean;
}

/** Reads the tombstones of a tenant. */
export async function readTombstones(
  database: Parameters<typeof deletionTables>[0],
  tenant: string,
): Promise<Tombstones> {
  const rows = await deletionTables(database)
    .selectFrom('document_tombstones')
    .select(['kind', 'hash'])
    .where('tenant', '=', tenant)
    .execute();
  const hashes = new Set(rows.map(({ kind, hash }) => `${kind} ${hash}`));
  return {
    size: hashes.size,
    hasId: (documentId) => hashes.has(`id ${sha256(documentId)}`),
    hasContent: (version) => hashes.has(`content ${version}`),
  };
}

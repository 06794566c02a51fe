import { type Database, tablesOf } from '../../database/index.ts';
import type { ServingTables } from '../migrations.ts';

/** Something that was done to the server by somebody; entries are never changed. */
export interface AuditEntry {
  readonly number: number;
  readonly at: string;
  /** Key id, or `local-owner` for the person at the keyboard. */
  readonly actor: string;
  readonly action: 'key-created' | 'key-revoked' | 'key-rotated' | 'name-changed';
  /** What it was done to, an id. */
  readonly subject: string;
  readonly detail: string | null;
}

export interface AuditLog {
  /** Durable when the promise resolves; part of `transaction` where one is given. */
  write(
    entry: Pick<AuditEntry, 'actor' | 'action' | 'subject'> & { readonly detail?: string | undefined },
    transaction?: Parameters<typeof tablesOf>[0],
  ): Promise<void>;
  /** Newest first. */
  list(options?: {
    readonly limit?: number | undefined;
    readonly before?: number | undefined;
  }): Promise<AuditEntry[]>;
}

export function createAuditLog(database: Database): AuditLog {
  return {
    async write({ actor, action, subject, detail }, transaction = database) {
      await tablesOf<ServingTables>(transaction)
        .insertInto('serving_audit')
        .values({ at: new Date().toISOString(), actor, action, subject, detail: detail ?? null } as never)
        .execute();
    },
    async list({ limit = 100, before } = {}) {
      let query = tablesOf<ServingTables>(database)
        .withoutPlugins()
        .selectFrom('serving_audit')
        .selectAll()
        .orderBy('number', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('number', '<', before);
      return (await query.execute()) as AuditEntry[];
    },
  };
}

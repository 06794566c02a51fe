import { randomBytes, timingSafeEqual } from 'node:crypto';
import { FulcrumError, sha256 } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { ServingTables } from '../migrations.ts';
import { type ApiKey, type ApiKeyDraft, apiKeyDraftSchema, apiKeySchema } from './api-key.ts';
import { type AuditLog, createAuditLog } from './audit-log.ts';

/** A key just made; its text is told this once. */
export interface NewApiKey {
  readonly key: ApiKey;
  /** `fk_ID_SECRET`, 32 random bytes behind the id. */
  readonly text: string;
}

/** Keys of the server. A secret has 256 random bits, so that its sha256 is as good as the secret to keep. */
export interface ApiKeyStore {
  create(draft: ApiKeyDraft, actor: string): Promise<NewApiKey>;
  /** The key that a text is, or null: not known, revoked or expired. Read from the database each time, so that a revocation counts at once. */
  verify(text: string): Promise<ApiKey | null>;
  /** Newest first, revoked and expired ones too. */
  list(): Promise<ApiKey[]>;
  /** Takes effect with the next request. Throws `key-unknown`. */
  revoke(id: string, actor: string): Promise<ApiKey>;
  /**
   * A new key like an old one, which is taken until `oldUntil`, by default no longer. Throws `key-unknown`, also of a key that is
   * no longer taken.
   */
  rotate(
    id: string,
    actor: string,
    options?: {
      readonly oldUntil?: Date | undefined;
      readonly limits?: { [Name in keyof ApiKey['limits']]?: ApiKey['limits'][Name] | undefined } | undefined;
    },
  ): Promise<NewApiKey>;
}

const pattern = /^fk_([0-9a-z]{12})_([A-Za-z0-9_-]{43})$/;

export function createApiKeyStore(
  database: Database,
  audit: AuditLog = createAuditLog(database),
): ApiKeyStore {
  const tables = tablesOf<ServingTables>(database).withoutPlugins();

  const get = async (id: string): Promise<ApiKey> => {
    const row = await tables.selectFrom('serving_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new FulcrumError('key-unknown', { key: id.slice(0, 40) });
    return toKey(row);
  };

  const insert = async (
    draft: ApiKeyDraft,
    transaction: Parameters<typeof tablesOf>[0],
  ): Promise<NewApiKey> => {
    const checked = apiKeyDraftSchema.safeParse(draft);
    if (!checked.success)
      throw new FulcrumError('request-invalid', { problem: checked.error.issues[0]?.message ?? 'no key' });
    const id = randomBytes(8).readBigUInt64BE().toString(36).padStart(12, '0').slice(-12);
    const secret = randomBytes(32).toString('base64url');
    const key: ApiKey = {
      id,
      ...checked.data,
      scopes: [...new Set(checked.data.scopes)],
      createdAt: new Date().toISOString(),
      revokedAt: null,
    };
    const { id: _id, createdAt, expiresAt, revokedAt, ...rest } = key;
    await tablesOf<ServingTables>(transaction)
      .insertInto('serving_keys')
      .values({
        id,
        secret_hash: sha256(secret),
        key: JSON.stringify(rest),
        created_at: createdAt,
        expires_at: expiresAt,
        revoked_at: revokedAt,
      })
      .execute();
    return { key, text: `fk_${id}_${secret}` };
  };

  return {
    create: (draft, actor) =>
      database.transaction(async (transaction) => {
        const made = await insert(draft, transaction);
        await audit.write(
          { actor, action: 'key-created', subject: made.key.id, detail: made.key.name },
          transaction,
        );
        return made;
      }),
    async verify(text) {
      const [, id, secret] = pattern.exec(text) ?? [];
      if (id === undefined || secret === undefined) return null;
      const row = await tables.selectFrom('serving_keys').selectAll().where('id', '=', id).executeTakeFirst();
      const given = Buffer.from(sha256(secret));
      // Compared also where there is no such key, so that both take as long.
      const same = timingSafeEqual(given, Buffer.from(row?.secret_hash ?? sha256('')));
      if (!row || !same || row.revoked_at !== null) return null;
      if (row.expires_at !== null && row.expires_at <= new Date().toISOString()) return null;
      return toKey(row);
    },
    async list() {
      const rows = await tables
        .selectFrom('serving_keys')
        .selectAll()
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map(toKey);
    },
    async revoke(id, actor) {
      await get(id);
      await database.transaction(async (transaction) => {
        await tablesOf<ServingTables>(transaction)
          .updateTable('serving_keys')
          .set({ revoked_at: new Date().toISOString() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .execute();
        await audit.write({ actor, action: 'key-revoked', subject: id }, transaction);
      });
      return get(id);
    },
    async rotate(id, actor, { oldUntil = new Date(), limits } = {}) {
      const old = await get(id);
      const now = new Date().toISOString();
      if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now))
        throw new FulcrumError('key-unknown', { key: id });
      const { name, scopes, principal, actsForOthers, expiresAt } = old;
      return database.transaction(async (transaction) => {
        const made = await insert(
          { name, scopes, principal, actsForOthers, expiresAt, limits: changed(old.limits, limits) },
          transaction,
        );
        const until = oldUntil.toISOString();
        await tablesOf<ServingTables>(transaction)
          .updateTable('serving_keys')
          .set({ expires_at: expiresAt !== null && expiresAt < until ? expiresAt : until })
          .where('id', '=', id)
          .execute();
        await audit.write({ actor, action: 'key-rotated', subject: id, detail: made.key.id }, transaction);
        return made;
      });
    },
  };
}

/** Limits with those replaced that are given; null takes one away. */
function changed(
  old: ApiKey['limits'],
  given: Partial<Record<keyof ApiKey['limits'], number | null | undefined>> = {},
): ApiKey['limits'] {
  const { requestsPerMinute = old.requestsPerMinute, usdPerDay = old.usdPerDay } = given;
  return { requestsPerMinute, usdPerDay };
}

function toKey(row: ServingTables['serving_keys']): ApiKey {
  return apiKeySchema.parse({
    id: row.id,
    ...JSON.parse(row.key),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  });
}

import { z } from 'zod';
import { principalSchema } from '../../core/index.ts';

/**
 * What a key may be used for: `ask` questions and give feedback, `read` documents, datasets, runs and its own traces,
 * `write` what changes the project, `admin` all of it and the keys themselves.
 */
export const scopeSchema = z.enum(['ask', 'read', 'write', 'admin']);
export type Scope = z.infer<typeof scopeSchema>;

/** Limits of a key; null where there is none. */
export const keyLimitsSchema = z.strictObject({
  requestsPerMinute: z.number().int().positive().nullable().default(null),
  /** From midnight to midnight UTC. */
  usdPerDay: z.number().nonnegative().nullable().default(null),
});
export type KeyLimits = z.infer<typeof keyLimitsSchema>;

/** A key as everybody may see it; the secret itself is kept nowhere. */
export const apiKeySchema = z.strictObject({
  /** The part of the key that names it: `fk_ID_SECRET`. */
  id: z.string(),
  name: z.string().min(1).max(100),
  scopes: z.array(scopeSchema).min(1),
  /** Whom a request with this key is from. */
  principal: principalSchema,
  /** Whether it may act for others of its tenant by a signed token. */
  actsForOthers: z.boolean(),
  limits: keyLimitsSchema,
  createdAt: z.string(),
  /** ISO time after which it is not taken; null: never. */
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** What a key is made of. */
export const apiKeyDraftSchema = apiKeySchema.pick({ name: true, scopes: true, principal: true }).extend({
  actsForOthers: z.boolean().default(false),
  limits: keyLimitsSchema.prefault({}),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type ApiKeyDraft = z.input<typeof apiKeyDraftSchema>;

/** `admin` may do everything. */
export function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.includes(needed) || scopes.includes('admin');
}

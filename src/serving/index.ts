export {
  type Answering,
  createAnswering,
  type Door,
  type ServedAnswer,
  type ServedQuestion,
  type ServedRecord,
} from './answer-request.ts';
export {
  type ApiKey,
  type ApiKeyDraft,
  apiKeyDraftSchema,
  apiKeySchema,
  hasScope,
  keyLimitsSchema,
  type Scope,
  scopeSchema,
} from './keys/api-key.ts';
export { type ApiKeyStore, createApiKeyStore, type NewApiKey } from './keys/api-key-store.ts';
export { type AuditEntry, type AuditLog, createAuditLog } from './keys/audit-log.ts';
export { createKeyLimits, type KeyLimits, type KeySpend, type Reservation } from './keys/key-limits.ts';
export { servingMigrations } from './migrations.ts';
export { type Route, type RouteDraft, type RouteRevision, routeSchema } from './routes/route.ts';
export { createRouteStore, type RouteStore } from './routes/route-store.ts';

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { FulcrumError } from '../../core/index.ts';
import { apiKeyDraftSchema, apiKeySchema } from '../../serving/index.ts';
import { requireOperator, requireScope } from '../auth/authenticate.ts';
import { documented } from '../documented.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { errorResponses } from './ask-shapes.ts';

const keyShape = documented(apiKeySchema, 'Key');
const newKeyShape = z.object({ key: keyShape, text: z.string() }).openapi('NewKey');
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const idOf = { params: z.object({ id: z.string().min(1) }) };

const listRoute = createRoute({
  method: 'get',
  path: '/api/keys',
  tags: ['keys'],
  summary: 'The keys of the caller’s tenant, without their secrets',
  responses: {
    200: { description: 'Newest first.', content: json(z.object({ keys: z.array(keyShape) })) },
    ...errorResponses,
  },
});
const createKeyRoute = createRoute({
  method: 'post',
  path: '/api/keys',
  tags: ['keys'],
  summary: 'Make a key; its text is shown this once',
  request: { body: { required: true, content: json(documented(apiKeyDraftSchema, 'KeyDraft')) } },
  responses: { 201: { description: 'The key.', content: json(newKeyShape) }, ...errorResponses },
});
const revokeRoute = createRoute({
  method: 'delete',
  path: '/api/keys/{id}',
  tags: ['keys'],
  summary: 'Revoke a key, from the next request on',
  request: idOf,
  responses: { 200: { description: 'The key.', content: json(keyShape) }, ...errorResponses },
});
const rotateRoute = createRoute({
  method: 'post',
  path: '/api/keys/{id}/rotate',
  tags: ['keys'],
  summary: 'A new key like an old one, which is taken for some more seconds',
  request: {
    ...idOf,
    body: {
      required: true,
      content: json(
        z.strictObject({
          oldForSeconds: z.number().nonnegative().max(2_592_000).default(0),
          limits: z
            .strictObject({
              requestsPerMinute: z.number().int().positive().nullable().optional(),
              usdPerDay: z.number().nonnegative().nullable().optional(),
            })
            .optional(),
        }),
      ),
    },
  },
  responses: { 201: { description: 'The new key.', content: json(newKeyShape) }, ...errorResponses },
});
const auditRoute = createRoute({
  method: 'get',
  path: '/api/audit',
  tags: ['keys'],
  summary: 'What was done to keys and names, and by whom',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce.number().int().positive().optional(),
    }),
  },
  responses: {
    200: {
      description: 'Newest first.',
      content: json(
        z.object({
          entries: z.array(
            z.object({
              number: z.number(),
              at: z.string(),
              actor: z.string(),
              action: z.string(),
              subject: z.string(),
              detail: z.string().nullable(),
            }),
          ),
        }),
      ),
    },
    ...errorResponses,
  },
});

/** Keys belong to the tenant of their principal; an administrator has those of the own tenant only. */
export function addKeyRoutes(app: OpenAPIHono<ServerEnv>, { serving }: ServerParts): void {
  const { keys, audit } = serving;
  const ownKey = async (id: string, tenant: string): Promise<void> => {
    const found = (await keys.list()).find((key) => key.id === id && key.principal.tenant === tenant);
    if (!found) throw new FulcrumError('key-unknown', { key: id.slice(0, 40) });
  };
  app.openapi(listRoute, async (context) => {
    const { principal } = requireScope(context, 'admin');
    const own = (await keys.list()).filter((key) => key.principal.tenant === principal.tenant);
    return context.json({ keys: own }, 200);
  });
  app.openapi(createKeyRoute, async (context) => {
    const { principal, actor, key } = requireScope(context, 'admin');
    const draft = context.req.valid('json');
    // Only the person at the keyboard makes keys of other tenants.
    if (key && draft.principal.tenant !== principal.tenant)
      throw new FulcrumError('scope-missing', { scopes: 'of its own tenant', needed: 'another tenant' });
    return context.json(await keys.create(draft, actor), 201);
  });
  app.openapi(revokeRoute, async (context) => {
    const { principal, actor } = requireScope(context, 'admin');
    const { id } = context.req.valid('param');
    await ownKey(id, principal.tenant);
    return context.json(await keys.revoke(id, actor), 200);
  });
  app.openapi(rotateRoute, async (context) => {
    const { principal, actor } = requireScope(context, 'admin');
    const { id } = context.req.valid('param');
    const { oldForSeconds, limits } = context.req.valid('json');
    await ownKey(id, principal.tenant);
    const oldUntil = new Date(Date.now() + oldForSeconds * 1000);
    return context.json(await keys.rotate(id, actor, { oldUntil, limits }), 201);
  });
  app.openapi(auditRoute, async (context) => {
    requireOperator(context, 'admin');
    return context.json({ entries: await audit.list(context.req.valid('query')) }, 200);
  });
}

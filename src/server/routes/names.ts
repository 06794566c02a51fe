import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { routeSchema } from '../../serving/index.ts';
import { requireOperator, requireScope } from '../auth/authenticate.ts';
import { documented } from '../documented.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { errorResponses } from './ask-shapes.ts';

const revisionShape = z
  .object({
    name: z.string(),
    number: z.number(),
    route: routeSchema,
    at: z.string(),
    actor: z.string(),
    reason: z.string(),
  })
  .openapi('NameRevision');
const one = { 'application/json': { schema: revisionShape } };
const many = { 'application/json': { schema: z.object({ revisions: z.array(revisionShape) }) } };
const nameOf = { params: z.object({ name: z.string().min(1) }) };

const listRoute = createRoute({
  method: 'get',
  path: '/api/names',
  tags: ['names'],
  summary: 'Public names and the variants behind them',
  responses: { 200: { description: 'By name.', content: many }, ...errorResponses },
});
const historyRoute = createRoute({
  method: 'get',
  path: '/api/names/{name}',
  tags: ['names'],
  summary: 'All revisions of a name',
  request: nameOf,
  responses: { 200: { description: 'Newest first.', content: many }, ...errorResponses },
});
const setRoute = createRoute({
  method: 'put',
  path: '/api/names/{name}',
  tags: ['names'],
  summary: 'Say which variants answer under a name',
  request: {
    ...nameOf,
    body: {
      required: true,
      content: { 'application/json': { schema: documented(routeSchema, 'NameRoute') } },
    },
  },
  responses: { 200: { description: 'The new revision.', content: one }, ...errorResponses },
});
const turnRoute = createRoute({
  method: 'post',
  path: '/api/names/{name}/{action}',
  tags: ['names'],
  summary: 'Switch a name off or on, or take its last change back',
  request: {
    params: z.object({ name: z.string().min(1), action: z.enum(['off', 'on', 'rollback']) }),
    query: z.object({ to: z.coerce.number().int().positive().optional() }),
  },
  responses: { 200: { description: 'The new revision.', content: one }, ...errorResponses },
});

export function addNameRoutes(app: OpenAPIHono<ServerEnv>, { serving }: ServerParts): void {
  const { routes } = serving;
  app.openapi(listRoute, async (context) => {
    requireScope(context, 'read');
    return context.json({ revisions: await routes.list() }, 200);
  });
  app.openapi(historyRoute, async (context) => {
    requireScope(context, 'read');
    return context.json({ revisions: await routes.history(context.req.valid('param').name) }, 200);
  });
  app.openapi(setRoute, async (context) => {
    const { actor } = requireOperator(context, 'admin');
    const route = context.req.valid('json');
    await serving.checkRoute(route);
    return context.json(await routes.set(context.req.valid('param').name, route, actor), 200);
  });
  app.openapi(turnRoute, async (context) => {
    const { actor } = requireOperator(context, 'admin');
    const { name, action } = context.req.valid('param');
    if (action === 'rollback')
      return context.json(await routes.rollback(name, actor, context.req.valid('query').to), 200);
    return context.json(await routes.turn(name, action === 'on', actor), 200);
  });
}

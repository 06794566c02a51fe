import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireScope } from '../auth/authenticate.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { addChatRoute } from './chat-route.ts';
import { openAiResponses } from './openai-request.ts';
import { addResponsesRoute } from './responses-route.ts';

const modelShape = z
  .object({ id: z.string(), object: z.literal('model'), created: z.number(), owned_by: z.string() })
  .openapi('Model');
const modelsRoute = createRoute({
  method: 'get',
  path: '/v1/models',
  tags: ['openai'],
  summary: 'Public names and variants, as models',
  responses: {
    200: {
      description: 'All that can be named as "model".',
      content: {
        'application/json': { schema: z.object({ object: z.literal('list'), data: z.array(modelShape) }) },
      },
    },
    ...openAiResponses,
  },
});

/** The interfaces that clients of OpenAI speak. */
export function addOpenAiRoutes(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  const { project, serving } = parts;
  app.openapi(modelsRoute, async (context) => {
    requireScope(context, 'ask');
    const names = (await serving.routes.list()).map(({ name }) => name);
    const variants = (await project.variants()).list().filter(({ deployable }) => deployable);
    const ids = [...new Set([...names, ...variants.map(({ name }) => name)])];
    const data = ids.map((id) => ({ id, object: 'model' as const, created: 0, owned_by: 'fulcrum' }));
    return context.json({ object: 'list' as const, data }, 200);
  });
  addChatRoute(app, parts);
  addResponsesRoute(app, parts);
}

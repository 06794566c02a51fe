import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireScope } from '../auth/authenticate.ts';
import { searchFor } from '../search-for.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { withinTime } from '../within-time.ts';
import { checkedFilter, errorResponses, filterShape, wordsOf } from './ask-shapes.ts';

const requestShape = z
  .strictObject({
    query: z.string().min(1).max(20_000).openapi({ example: 'parental leave' }),
    limit: z.number().int().min(1).max(100).default(10),
    arm: z.enum(['keyword', 'vector', 'hybrid']).default('hybrid'),
    neighbours: z.number().int().min(0).max(10).optional(),
    parents: z.boolean().optional(),
    filter: filterShape.optional(),
  })
  .openapi('SearchRequest');

const responseShape = z
  .object({
    query: z.string(),
    indexVersion: z.string(),
    embeddedShare: z.number(),
    hits: z.array(
      z.object({
        documentId: z.string(),
        uri: z.string(),
        titlePath: z.array(z.string()),
        start: z.number(),
        end: z.number(),
        text: z.string(),
        score: z.number(),
        arms: z.object({ keyword: z.number().optional(), vector: z.number().optional() }),
      }),
    ),
  })
  .openapi('SearchResponse');

const route = createRoute({
  method: 'post',
  path: '/api/search',
  tags: ['ask'],
  summary: 'Find the passages that are nearest to a query, among those that may be read',
  request: { body: { required: true, content: { 'application/json': { schema: requestShape } } } },
  responses: {
    200: { description: 'Best first.', content: { 'application/json': { schema: responseShape } } },
    ...errorResponses,
  },
});

export function addSearchRoute(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  app.openapi(route, async (context) => {
    const caller = requireScope(context, 'ask');
    const { query, filter, ...settings } = context.req.valid('json');
    const words = wordsOf(query, 'query');
    const checked = await checkedFilter(parts, filter, caller.principal);
    const { indexVersion, embeddedShare, hits } = await withinTime(context, parts, (signal) =>
      searchFor(parts, caller, words, { ...settings, filter: checked, signal }),
    );
    const shown = hits.map(({ documentId, uri, titlePath, start, end, text, score, arms }) => ({
      ...{ documentId, uri, titlePath: [...titlePath], start, end, text, score, arms },
    }));
    return context.json({ query: words, indexVersion, embeddedShare, hits: shown }, 200);
  });
}

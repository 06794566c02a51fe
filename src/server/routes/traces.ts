import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { feedbackSchema, traceSchema } from '../../monitoring/index.ts';
import { requireScope } from '../auth/authenticate.ts';
import { documented } from '../documented.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { feedbackReader, traceReader } from '../trace-reader.ts';
import { errorResponses } from './ask-shapes.ts';

const traceShape = documented(traceSchema, 'Trace');
const feedbackShape = documented(feedbackSchema, 'Feedback');
const storedShape = z
  .object({ author: z.string(), at: z.string() })
  .and(feedbackShape)
  .openapi('StoredFeedback');
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });

const listRoute = createRoute({
  method: 'get',
  path: '/api/traces',
  tags: ['traces'],
  summary: 'Recorded requests: one’s own, or with the scope "admin" all of the tenant',
  request: {
    query: z.object({
      since: z.iso.datetime().optional(),
      until: z.iso.datetime().optional(),
      variant: z.string().optional(),
      status: z.enum(['answered', 'refused', 'failed']).optional(),
      conversation: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      after: z.string().optional(),
    }),
  },
  responses: {
    200: {
      description: 'Newest first.',
      content: json(z.object({ traces: z.array(traceShape), next: z.string().nullable() })),
    },
    ...errorResponses,
  },
});
const readRoute = createRoute({
  method: 'get',
  path: '/api/traces/{id}',
  tags: ['traces'],
  summary: 'One recorded request with what people said of it',
  request: { params: z.object({ id: z.string().min(1) }) },
  responses: {
    200: {
      description: 'The trace.',
      content: json(z.object({ trace: traceShape, feedback: z.array(storedShape) })),
    },
    ...errorResponses,
  },
});
const feedbackRoute = createRoute({
  method: 'post',
  path: '/api/feedback',
  tags: ['traces'],
  summary: 'Judge an answer or one of its citations; the same person again replaces it',
  request: { body: { required: true, content: json(feedbackShape) } },
  responses: { 200: { description: 'As it is kept.', content: json(storedShape) }, ...errorResponses },
});

export function addTraceRoutes(app: OpenAPIHono<ServerEnv>, { serving }: ServerParts): void {
  const { traces, feedback } = serving;
  app.openapi(listRoute, async (context) => {
    const caller = requireScope(context, 'read');
    const { limit, after, ...filter } = context.req.valid('query');
    const page = await traces.list(traceReader(serving, caller), filter, { limit, after });
    return context.json({ traces: [...page.traces], next: page.next }, 200);
  });
  app.openapi(readRoute, async (context) => {
    const caller = requireScope(context, 'read');
    const trace = await traces.get(context.req.valid('param').id, traceReader(serving, caller));
    return context.json({ trace, feedback: await feedback.of(trace.id) }, 200);
  });
  app.openapi(feedbackRoute, async (context) => {
    const caller = requireScope(context, 'ask');
    const { author, reader } = feedbackReader(serving, caller);
    return context.json(await feedback.give(context.req.valid('json'), author, reader), 200);
  });
}

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { resolveSource } from '../../app/index.ts';
import { requireOperator } from '../auth/authenticate.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { errorResponses } from './ask-shapes.ts';

const jobShape = z
  .object({
    id: z.string(),
    kind: z.string(),
    input: z.unknown(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    progress: z
      .object({ phase: z.string(), done: z.number(), total: z.number().nullable(), unit: z.string() })
      .loose()
      .nullable(),
    result: z.unknown(),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Job');
const one = { 'application/json': { schema: jobShape } };
const idOf = { params: z.object({ id: z.string().min(1) }) };

const syncRoute = createRoute({
  method: 'post',
  path: '/api/sync',
  tags: ['work'],
  summary: 'Bring sources into the index, as a job',
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.strictObject({ source: z.string().optional() }) } },
    },
  },
  responses: { 202: { description: 'The job.', content: one }, ...errorResponses },
});
const listRoute = createRoute({
  method: 'get',
  path: '/api/jobs',
  tags: ['work'],
  summary: 'Background work',
  responses: {
    200: {
      description: 'Newest first.',
      content: { 'application/json': { schema: z.object({ jobs: z.array(jobShape) }) } },
    },
    ...errorResponses,
  },
});
const readRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}',
  tags: ['work'],
  summary: 'One job',
  request: idOf,
  responses: { 200: { description: 'The job.', content: one }, ...errorResponses },
});
const cancelRoute = createRoute({
  method: 'post',
  path: '/api/jobs/{id}/cancel',
  tags: ['work'],
  summary: 'Ask a job to stop',
  request: idOf,
  responses: { 200: { description: 'The job.', content: one }, ...errorResponses },
});
const eventsRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/events',
  tags: ['work'],
  summary: 'How far a job is, as server-sent events until it has ended',
  request: idOf,
  responses: {
    200: {
      description: 'An event `job` whenever it has changed.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...errorResponses,
  },
});

/** Between two looks at a job whose progress is streamed. */
const lookMs = 250;

/** Work that takes longer than a request. The index is the project's, so that only administrators of the owner's tenant change it. */
export function addWorkRoutes(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  const { project } = parts;
  app.openapi(syncRoute, async (context) => {
    requireOperator(context, 'write');
    const { source } = context.req.valid('json');
    if (source !== undefined) resolveSource(project.config, source);
    const jobs = await project.jobs();
    const job = await jobs.enqueue('sync', { source });
    const { inFlight, onDefect } = parts;
    const run = () => jobs.run(job.id, inFlight && { signal: inFlight.stopping });
    (inFlight ? inFlight.during(run) : run()).catch((error: unknown) =>
      onDefect(context.get('requestId'), error),
    );
    return context.json(shown(job), 202);
  });
  app.openapi(listRoute, async (context) => {
    requireOperator(context, 'write');
    return context.json({ jobs: (await (await project.jobs()).list()).map(shown) }, 200);
  });
  app.openapi(readRoute, async (context) => {
    requireOperator(context, 'write');
    return context.json(shown(await (await project.jobs()).get(context.req.valid('param').id)), 200);
  });
  app.openapi(cancelRoute, async (context) => {
    requireOperator(context, 'write');
    return context.json(shown(await (await project.jobs()).cancel(context.req.valid('param').id)), 200);
  });
  app.openapi(eventsRoute, async (context) => {
    requireOperator(context, 'write');
    const jobs = await project.jobs();
    const { id } = context.req.valid('param');
    await jobs.get(id);
    return streamSSE(context, async (events) => {
      let last = '';
      for (let ended = false; !ended && !events.aborted; ) {
        const job = await jobs.get(id);
        const data = JSON.stringify(shown(job));
        if (data !== last) await events.writeSSE({ event: 'job', data });
        last = data;
        ended = job.state !== 'queued' && job.state !== 'running';
        if (!ended) await events.sleep(lookMs);
      }
    }) as never;
  });
}

type JobShape = z.infer<typeof jobShape>;
function shown({ progress, ...job }: { readonly progress: unknown } & Omit<JobShape, 'progress'>): JobShape {
  return { ...job, progress: progress as JobShape['progress'] };
}

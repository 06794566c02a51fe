import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { packageVersion } from '../../core/index.ts';
import { requireOperator, requireScope } from '../auth/authenticate.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { errorResponses } from './ask-shapes.ts';

const variantsRoute = createRoute({
  method: 'get',
  path: '/api/variants',
  tags: ['project'],
  summary: 'The ways to answer',
  responses: {
    200: {
      description: 'By name.',
      content: {
        'application/json': {
          schema: z.object({
            variants: z.array(z.object({ name: z.string(), kind: z.string(), deployable: z.boolean() })),
          }),
        },
      },
    },
    ...errorResponses,
  },
});
const versionsRoute = createRoute({
  method: 'get',
  path: '/api/versions',
  tags: ['project'],
  summary: 'Kept versions of the tenant’s index',
  responses: {
    200: {
      description: 'Newest first.',
      content: {
        'application/json': {
          schema: z.object({ versions: z.array(z.looseObject({ number: z.number() })) }),
        },
      },
    },
    ...errorResponses,
  },
});
const statusRoute = createRoute({
  method: 'get',
  path: '/api/status',
  tags: ['project'],
  summary: 'What this process is doing',
  responses: {
    200: {
      description: 'Traces of this process, and its version.',
      content: {
        'application/json': {
          schema: z.object({
            version: z.string(),
            traces: z.object({ written: z.number(), waiting: z.number(), lost: z.number() }),
            shadowsLeftOut: z.number(),
            /** Milliseconds for which the event loop was held up, since the last look. */
            loopDelay: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).nullable(),
            /** Resident memory in bytes. */
            memory: z.number(),
          }),
        },
      },
    },
    ...errorResponses,
  },
});

export function addProjectRoutes(
  app: OpenAPIHono<ServerEnv>,
  { project, serving, loopDelay }: ServerParts,
): void {
  app.openapi(variantsRoute, async (context) => {
    requireScope(context, 'read');
    const listed = (await project.variants()).list();
    return context.json(
      { variants: listed.map(({ name, kind, deployable }) => ({ name, kind, deployable })) },
      200,
    );
  });
  app.openapi(versionsRoute, async (context) => {
    const { principal } = requireScope(context, 'read');
    const versions = await (await project.knowledge()).versions(principal.tenant).list();
    return context.json({ versions: versions.map((version) => ({ ...version })) }, 200);
  });
  app.openapi(statusRoute, async (context) => {
    requireOperator(context, 'admin');
    return context.json(
      {
        version: packageVersion(),
        traces: { ...serving.traceFigures() },
        shadowsLeftOut: serving.answering.shadowsLeftOut,
        loopDelay: loopDelay?.() ?? null,
        memory: process.memoryUsage.rss(),
      },
      200,
    );
  });
}

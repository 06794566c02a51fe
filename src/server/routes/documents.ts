import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { FulcrumError } from '../../core/index.ts';
import { requireScope } from '../auth/authenticate.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { errorResponses } from './ask-shapes.ts';

const summaryShape = z
  .object({
    documentId: z.string(),
    version: z.string(),
    source: z.string(),
    key: z.string(),
    uri: z.string(),
    title: z.string().nullable(),
    characters: z.number(),
    updatedAt: z.string(),
    language: z.string().optional(),
    date: z.string().optional(),
  })
  .openapi('DocumentSummary');

const listRoute = createRoute({
  method: 'get',
  path: '/api/documents',
  tags: ['documents'],
  summary: 'The documents that may be read',
  request: {
    query: z.object({
      source: z.string().optional(),
      /** Id after which the list goes on. */
      after: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
  },
  responses: {
    200: {
      description: 'Ordered by id.',
      content: {
        'application/json': {
          schema: z.object({ documents: z.array(summaryShape), next: z.string().nullable() }),
        },
      },
    },
    ...errorResponses,
  },
});

const readRoute = createRoute({
  method: 'get',
  path: '/api/document',
  tags: ['documents'],
  summary: 'One document with its text, now or as it was in a kept version',
  request: { query: z.object({ id: z.string().min(1), version: z.string().optional() }) },
  responses: {
    200: {
      description: 'The canonical text that citations quote.',
      content: {
        'application/json': {
          schema: z
            .object({
              documentId: z.string(),
              version: z.string(),
              uri: z.string(),
              title: z.string().nullable(),
              text: z.string(),
            })
            .openapi('Document'),
        },
      },
    },
    ...errorResponses,
  },
});

export function addDocumentRoutes(app: OpenAPIHono<ServerEnv>, { project }: ServerParts): void {
  app.openapi(listRoute, async (context) => {
    const { principal } = requireScope(context, 'read');
    const { source, after, limit } = context.req.valid('query');
    const { documents } = await project.knowledge();
    const listed = await documents.list(principal, { source, after, limit: limit + 1 });
    const page = listed.slice(0, limit);
    return context.json(
      {
        documents: page.map(({ documentId, version, source: from, key, uri, title, ...more }) => ({
          ...{ documentId, version, source: from, key, uri, title },
          characters: more.characters,
          updatedAt: more.updatedAt,
          ...(more.language !== undefined && { language: more.language }),
          ...(more.date !== undefined && { date: more.date }),
        })),
        next: listed.length > limit ? (page.at(-1)?.documentId ?? null) : null,
      },
      200,
    );
  });
  app.openapi(readRoute, async (context) => {
    const { principal } = requireScope(context, 'read');
    const { id, version } = context.req.valid('query');
    const { documents } = await project.knowledge();
    const found = await documents.read(id, principal, version);
    if (!found) throw new FulcrumError('document-not-found', { document: id.slice(0, 200) });
    const { documentId, uri, title, text } = found;
    return context.json({ documentId, version: found.version, uri, title, text }, 200);
  });
}

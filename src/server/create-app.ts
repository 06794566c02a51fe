import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { FulcrumError, packageVersion } from '../core/index.ts';
import { authenticate } from './auth/authenticate.ts';
import { createPrincipalTokens } from './auth/principal-token.ts';
import { addMcpRoute } from './mcp/mcp-routes.ts';
import { addOpenAiRoutes } from './openai/openai-routes.ts';
import { respondError } from './respond-error.ts';
import { addAskRoute } from './routes/ask.ts';
import { addDocumentRoutes } from './routes/documents.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addNameRoutes } from './routes/names.ts';
import { addProjectRoutes } from './routes/project.ts';
import { addSearchRoute } from './routes/search.ts';
import { addTraceRoutes } from './routes/traces.ts';
import { addWorkRoutes } from './routes/work.ts';
import type { ServerEnv, ServerParts } from './server-context.ts';

/** The HTTP interface of a project, without a port: `app.request(…)` asks it in tests. Throws `config-invalid`. */
export async function createApp(parts: ServerParts): Promise<OpenAPIHono<ServerEnv>> {
  const { serve } = parts.project.config;
  const tokens = await createPrincipalTokens(serve.principalTokens, process.env);
  const app = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      const path = issue?.path.join('.') ?? '';
      throw new FulcrumError('request-invalid', {
        problem: `${path === '' ? result.target : `"${path}"`}: ${issue?.message ?? 'not valid'}`,
      });
    },
  });
  if (parts.inFlight) app.use(parts.inFlight.count);
  app.use(requestId({ headerName: 'X-Request-Id', limitLength: 100 }));
  // Nothing here is a page of its own; no header of the cross-origin kind lets another site read an answer.
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      strictTransportSecurity: false,
    }),
  );
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store');
    await next();
  });
  app.use(
    bodyLimit({
      maxSize: serve.maxBodyBytes,
      onError: () => {
        throw new FulcrumError('request-too-large', { limit: serve.maxBodyBytes });
      },
    }),
  );
  app.onError(respondError(parts));
  app.notFound((context) => {
    throw new FulcrumError('path-unknown', { path: context.req.path.slice(0, 200) });
  });
  app.get('/health', (context) => context.json({ ok: true }));
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Fulcrum', version: packageVersion() },
    security: [{ key: [] }],
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  const known = authenticate(parts, tokens);
  app.use('/api/*', known);
  app.use('/v1/*', known);
  app.use('/mcp', known);
  addAskRoute(app, parts);
  addSearchRoute(app, parts);
  addDocumentRoutes(app, parts);
  addTraceRoutes(app, parts);
  addNameRoutes(app, parts);
  addKeyRoutes(app, parts);
  addWorkRoutes(app, parts);
  addProjectRoutes(app, parts);
  addOpenAiRoutes(app, parts);
  addMcpRoute(app, parts);
  return app;
}

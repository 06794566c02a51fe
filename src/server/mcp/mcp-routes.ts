import type { OpenAPIHono } from '@hono/zod-openapi';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { createMcpServer } from './mcp-server.ts';

/** MCP over streamable HTTP at `/mcp`: no session, each request by itself and with its own key. */
export function addMcpRoute(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  app.all('/mcp', (context) =>
    createMcpHandler(() => createMcpServer(parts, context.get('caller'))).fetch(context.req.raw),
  );
}

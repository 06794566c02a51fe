export { createApp } from './create-app.ts';
export { isLoopback, listen, type RunningServer } from './listen.ts';
export { serveMcp } from './mcp/serve-stdio.ts';
export { type OpenServerOptions, openServer } from './open-server.ts';
export type { ServerParts } from './server-context.ts';

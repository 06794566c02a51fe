import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { FulcrumError } from '../core/index.ts';
import type { ServerEnv } from './server-context.ts';

/** A server that takes requests. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, waits for those under way, streams too, and after `graceMs` cuts what is left. */
  close(graceMs?: number): Promise<void>;
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Listens at an address; port 0 takes a free one. Throws `address-in-use`. */
export function listen(
  app: OpenAPIHono<ServerEnv>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: app.fetch, hostname: host, port, overrideGlobalObjects: false },
      (info: AddressInfo) => {
        const name = host.includes(':') ? `[${host}]` : host;
        resolve({
          url: `http://${name}:${info.port}`,
          port: info.port,
          close: (graceMs = 30_000) =>
            new Promise((closed) => {
              const cut = setTimeout(() => {
                if ('closeAllConnections' in server) server.closeAllConnections();
              }, graceMs);
              server.close(() => {
                clearTimeout(cut);
                closed();
              });
              if ('closeIdleConnections' in server) server.closeIdleConnections();
            }),
        });
      },
    );
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new FulcrumError('address-in-use', { host, port }, { cause: error })
          : error,
      );
    });
  });
}

import { openProject, type ProjectOptions } from '../app/index.ts';
import { FulcrumError } from '../core/index.ts';
import { createApp } from './create-app.ts';
import { isLoopback, listen, type RunningServer } from './listen.ts';

export interface OpenServerOptions extends ProjectOptions {
  /** Those of the config by default. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Also on a loopback address; elsewhere a key is always needed. */
  readonly requireKey?: boolean | undefined;
  /** Told of defects, with the id of the request; standard error by default. */
  readonly onDefect?: ((requestId: string, error: unknown) => void) | undefined;
}

/** Between two removals of old traces. */
const dayMs = 24 * 60 * 60_000;

/**
 * Serves a project folder. Closing waits for requests under way, then writes what waits and frees the project. Throws what
 * `openProject` throws, `key-required`, `address-in-use`.
 */
export async function openServer(directory: string, options: OpenServerOptions = {}): Promise<RunningServer> {
  const project = await openProject(directory, options);
  try {
    const { serve } = project.config;
    const host = options.host ?? serve.host;
    const requireKey = options.requireKey === true || !isLoopback(host);
    const serving = await project.serving();
    if (!isLoopback(host) && !(await serving.keys.list()).some(({ revokedAt }) => revokedAt === null))
      throw new FulcrumError('key-required', { host });
    const onDefect =
      options.onDefect ??
      ((id, error) => process.stderr.write(`request ${id}: ${(error as Error)?.stack ?? String(error)}\n`));
    const app = await createApp({ project, serving, requireKey, onDefect });
    const running = await listen(app, { host, port: options.port ?? serve.port });
    const clean = (): void =>
      void serving.removeOldTraces().catch((error) => onDefect('removal of old traces', error));
    clean();
    const daily = setInterval(clean, dayMs);
    daily.unref();
    return {
      ...running,
      async close(graceMs) {
        clearInterval(daily);
        await running.close(graceMs);
        await project.close();
      },
    };
  } catch (error) {
    await project.close();
    throw error;
  }
}

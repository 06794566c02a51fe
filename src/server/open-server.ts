import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openProject, type ProjectOptions } from '../app/index.ts';
import { FulcrumError } from '../core/index.ts';
import { createApp } from './create-app.ts';
import { createInFlight } from './in-flight.ts';
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

/** Delays of the event loop beyond the timer's own resolution, forgotten when they are read. */
function watchLoopDelay() {
  const resolution = 10;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  const milliseconds = (value: number): number => Math.max(0, value / 1e6 - resolution);
  return {
    read() {
      const [p50, p99] = [histogram.percentile(50), histogram.percentile(99)].map(milliseconds);
      const seen = {
        p50: p50 ?? 0,
        p99: p99 ?? 0,
        max: histogram.count === 0 ? 0 : milliseconds(histogram.max),
      };
      histogram.reset();
      return seen;
    },
    stop: () => void histogram.disable(),
  };
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
    const delay = watchLoopDelay();
    const inFlight = createInFlight();
    const app = await createApp({ project, serving, requireKey, onDefect, inFlight, loopDelay: delay.read });
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
        delay.stop();
        await running.close(graceMs);
        await inFlight.idle(graceMs ?? 30_000);
        await serving.close();
        await project.close();
      },
    };
  } catch (error) {
    await project.close();
    throw error;
  }
}

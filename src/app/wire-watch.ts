import { resolve } from 'node:path';
import { FulcrumError, toFulcrumError } from '../core/index.ts';
import { type SourceConfig, type SyncOptions, type SyncReport, watchPaths } from '../knowledge/index.ts';
import type { ProjectParts } from './project-parts.ts';
import type { Knowledge } from './wire-knowledge.ts';

/** Files are synced when none changed for so long, but at the latest after the second figure. */
const quietMs = 300;
const mostMs = 5_000;
/** A sync that failed is tried again after so long, whether something changed or not. */
const retryMs = 10_000;

/** How the sources of a project are kept in the index. */
export interface WatchRequest {
  readonly source?: string | undefined;
  /** Seconds between two looks at sources that cannot be watched. */
  readonly every: number;
  readonly sync: Omit<SyncOptions, 'allSources'>;
  /** Ends the watch: after what a running sync is in the middle of. */
  readonly signal: AbortSignal;
  /** Told of each sync that did something, and of the first. */
  readonly onSync: (report: SyncReport) => void;
  /** Told of a sync that failed; the watch goes on. */
  readonly onFailure: (error: FulcrumError) => void;
  /** Told once what is watched and what is polled, when the watch has begun. */
  readonly onWatching?: ((watched: readonly string[], polled: readonly string[]) => void) | undefined;
}

/**
 * Syncs now, and again whenever files of the sources change, until the signal is given. Changes are gathered until there are none for a
 * moment; those that come during a sync lead to another. Throws only what is wrong before the first sync (`source-unknown`, …).
 */
export async function watchSources(
  project: ProjectParts & { knowledge(): Promise<Knowledge> },
  request: WatchRequest,
): Promise<void> {
  const { signal, onFailure } = request;
  const names = request.source === undefined ? Object.keys(project.config.sources) : [request.source];
  const places = names.map((name) => ({ name, path: watchedPath(project, name) }));
  const polled = places.filter(({ path }) => path === null).map(({ name }) => name);
  const knowledge = await project.knowledge();
  const bell = createBell();
  const failed = (error: unknown): void => onFailure(toFulcrumError(error));
  const paths = places.flatMap(({ path }) => path ?? []);
  const watcher = await watchPaths(paths, bell.change, failed);
  const timer = polled.length > 0 ? setInterval(bell.ring, request.every * 1000) : null;
  signal.addEventListener('abort', bell.ring, { once: true });
  try {
    request.onWatching?.(
      places.flatMap(({ name, path }) => (path === null ? [] : name)),
      polled,
    );
    for (let first = true; !signal.aborted; first = false) {
      bell.clear();
      try {
        const report = await knowledge.sync({ ...request.sync, source: request.source });
        if (first || didSomething(report)) request.onSync(report);
      } catch (error) {
        if (signal.aborted) break;
        if (first && isMisuse(error)) throw error;
        failed(error);
        bell.ringIn(retryMs);
      }
      if (!signal.aborted) await bell.wait();
    }
  } finally {
    if (timer) clearInterval(timer);
    bell.close();
    await watcher.close();
  }
}

function didSomething({ added, changed, removed, renamed, embedded, failed }: SyncReport): boolean {
  return added + changed + removed + renamed + embedded + failed.length > 0;
}

/** What no waiting mends. */
function isMisuse(error: unknown): boolean {
  return error instanceof FulcrumError && ['source-unknown', 'source-empty'].includes(error.code);
}

/** File or folder whose changes are those of the source; null where nothing in the file system tells. */
function watchedPath({ config, directory }: ProjectParts, name: string): string | null {
  const source: SourceConfig | undefined = config.sources[name];
  if (!source) return null;
  if (source.type === 'files' || source.type === 'beir') return resolve(directory, source.directory);
  if (source.type === 'jsonl' || source.type === 'csv') return resolve(directory, source.file);
  return null;
}

/** Rings when it is time for a sync. */
function createBell() {
  let due = false;
  let wake: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  let deadline = Number.POSITIVE_INFINITY;
  const ring = (): void => {
    due = true;
    wake?.();
  };
  const ringAt = (time: number): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(ring, Math.max(0, time - Date.now()));
  };
  return {
    ring,
    ringIn: (milliseconds: number): void => ringAt(Date.now() + milliseconds),
    /** Something changed; more may follow at once. */
    change(): void {
      deadline = Math.min(deadline, Date.now() + mostMs);
      ringAt(Math.min(deadline, Date.now() + quietMs));
    },
    clear(): void {
      due = false;
      deadline = Number.POSITIVE_INFINITY;
      if (timer) clearTimeout(timer);
      timer = null;
    },
    async wait(): Promise<void> {
      if (due) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    },
    close(): void {
      if (timer) clearTimeout(timer);
    },
  };
}

import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Times in milliseconds after which a host is given up. */
export interface DownloadLimits {
  /** Until the first answer. */
  readonly responseMs: number;
  /** Between two blocks of the answer. */
  readonly stallMs: number;
}

export const defaultDownloadLimits: DownloadLimits = { responseMs: 5_000, stallMs: 20_000 };

export interface DownloadOptions {
  readonly limits: DownloadLimits;
  readonly signal?: AbortSignal | undefined;
  /** Size that the file must have in the end. */
  readonly bytes: number;
  /** Called with the number of bytes present so far, earlier attempts included. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Downloads into `TARGET.PID-….part` beside the target and returns that path; the caller verifies and renames.
 * What an ended process or an earlier failure left is taken over and continued by a Range request. On failure
 * the part stays as `TARGET.part` for the next attempt, except for one with too many bytes, which is removed.
 */
export async function downloadFile(
  url: string,
  target: string,
  own: string,
  options: DownloadOptions,
): Promise<void> {
  await adoptPart(target, own);
  try {
    await download(url, own, options);
  } catch (error) {
    await rename(own, `${target}.part`).catch(() => undefined);
    throw error;
  }
}

async function download(url: string, own: string, options: DownloadOptions): Promise<void> {
  const { limits, bytes } = options;
  let present = (await stat(own).catch(() => null))?.size ?? 0;
  if (present > bytes) {
    await rm(own);
    present = 0;
  }
  if (present === bytes) return;
  const watch = watchdog(options.signal);
  try {
    watch.expect(limits.responseMs, `no answer within ${limits.responseMs / 1000} s`);
    const response = await fetch(url, {
      signal: watch.signal,
      headers: present > 0 ? { range: `bytes=${present}-` } : {},
    });
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status}`);
    }
    const continued = response.status === 206 && continuesAt(response, present);
    if (response.status === 206 && !continued) throw new Error('the host answered with another range');
    if (!response.body) throw new Error('an empty answer');
    const file = await open(own, continued ? 'a' : 'w');
    try {
      let done = continued ? present : 0;
      watch.expect(limits.stallMs, `no data for ${limits.stallMs / 1000} s`);
      for await (const block of response.body) {
        done += block.byteLength;
        if (done > bytes) throw new Error(`more than the expected ${bytes} bytes`);
        await file.write(block);
        options.onBytes?.(done);
        watch.expect(limits.stallMs, `no data for ${limits.stallMs / 1000} s`);
      }
      if (done !== bytes) throw new Error(`the answer ended after ${done} of ${bytes} bytes`);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw watch.reason() ?? error;
  } finally {
    watch.stop();
  }
}

/** Aborts when the caller does, or when what is expected does not come in time. */
function watchdog(outer: AbortSignal | undefined): {
  signal: AbortSignal;
  expect: (milliseconds: number, problem: string) => void;
  reason: () => Error | undefined;
  stop: () => void;
} {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let late: Error | undefined;
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    expect(milliseconds, problem) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        late = new Error(problem);
        controller.abort(late);
      }, milliseconds);
    },
    reason: () => late,
    stop: () => clearTimeout(timer),
  };
}

function continuesAt(response: Response, offset: number): boolean {
  return response.headers.get('content-range')?.startsWith(`bytes ${offset}-`) ?? false;
}

/** Takes over the largest part that no living process is writing; a rename decides between two that try. */
async function adoptPart(target: string, own: string): Promise<void> {
  const directory = dirname(target);
  const name = basename(target);
  const candidates: { path: string; size: number }[] = [];
  for (const file of await readdir(directory)) {
    if (!file.startsWith(`${name}.`) || !file.endsWith('.part')) continue;
    const owner = /\.(\d+)-[0-9a-f]+\.part$/.exec(file)?.[1];
    if (owner !== undefined && isAlive(Number(owner))) continue;
    const path = join(directory, file);
    candidates.push({ path, size: (await stat(path).catch(() => null))?.size ?? 0 });
  }
  candidates.sort((a, b) => b.size - a.size);
  let adopted = false;
  for (const { path } of candidates) {
    if (adopted) await rm(path, { force: true });
    else
      adopted = await rename(path, own).then(
        () => true,
        () => false,
      );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

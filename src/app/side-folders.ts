import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Start of the names of temporary folders; the process that made one comes next. */
const folderStart = 'fulcrum-tuning-';

/** A temporary folder of this process for a second index; whoever asks removes it. */
export function makeSideFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${folderStart}${process.pid}-`));
}

/** Removes the folders of processes that were killed, since they hold the text of documents. */
export async function removeSideFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${folderStart}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // Another user's folder is not ours to remove.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

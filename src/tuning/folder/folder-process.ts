import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsFile } from './folder-events.ts';

/** A program that does the work of a job's folder. */
export interface FolderCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

const processFile = 'process.json';

/**
 * Starts a program that outlives this process: what it prints goes to `output.log`, its events to descriptor 3, which is the events
 * file, opened for appending. Its number is on the disk before this returns.
 */
export async function startFolderProcess(folder: string, command: FolderCommand): Promise<number> {
  const log = openSync(join(folder, 'output.log'), 'a');
  const events = openSync(join(folder, eventsFile), 'a');
  try {
    const child = spawn(command.program, [...command.arguments], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log, events],
      env: { ...process.env, ...command.environment },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const draft = join(folder, `${processFile}.tmp`);
    writeFileSync(draft, JSON.stringify({ pid: child.pid }));
    renameSync(draft, join(folder, processFile));
    return child.pid!;
  } finally {
    closeSync(log);
    closeSync(events);
  }
}

/** Number of the process that works on a folder, or null where none does. */
export function folderProcess(folder: string): number | null {
  const file = join(folder, processFile);
  if (!existsSync(file)) return null;
  let pid: unknown;
  try {
    pid = (JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown }).pid;
  } catch {
    return null;
  }
  if (typeof pid !== 'number') return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is not ours to wait for.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  return isSame(pid, folder) ? pid : null;
}

/** A number is used again after a while: where the system tells, the process must have the folder among its arguments. */
function isSame(pid: number, folder: string): boolean {
  try {
    if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return false;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
  } catch {
    return !existsSync('/proc/self');
  }
}

/** Last lines of what the program printed, for a message. */
export function lastOutput(folder: string, lines = 3): string {
  const file = join(folder, 'output.log');
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join(' ').slice(-500);
}

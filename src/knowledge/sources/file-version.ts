import { stat } from 'node:fs/promises';

/**
 * File systems keep times in steps of up to two seconds (FAT), and clocks of a network drive may lie behind: a file
 * that changed this short a time ago may change again without a new time.
 */
const unsettledMs = 3000;

/**
 * State of a file as its system tells it: times of its last change, size and place on the disk. Null while the last
 * change is so recent that a further one could look the same. Throws what `stat` throws.
 */
export async function fileVersion(path: string, now: number = Date.now()): Promise<string | null> {
  const { mtimeNs, ctimeNs, mtimeMs, ctimeMs, size, ino } = await stat(path, { bigint: true });
  const last = Math.max(Number(mtimeMs), Number(ctimeMs));
  if (last > now - unsettledMs) return null;
  return [mtimeNs, ctimeNs, size, ino].join('-');
}

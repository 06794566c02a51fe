import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';

/** sha256 (lower-case hex) of a file, read as a stream. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(block);
  return hash.digest('hex');
}

/** What is known of a file in the cache. */
export type FileState = 'verified' | 'missing' | 'corrupt';

/**
 * Whether a file is there with the expected content. A note beside it (`NAME.verified`: size, time of change,
 * sha256) saves hashing it again for as long as size and time of change stay the same.
 */
export async function checkFile(path: string, sha256: string, signal?: AbortSignal): Promise<FileState> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return 'missing';
  const record = JSON.stringify({ size: found.size, changed: found.mtimeMs, sha256 });
  const noted = await readFile(recordPath(path), 'utf8').catch(() => null);
  if (noted === record) return 'verified';
  if ((await hashFile(path, signal)) !== sha256) return 'corrupt';
  await writeRecord(path, record);
  return 'verified';
}

/** Where the note about a verified file lies. */
export function recordPath(path: string): string {
  return `${path}.verified`;
}

/** The note only saves time, so a cache that cannot be written is no failure. */
async function writeRecord(path: string, record: string): Promise<void> {
  const temporary = `${recordPath(path)}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, record)
    .then(() => rename(temporary, recordPath(path)))
    .catch(() => undefined);
}

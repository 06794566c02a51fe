import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError } from '../../core/index.ts';

/** Says that a job is to run elsewhere, and after its return what that cost. */
const elsewhereFile = 'elsewhere.json';

/** What comes back from a folder that was packed. */
const results = ['events.jsonl', 'output.log', 'checkpoints', 'artifacts'] as const;

export function isElsewhere(folder: string): boolean {
  return existsSync(join(folder, elsewhereFile));
}

/** Throws `tuning-pack-target` where the target holds something. */
export async function requireEmpty(to: string): Promise<void> {
  if (!existsSync(to)) return;
  const isFolder = (await stat(to)).isDirectory();
  if (!isFolder || (await readdir(to)).length > 0)
    throw new FulcrumError('tuning-pack-target', { folder: to });
}

export async function noteElsewhere(folder: string, usd: number | null): Promise<void> {
  await writeFile(join(folder, elsewhereFile), JSON.stringify({ usd }));
}

/** The job goes on here after all. */
export async function forgetElsewhere(folder: string): Promise<void> {
  await rm(join(folder, elsewhereFile), { force: true });
}

/** USD that the other machine cost, as it was entered; null where it was not, or the job ran here. */
export async function paidElsewhere(folder: string): Promise<number | null> {
  if (!isElsewhere(folder)) return null;
  const { usd } = JSON.parse(await readFile(join(folder, elsewhereFile), 'utf8')) as { usd: number | null };
  return usd;
}

/** Brings what a packed job did into its folder. Throws `tuning-pack-other` for the folder of another job, and for a job that runs here. */
export async function collectResults(folder: string, from: string): Promise<void> {
  const keyOf = async (path: string): Promise<unknown> => {
    try {
      return (JSON.parse(await readFile(join(path, 'job.json'), 'utf8')) as { job?: unknown }).job;
    } catch {
      return undefined;
    }
  };
  const key = await keyOf(folder);
  if (!isElsewhere(folder) || key === undefined || (await keyOf(from)) !== key)
    throw new FulcrumError('tuning-pack-other', { folder: from });
  for (const name of results)
    if (existsSync(join(from, name)))
      await cp(join(from, name), join(folder, name), { recursive: true, force: true });
}

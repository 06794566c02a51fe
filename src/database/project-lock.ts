import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FulcrumError } from '../core/index.ts';

/**
 * Takes the project's lock for index writes, or throws `project-locked` at once naming the holder.
 * The lock is an exclusive SQLite transaction on a file of its own: the operating system drops it when the
 * process ends in whatever way, so a killed process never leaves it behind.
 * @returns a function that releases the lock.
 */
export function lockProject(file: string, purpose: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const holderFile = `${file}.holder`;
  const connection = new DatabaseSync(file, { timeout: 0 });
  try {
    connection.exec('begin exclusive');
  } catch (error) {
    connection.close();
    if (!/locked/i.test(String(error))) throw error;
    throw new FulcrumError('project-locked', { holder: readHolder(holderFile) }, { cause: error });
  }
  writeFileSync(holderFile, `${purpose}, process ${process.pid}, since ${new Date().toISOString()}`);
  return () => {
    connection.exec('rollback');
    connection.close();
  };
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'unknown';
  }
}

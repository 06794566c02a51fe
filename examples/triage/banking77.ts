import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** Folder of the data set, which is read where it lies. */
export const banking77: string = join(shared, 'banking77');

/** Its 77 intents. */
export function readLabels(): string[] {
  return JSON.parse(readFileSync(join(banking77, 'categories.json'), 'utf8')) as string[];
}

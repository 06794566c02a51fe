import { readFileSync } from 'node:fs';

/** Version of Fulcrum, from its package.json (two folders up, both in `src/core` and in `dist/core`). */
export function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

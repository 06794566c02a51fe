import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchPaths } from './watch-paths.ts';

it('sees changes of a source that lies in a package, and none in packages below it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-watch-'));
  const docs = join(folder, 'node_modules', 'pump', 'docs');
  mkdirSync(join(docs, 'node_modules'), { recursive: true });
  let changes = 0;
  const watcher = await watchPaths(
    [docs],
    () => changes++,
    () => undefined,
  );
  try {
    writeFileSync(join(docs, 'node_modules', 'other.md'), 'text');
    await wait(400);
    expect(changes).toBe(0);
    writeFileSync(join(docs, 'a.md'), 'text');
    for (let waited = 0; changes === 0 && waited < 4000; waited += 50) await wait(50);
    expect(changes).toBeGreaterThan(0);
  } finally {
    await watcher.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

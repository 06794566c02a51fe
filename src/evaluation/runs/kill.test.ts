import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportRun } from './export-run.ts';
import { openScripted, scriptedVariant } from './scripted-evaluation.fixture.ts';

const samples = 60;
const program = join(import.meta.dirname, 'scripted-evaluation.fixture.ts');

/** Runs the scripted evaluation in a process of its own and kills it after so many calls (never: to its end). */
function evaluateInProcess(
  file: string,
  killAfterCalls: number,
): Promise<{ calls: number; killed: boolean }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, file, String(samples), '3'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let calls = 0;
    child.stdout.on('data', (dots: Buffer) => {
      calls += dots.length;
      if (calls >= killAfterCalls) child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (_code, signal) => done({ calls, killed: signal === 'SIGKILL' }));
  });
}

it('a run that is killed again and again ends in the same export, and repeats little work', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-kill-'));
  const whole = await openScripted(join(folder, 'whole.db'), samples);
  const [reference] = await whole.run([scriptedVariant('a')]);
  const expected = await exportRun(reference!.id, whole.store);
  await whole.database.close();

  const file = join(folder, 'killed.db');
  let calls = 0;
  let kills = 0;
  for (let attempt = 0; attempt < 12; attempt++) {
    const outcome = await evaluateInProcess(file, kills < 5 ? 1 + Math.floor(Math.random() * 12) : Infinity);
    calls += outcome.calls;
    if (!outcome.killed) break;
    kills++;
  }
  expect(kills).toBeGreaterThanOrEqual(3);

  const { store, database } = await openScripted(file, samples);
  const runs = await store.list();
  expect(runs.map((run) => run.finishedAt !== null)).toEqual([true]);
  expect(await exportRun(runs[0]!.id, store)).toBe(expected);
  // Each start repeats what was under way (3) and the samples that fail (8 of 60).
  expect(calls).toBeLessThanOrEqual(samples + kills * (3 + 8));
  await database.close();
}, 60_000);

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openScripted, scriptedVariant } from './scripted-evaluation.fixture.ts';

const samples = 60;
const program = join(import.meta.dirname, 'scripted-evaluation.fixture.ts');
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** The scripted evaluation in a process of its own, when it has asked ten questions, one after the other. */
async function startedElsewhere(file: string): Promise<{ child: ChildProcess; closed: Promise<void> }> {
  const child = spawn(process.execPath, [program, file, String(samples), '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const closed = new Promise<void>((done) => child.on('close', () => done()));
  let calls = 0;
  await new Promise<void>((done) =>
    child.stdout?.on('data', (dots: Buffer) => {
      calls += dots.length;
      if (calls >= 10) done();
    }),
  );
  return { child, closed };
}

it('a run that another process is at is refused, and free as soon as that process is killed', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'fulcrum-busy-')), 'project.db');
  const here = await openScripted(file, samples);
  const { child, closed } = await startedElsewhere(file);
  child.kill('SIGSTOP');
  let calls = 0;
  const run = () => here.run([scriptedVariant('a', { onCall: () => calls++ })], { concurrency: 3 });
  await expect(run()).rejects.toMatchObject({
    code: 'run-busy',
    data: { variant: 'a', dataset: 'scripted', process: child.pid, host: hostname() },
  });
  expect(calls).toBe(0);
  // Another definition is other work.
  await here.run([scriptedVariant('b')]);

  child.kill('SIGKILL');
  await closed;
  const [finished] = await run();
  expect(finished?.finishedAt).not.toBeNull();
  // What the other one had is used; of it only what was in flight, and what fails each time, is asked for again.
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(samples - 7);
  // The claim is given back at the end.
  await run();
  await here.database.close();
}, 60_000);

it('two evaluations in one process do not share work either', async () => {
  const { run, database } = await openScripted(':memory:', 10);
  const outcomes = await Promise.allSettled([
    run([scriptedVariant('a', { delayMs: 1 })]),
    run([scriptedVariant('a', { delayMs: 1 })]),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await database.close();
});

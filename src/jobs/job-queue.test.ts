import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FulcrumError } from '../core/index.ts';
import { type Database, openDatabase, tablesOf } from '../database/index.ts';
import { createJobQueue, type JobHandler } from './job-queue.ts';
import { type JobTables, jobMigrations } from './migrations.ts';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-jobs-'));
  database = await openDatabase(join(folder, 'fulcrum.db'), [jobMigrations]);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const queueOf = (handlers: Record<string, JobHandler>) => createJobQueue({ database, handlers });

describe('the job queue', () => {
  it('runs a job with its input and keeps result and progress', async () => {
    const queue = queueOf({
      double: async (input, { onProgress }) => {
        onProgress({ phase: 'doubling', done: 1, total: 1, unit: 'numbers' });
        return (input as number) * 2;
      },
    });
    const job = await queue.enqueue('double', 21);
    expect(job.state).toBe('queued');
    const done = await queue.run(job.id);
    expect(done).toMatchObject({ state: 'done', result: 42, progress: { phase: 'doubling', done: 1 } });
    expect((await queue.list()).map((each) => each.id)).toEqual([job.id]);
  });

  it('records a failure by its code and runs the job again when asked', async () => {
    let attempts = 0;
    const queue = queueOf({
      shaky: async () => {
        if (++attempts === 1)
          throw new FulcrumError('model-unreachable', { model: 'm', problem: 'no route' });
        return 'fine';
      },
    });
    const { id } = await queue.enqueue('shaky', null);
    await expect(queue.run(id)).rejects.toMatchObject({ code: 'model-unreachable' });
    expect(await queue.get(id)).toMatchObject({ state: 'failed', error: { code: 'model-unreachable' } });
    expect(await queue.run(id)).toMatchObject({ state: 'done', result: 'fine', error: null });
  });

  it('puts an interrupted job back, and cancels a queued one', async () => {
    const queue = queueOf({
      wait: (_input, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const { id } = await queue.enqueue('wait', null);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new FulcrumError('cancelled')), 20);
    expect((await queue.run(id, { signal: stop.signal })).state).toBe('queued');
    expect((await queue.cancel(id)).state).toBe('cancelled');
    await expect(queue.get('job_none')).rejects.toMatchObject({ code: 'job-unknown' });
  });

  it('stops a running job that another handle cancels', async () => {
    const handlers: Record<string, JobHandler> = {
      wait: (_input, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const queue = queueOf(handlers);
    const { id } = await queue.enqueue('wait', null);
    const running = queue.run(id);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await queueOf(handlers).cancel(id);
    expect((await running).state).toBe('cancelled');
  });

  it('leaves a job of a live process alone and takes over one of a dead process', async () => {
    const queue = queueOf({ work: async () => 'mine' });
    const { id } = await queue.enqueue('work', null);
    const setHeartbeat = (heartbeat: Date) =>
      tablesOf<JobTables>(database)
        .updateTable('jobs')
        .set({ state: 'running', heartbeat_at: heartbeat.toISOString() })
        .where('id', '=', id)
        .execute();
    await setHeartbeat(new Date());
    expect((await queue.run(id)).state).toBe('running');
    await setHeartbeat(new Date(Date.now() - 60_000));
    expect(await queue.run(id)).toMatchObject({ state: 'done', result: 'mine' });
  });
});

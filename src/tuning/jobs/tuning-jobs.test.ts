import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTuningDouble } from '../../../test/doubles/openai-tuning.ts';
import { openDatabase } from '../../database/index.ts';
import { createTuningDataStore } from '../data/tuning-data-store.ts';
import { tuningMigrations } from '../migrations.ts';
import { createOpenAiProvider } from '../providers/openai/openai-provider.ts';
import { draftModel } from '../registry/draft-model.ts';
import { createTunedModelStore } from '../registry/tuned-model-store.ts';
import { plainRows } from '../rows.fixture.ts';
import type { TuningProvider } from '../tuning-provider.ts';
import type { TuningJobRequest } from './tuning-job.ts';
import { createTuningJobStore } from './tuning-job-store.ts';
import { createTuningJobs } from './tuning-jobs.ts';

async function open(wrap: (provider: TuningProvider) => TuningProvider = (provider) => provider) {
  const double = await startTuningDouble();
  const database = await openDatabase(':memory:', [tuningMigrations]);
  const data = createTuningDataStore(database);
  await data.write(
    'intents',
    plainRows(30).map((row, index) => ({
      ...row,
      split: index < 20 ? ('train' as const) : ('test' as const),
    })),
    { origin: 'a test' },
  );
  const models = createTunedModelStore(database);
  const store = createTuningJobStore(database);
  const provider = createOpenAiProvider({
    name: 'openai',
    baseUrl: double.baseUrl,
    keyVariable: 'KEY',
    environment: { KEY: double.key },
    limits: { attempts: 2, pauseMs: 5, longestPauseMs: 100, timeoutMs: 5000 },
    verifiedLive: null,
    priceOf: async () => null,
  });
  const directory = await mkdtemp(join(tmpdir(), 'tuning-jobs-'));
  const jobsWith = (used: TuningProvider) =>
    createTuningJobs({
      store,
      data,
      directory,
      provider: async () => used,
      register: async (job) => models.register(await draftModel(job, data, `tuning/${job.id}`)),
      pollMs: 5,
    });
  const close = async () => {
    await database.close();
    await double.close();
  };
  return {
    double,
    store,
    models,
    provider,
    jobs: jobsWith(wrap(provider)),
    again: () => jobsWith(provider),
    close,
  };
}

const request: TuningJobRequest = {
  name: 'intents',
  provider: 'openai',
  method: 'sft',
  base: 'openai/gpt-4.1-mini',
  data: { name: 'intents', version: 1 },
  settings: {},
};

describe('tuning jobs', () => {
  it('run to a registered model that knows what it was made of', async () => {
    const { jobs, models, close } = await open();
    const started = await jobs.start(request);
    const ended = await jobs.watch(started.id);
    expect(ended).toMatchObject({ state: 'succeeded', model: 'intents-1' });
    expect(await jobs.events(started.id)).toHaveLength(120);
    const model = await models.get('intents');
    expect(model).toMatchObject({
      id: 'intents-1',
      stage: 'candidate',
      providerModel: 'ft:gpt-4.1-mini:org:intents:abc',
      base: { id: 'openai/gpt-4.1-mini' },
      data: { name: 'intents', version: 1, trainRows: 20 },
      instructions: '',
      readers: [['group:owners']],
      retiresAt: '2027-01-14',
      portability: 'none',
    });
    // Looking again registers nothing more.
    expect((await jobs.watch(started.id)).model).toBe('intents-1');
    expect(await models.list()).toHaveLength(1);
    await close();
  });

  it.each([
    [
      'before the provider was asked',
      async () => {
        throw new Error('killed');
      },
    ],
    [
      'after the provider made the job',
      async (provider: TuningProvider, ...given: Parameters<TuningProvider['start']>) => {
        await provider.start(...given);
        throw new Error('killed');
      },
    ],
  ] as const)('a process that dies %s leads to one job and one model', async (_when, start) => {
    const { double, jobs, again, store, models, close } = await open((provider) => ({
      ...provider,
      start: (...given) => (start as (...all: unknown[]) => Promise<never>)(provider, ...given),
    }));
    await expect(jobs.start(request)).rejects.toThrow();
    const [job] = await store.list();
    // The state that a killed process leaves, which had no time to note a failure.
    await store.setStatus(job!.id, { state: 'created', providerState: 'not started' });
    const ended = await again().watch(job!.id);
    expect(ended.state).toBe('succeeded');
    expect(double.jobs).toHaveLength(1);
    expect(await models.list()).toHaveLength(1);
    await close();
  });

  it('notes a failure with its reason, and cancels', async () => {
    const { double, jobs, close } = await open();
    double.faults = { end: 'failed', error: { code: 'invalid_training_file', message: 'row 4 is not safe' } };
    const failed = await jobs.watch((await jobs.start(request)).id);
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'tuning-vendor-failed' }, model: null });
    double.faults = { looks: 1000 };
    const { id } = await jobs.start(request);
    expect((await jobs.cancel(id)).state).toBe('cancelled');
    await expect(jobs.resume(id)).rejects.toMatchObject({ code: 'tuning-not-resumable' });
    await expect(jobs.get('tune_none')).rejects.toMatchObject({ code: 'tuning-job-unknown' });
    await close();
  });

  it('refuse too few rows and a method that the provider does not have, with nothing sent', async () => {
    const { double, jobs, close } = await open((provider) => ({
      ...provider,
      capabilities: { ...provider.capabilities, minimumRows: 21 },
    }));
    await expect(jobs.start(request)).rejects.toMatchObject({ code: 'tuning-rows-too-few' });
    await expect(jobs.start({ ...request, method: 'classifier' })).rejects.toMatchObject({
      code: 'tuning-method-unsupported',
    });
    expect(double.calls).toEqual([]);
    await close();
  });
});

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Faults, startTuningDouble } from '../../../../test/doubles/openai-tuning.ts';
import { checkTuningProvider } from '../../../testing/tuning-provider-conformance.ts';
import { plainRows, streamOf } from '../../rows.fixture.ts';
import type { TuningProvider, TuningRequest } from '../../tuning-provider.ts';
import { createOpenAiProvider } from './openai-provider.ts';

const limits = { attempts: 3, pauseMs: 5, longestPauseMs: 1000, timeoutMs: 5000 };
let keys = 0;

async function open(faults: Faults = {}) {
  const double = await startTuningDouble(faults);
  const provider = createOpenAiProvider({
    name: 'openai',
    baseUrl: double.baseUrl,
    keyVariable: 'TEST_KEY',
    environment: { TEST_KEY: double.key },
    limits,
    verifiedLive: null,
    priceOf: async () => ({ usd: 5, source: 'a test', date: '2026-11-01' }),
  });
  return { double, provider };
}

async function requestWith(rows = plainRows(12)): Promise<TuningRequest> {
  return {
    key: `job-${++keys}`,
    name: 'intents',
    method: 'sft',
    base: 'openai/gpt-4.1-mini',
    settings: { epochs: 2 },
    dataHash: 'a'.repeat(64),
    train: () => streamOf(rows),
    validation: () => streamOf(rows.slice(0, 2)),
    directory: await mkdtemp(join(tmpdir(), 'openai-tuning-')),
  };
}

checkTuningProvider({ describe, it }, 'the OpenAI shape', async () => {
  const { double, provider } = await open();
  return {
    provider,
    request: () => requestWith(),
    jobs: () => double.jobs.length,
    close: () => double.close(),
  };
});

async function end(provider: TuningProvider, job: string) {
  for (;;) {
    const status = await provider.status(job);
    if (['succeeded', 'failed', 'cancelled'].includes(status.state)) return status;
  }
}

describe('the OpenAI provider', () => {
  it('sends the rows, the hyperparameters and our id', async () => {
    const { double, provider } = await open();
    const request = await requestWith();
    const { providerJob } = await provider.start(request);
    expect(double.jobs[0]!.body).toEqual({
      model: 'gpt-4.1-mini',
      training_file: double.files[0]!.id,
      validation_file: double.files[1]!.id,
      suffix: 'intents',
      metadata: { fulcrum_job: request.key, fulcrum_data: 'a'.repeat(64) },
      method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 2 } } },
    });
    expect(JSON.parse(double.files[0]!.content.split('\n')[0]!)).toEqual({
      messages: [
        { role: 'user', content: 'My card number 0 is gone, please block it' },
        { role: 'assistant', content: 'lost-card' },
      ],
    });
    const status = await end(provider, providerJob);
    expect(status.product).toMatchObject({
      providerModel: 'ft:gpt-4.1-mini:org:intents:abc',
      portability: 'none',
    });
    // The double counts a token for four characters of the file.
    const tokens = Math.ceil(double.files[0]!.content.length / 4);
    expect(status.product!.trainedTokens).toBe(tokens);
    expect(status.product!.cost.usd).toBeCloseTo((tokens / 1e6) * 5, 12);
    await double.close();
  });

  it('makes no second job when the reply of the first is lost', async () => {
    const { double, provider } = await open({ loseCreateReply: true });
    const { providerJob } = await provider.start(await requestWith());
    expect(double.jobs.map(({ id }) => id)).toEqual([providerJob]);
    await double.close();
  });

  it('finds the job again after a crash between making and noting it', async () => {
    const { double, provider } = await open();
    const request = await requestWith();
    const first = await provider.start(request);
    // Another folder has no note of it, as after a crash before the note was written.
    const again = await provider.start({
      ...request,
      directory: await mkdtemp(join(tmpdir(), 'openai-tuning-')),
    });
    expect(again).toEqual(first);
    expect(double.jobs).toHaveLength(1);
    expect(double.files).toHaveLength(2);
    await double.close();
  });

  it('takes away a file that arrived in part, and sends it again', async () => {
    const { double, provider } = await open({ cutUploadAt: 100 });
    const request = await requestWith();
    await expect(provider.start(request)).rejects.toMatchObject({ code: 'tuning-provider-unreachable' });
    expect(double.files).toHaveLength(0);
    expect(double.jobs).toHaveLength(0);
    await provider.start(request);
    expect(double.jobs).toHaveLength(1);
    await double.close();
  });

  it('waits where it is asked to, and goes on after server errors', async () => {
    const { double, provider } = await open({
      statuses: { 'GET /fine_tuning/jobs': [429, 500], 'GET /fine_tuning/jobs/{id}': [503] },
    });
    const { providerJob } = await provider.start(await requestWith());
    expect((await end(provider, providerJob)).state).toBe('succeeded');
    await double.close();
  });

  it('does not create again after a server error, and says so', async () => {
    const { double, provider } = await open({ statuses: { 'POST /fine_tuning/jobs': [500] } });
    const request = await requestWith();
    await expect(provider.start(request)).rejects.toMatchObject({
      code: 'tuning-provider-unreachable',
      retryable: true,
    });
    expect(double.calls.filter((call) => call === 'POST /fine_tuning/jobs')).toHaveLength(1);
    await provider.start(request);
    expect(double.jobs).toHaveLength(1);
    await double.close();
  });

  it('reads events over several pages, oldest first', async () => {
    const { double, provider } = await open({ skipped: 3 });
    const { providerJob } = await provider.start(await requestWith());
    const events = await provider.events(providerJob, 0);
    expect(events).toHaveLength(121);
    expect(events[0]).toMatchObject({ sequence: 1, level: 'warning', message: '3 examples were skipped' });
    expect(events[120]!.metrics).toMatchObject({ step: 120, steps: 120 });
    await double.close();
  });

  it.each([
    ['failed', 'tuning-vendor-failed', /invalid_training_file: unsafe data/],
    ['expired', 'tuning-vendor-failed', /the job is expired/],
  ] as const)('tells why a job %s', async (how, code, text) => {
    const { double, provider } = await open({ end: how });
    const { providerJob } = await provider.start(await requestWith());
    const status = await end(provider, providerJob);
    expect(status.failure).toMatchObject({ code });
    expect(status.failure!.message).toMatch(text);
    await double.close();
  });

  it('refuses before anything is sent where there is no key', async () => {
    const { double } = await open();
    const provider = createOpenAiProvider({
      name: 'openai',
      baseUrl: double.baseUrl,
      keyVariable: 'TEST_KEY',
      environment: {},
      limits,
      verifiedLive: null,
      priceOf: async () => null,
    });
    await expect(provider.start(await requestWith())).rejects.toMatchObject({ code: 'tuning-key-missing' });
    expect(double.calls).toEqual([]);
    expect((await provider.estimate(await requestWith())).cost.usd).toBeNull();
    await double.close();
  });

  it('says that a key has expired while the job ran, and finds the job once there is another', async () => {
    const { double, provider } = await open();
    const { providerJob } = await provider.start(await requestWith());
    double.faults = { keyExpiresAfter: 0 };
    await expect(provider.status(providerJob)).rejects.toMatchObject({ code: 'tuning-key-rejected' });
    double.faults = {};
    expect((await end(provider, providerJob)).state).toBe('succeeded');
    await double.close();
  });

  it('passes on what the service says of rows, and never the key', async () => {
    const { double, provider } = await open();
    await expect(provider.start(await requestWith(plainRows(3)))).rejects.toMatchObject({
      code: 'tuning-provider-refused',
      message: expect.stringContaining('must have at least 10 examples'),
    });
    await double.close();
  });
});

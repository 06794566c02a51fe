import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { FulcrumError } from '../core/index.ts';
import { hasEnded, type TuningProvider, type TuningRequest, type TuningStatus } from '../tuning/index.ts';
import type { TestRunner } from './chunk-store-conformance.ts';

/** A provider with a request that it can do. */
export interface TuningProviderFixture {
  readonly provider: TuningProvider;
  /** A new request each time it is called, with a key and a folder of its own. */
  readonly request: () => Promise<TuningRequest> | TuningRequest;
  /** How many jobs exist where the work is done, where that can be counted. */
  readonly jobs?: (() => number) | undefined;
  readonly close?: () => Promise<void> | void;
}

/** Longest time that a job of a fixture may take, in milliseconds. */
const patienceMs = 120_000;

/** Checks an implementation of `TuningProvider` against what the port promises. */
export function checkTuningProvider(
  runner: TestRunner,
  name: string,
  create: () => Promise<TuningProviderFixture> | TuningProviderFixture,
): void {
  const check = (title: string, run: (fixture: TuningProviderFixture) => Promise<void>): void =>
    runner.it(title, async () => {
      const fixture = await create();
      try {
        await run(fixture);
      } finally {
        await fixture.close?.();
      }
    });

  runner.describe(`${name} as a tuning provider`, () => {
    check('tells what it can do', async ({ provider }) => {
      const { methods, minimumRows, verifiedLive } = provider.capabilities;
      ok(provider.name !== '' && methods.length > 0);
      ok(Number.isInteger(minimumRows) && minimumRows >= 1);
      if (verifiedLive !== null) match(verifiedLive, /^\d{4}-\d\d-\d\d/);
    });

    check('estimates without starting anything', async ({ provider, request, jobs }) => {
      const estimate = await provider.estimate(await request());
      ok(estimate.rows > 0 && estimate.tokensPerEpoch >= 0);
      ok(estimate.trainedTokensPerEpoch <= estimate.tokensPerEpoch);
      if (estimate.cost.usd !== null) ok(estimate.cost.usd >= 0);
      if (estimate.seconds) ok(estimate.seconds.low <= estimate.seconds.high);
      if (jobs) strictEqual(jobs(), 0);
    });

    check('refuses a base that it does not have', async ({ provider, request }) => {
      await rejects(
        async () => provider.estimate({ ...(await request()), base: 'no-such-provider/no-such-model' }),
        FulcrumError,
      );
    });

    check('runs a job to its end, once for a key', async ({ provider, request, jobs }) => {
      const asked = await request();
      const [first, second] = [await provider.start(asked), await provider.start(asked)];
      strictEqual(second.providerJob, first.providerJob);
      if (jobs) strictEqual(jobs(), 1);
      const end = await waitForEnd(provider, first.providerJob);
      strictEqual(end.state, 'succeeded', end.failure?.message);
      checkProduct(end);
      // What has ended stays as it is.
      await provider.cancel(first.providerJob);
      strictEqual((await provider.status(first.providerJob)).state, 'succeeded');
      const third = await provider.start(asked);
      strictEqual(third.providerJob, first.providerJob);
      if (jobs) strictEqual(jobs(), 1);
    });

    check(
      'numbers its events without gaps, and hands on those after a number',
      async ({ provider, request }) => {
        const { providerJob } = await provider.start(await request());
        await waitForEnd(provider, providerJob);
        const events = await provider.events(providerJob, 0);
        ok(events.length >= 2);
        deepStrictEqual(
          events.map(({ sequence }) => sequence),
          events.map((_, index) => index + 1),
        );
        deepStrictEqual(await provider.events(providerJob, 2), events.slice(2));
        for (const { at, message } of events) {
          ok(!Number.isNaN(Date.parse(at)));
          ok(message.length > 0);
        }
        const steps = events.flatMap(({ metrics }) => (metrics ? [metrics.step] : []));
        deepStrictEqual(
          steps,
          [...steps].sort((a, b) => a - b),
        );
      },
    );

    check('cancels a job', async ({ provider, request }) => {
      const { providerJob } = await provider.start(await request());
      await provider.cancel(providerJob);
      const end = await waitForEnd(provider, providerJob);
      // A short job may be over before it can be stopped.
      ok(end.state === 'cancelled' || end.state === 'succeeded', end.state);
    });

    check('tells checkpoints in the order of their steps', async ({ provider, request }) => {
      const { providerJob } = await provider.start(await request());
      await waitForEnd(provider, providerJob);
      const checkpoints = await provider.checkpoints(providerJob);
      if (!provider.capabilities.checkpoints) deepStrictEqual(checkpoints, []);
      const steps = checkpoints.map(({ step }) => step);
      deepStrictEqual(
        steps,
        [...steps].sort((a, b) => a - b),
      );
    });
  });
}

function checkProduct({ product }: TuningStatus): void {
  ok(product, 'a job that succeeded has a product');
  ok(product.providerModel !== null || product.artifacts.length > 0, 'the model can be asked or taken away');
  ok(product.base.id !== '' && product.base.revision !== '');
  for (const { path, sha256, bytes } of product.artifacts) {
    ok(!path.startsWith('/'), 'paths are relative to the folder of the job');
    match(sha256, /^[0-9a-f]{64}$/);
    ok(bytes > 0);
  }
}

async function waitForEnd(provider: TuningProvider, job: string): Promise<TuningStatus> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const status = await provider.status(job);
    if (hasEnded(status.state)) return status;
    ok(Date.now() < until, `the job is still ${status.state}`);
    await pause(20);
  }
}

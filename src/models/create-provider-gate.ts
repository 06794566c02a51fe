import { setTimeout as sleep } from 'node:timers/promises';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  noJitterGenerator,
} from 'cockatiel';
import { TokenBucket } from 'limiter';
import { type ErrorCode, FulcrumError } from '../core/index.ts';
import type { BreakerSettings, ProviderGate, RateLimitsConfig } from './provider-gate.ts';

/** Failures that say that the provider is not there, as against one that refuses a request. */
const outages: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['model-unreachable', 'external-unreachable']);

/** Opens the door to one provider; see `ProviderGate`. */
export function createProviderGate(
  provider: string,
  limits: RateLimitsConfig[string],
  settings: BreakerSettings,
): ProviderGate {
  const requests = createBucket(limits.requestsPerMinute, 0.1);
  const tokens = createBucket(limits.tokensPerMinute, 0.25);
  const breaker = createBreaker(settings);
  let openUntil = 0;
  let openings = 0;
  let pausedUntil = 0;
  breaker.onBreak(() => {
    openUntil = Date.now() + Math.min(settings.longestPauseMs, settings.pauseMs * 2 ** openings);
    openings++;
  });
  breaker.onReset(() => {
    openings = 0;
  });

  const throwIfDown = (waited: boolean): void => {
    // Who comes when the next try is due may make it; who waited for the last ones has waited enough.
    if (openings <= settings.tries || (!waited && Date.now() >= openUntil)) return;
    const last = breaker.lastFailure;
    const problem = last && 'error' in last ? (last.error as Error).message : 'no answer';
    throw new FulcrumError('provider-down', {
      provider,
      failures: settings.failures + openings - 1,
      problem,
    });
  };

  return {
    async run(call, { tokens: wanted = 0, signal }) {
      for (let waited = false; ; waited = true) {
        throwIfDown(waited);
        await waitUntil(() => pausedUntil, signal);
        await requests?.take(1, signal);
        await tokens?.take(wanted, signal);
        try {
          return await breaker.execute(call);
        } catch (error) {
          if (!(error instanceof BrokenCircuitError)) throw error;
          tokens?.giveBack(wanted);
          requests?.giveBack(1);
          throwIfDown(true);
          await waitUntil(() => openUntil, signal);
        }
      }
    },
    isOpen: () => breaker.state === CircuitState.Open,
    giveBack: (unused) => tokens?.giveBack(unused),
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, Date.now() + milliseconds);
    },
  };
}

function createBreaker(settings: BreakerSettings): CircuitBreakerPolicy {
  return circuitBreaker(
    handleWhen((error) => error instanceof FulcrumError && outages.has(error.code)),
    {
      breaker: new ConsecutiveBreaker(settings.failures),
      halfOpenAfter: new ExponentialBackoff({
        generator: noJitterGenerator,
        initialDelay: settings.pauseMs,
        maxDelay: settings.longestPauseMs,
        exponent: 2,
      }),
    },
  );
}

/** Longest time between two looks into an empty bucket. */
const longestLookMs = 100;

/** A token bucket whose callers are served in turn; null without a limit. */
function createBucket(perMinute: number | undefined, burst: number) {
  if (perMinute === undefined) return null;
  // What is in the bucket and what drips into it in a minute together are the limit, so that no minute exceeds it.
  const bucketSize = Math.max(1, Math.floor(perMinute * burst));
  const bucket = new TokenBucket({
    bucketSize,
    tokensPerInterval: Math.max(perMinute - bucketSize, perMinute / 2),
    interval: 'minute',
  });
  bucket.content = bucketSize;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    /** A call larger than the bucket takes all of it. */
    async take(count: number, signal: AbortSignal | undefined): Promise<void> {
      const share = Math.min(count, bucketSize);
      const before = turn;
      const mine = (async () => {
        await before;
        while (!bucket.tryRemoveTokens(share)) {
          // What others give back is noticed soon.
          await wait(Math.min(Math.max(bucket.getWaitTime(share), 5), longestLookMs), signal);
        }
      })();
      turn = mine.catch(() => undefined);
      await mine;
    },
    giveBack(count: number): void {
      bucket.content = Math.min(bucketSize, bucket.content + Math.max(0, count));
    },
  };
}

/** Waits for a moment that may move while it is waited for; those who wait do not all start in the same instant. */
async function waitUntil(moment: () => number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = moment() - Date.now(); left > 0; left = moment() - Date.now())
    await wait(left + Math.random() * Math.min(left, 1000) * 0.1, signal);
}

async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((cause: unknown) => {
    throw new FulcrumError('cancelled', {}, { cause });
  });
}

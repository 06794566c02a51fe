import { setTimeout as sleep } from 'node:timers/promises';
import { FulcrumError } from '../core/index.ts';
import type { ProviderGate } from './provider-gate.ts';
import type { RetryLimits } from './retry-limits.ts';

/** What a failed call means. */
export interface CallFailure {
  readonly error: FulcrumError;
  /** `rate-limited`: too many calls, the provider works. `again`: may pass. `final`: the same call would fail again. */
  readonly kind: 'rate-limited' | 'again' | 'final';
  /** Milliseconds that the provider asked to wait; null where it did not say. */
  readonly pauseMs: number | null;
}

export interface RetryCallsOptions {
  readonly limits: RetryLimits;
  /** Reads a failure; `timedOut` when the limit of time for one call had passed. */
  readonly describe: (error: unknown, timedOut: boolean) => CallFailure;
  readonly signal?: AbortSignal | undefined;
  /** Asked after a failure: false once something of the answer has been handed on. */
  readonly mayRetry?: (() => boolean) | undefined;
  readonly gate?: ProviderGate | undefined;
  /** Upper bound of the tokens of one call, for the gate. */
  readonly tokens?: number | undefined;
}

/**
 * Calls until there is an answer, within limits. A pause that the provider asks for holds everybody at its gate; other
 * pauses double and vary at random between half and all of their length. While the gate's circuit is open its own
 * limits hold, not the number of attempts. Throws the last failure, `cancelled`, or
 * `provider-down`.
 * @returns the answer and the number of calls made.
 */
export async function retryCalls<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: RetryCallsOptions,
): Promise<{ value: T; calls: number }> {
  const { limits, signal, gate, tokens = 0 } = options;
  let failures = 0;
  let refusals = 0;
  for (let calls = 1; ; calls++) {
    let failure: CallFailure | null = null;
    const attempt = async (): Promise<T> => {
      const timeout = AbortSignal.timeout(limits.timeoutMs);
      try {
        if (signal?.aborted) throw signal.reason;
        return await call(signal ? AbortSignal.any([signal, timeout]) : timeout);
      } catch (error) {
        if (signal?.aborted) throw new FulcrumError('cancelled', {}, { cause: error });
        failure = options.describe(error, timeout.aborted);
        throw failure.error;
      }
    };
    try {
      const value = gate ? await gate.run(attempt, { tokens, signal }) : await attempt();
      return { value, calls };
    } catch (error) {
      const met = failure as CallFailure | null;
      if (!met) throw error;
      if (met.kind === 'again' && gate?.isOpen() && options.mayRetry?.() !== false) continue;
      const limited = met.kind === 'rate-limited';
      const count = limited ? ++refusals : ++failures;
      const most = limited ? (limits.rateLimitedAttempts ?? limits.attempts) : limits.attempts;
      const pause = met.pauseMs ?? backoff(limits, count);
      const hopeless = met.kind === 'final' || pause > limits.longestPauseMs;
      if (hopeless || count >= most || options.mayRetry?.() === false) throw met.error;
      if (limited) gate?.pause(pause);
      if (!limited || !gate) await pauseFor(pause, signal);
    }
  }
}

function backoff({ pauseMs, longestPauseMs }: RetryLimits, failures: number): number {
  const whole = Math.min(pauseMs * 2 ** (failures - 1), longestPauseMs);
  return whole * (0.5 + Math.random() / 2);
}

async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((cause: unknown) => {
    throw new FulcrumError('cancelled', {}, { cause });
  });
}

/** Milliseconds that a reply asks to wait, by `retry-after-ms` or `Retry-After` (seconds or a date); null for none. */
export function askedPauseMs(header: (name: string) => string | null | undefined): number | null {
  const milliseconds = header('retry-after-ms');
  const exact = Number(milliseconds);
  if (milliseconds != null && exact >= 0) return exact;
  const after = header('retry-after');
  if (after == null) return null;
  const seconds = Number(after);
  if (Number.isFinite(seconds)) return Math.max(seconds, 0) * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(date - Date.now(), 0);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { APICallError } from '@ai-sdk/provider';
import { FulcrumError } from '../core/index.ts';
import type { RetryLimits } from './retry-limits.ts';

/** What error messages name. */
export interface CalledModel {
  readonly id: string;
  readonly provider: string;
  /** Environment variable of the key, for the hint. */
  readonly keyVariable: string | null;
  readonly contextTokens: number | null;
}

export interface RetryOptions {
  readonly model: CalledModel;
  readonly limits: RetryLimits;
  readonly signal?: AbortSignal | undefined;
  /** Asked after a failure: false once something of the answer has been handed on. */
  readonly mayRetry?: (() => boolean) | undefined;
}

/**
 * Calls a provider until it answers, within limits: 429, 408, 5xx and network failures are tried again.
 * @returns the answer and the number of calls made.
 * Throws the catalogue error that the last failure stands for.
 */
export async function callWithRetries<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
): Promise<{ value: T; calls: number }> {
  const { limits, signal } = options;
  for (let calls = 1; ; calls++) {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    try {
      if (signal?.aborted) throw signal.reason;
      return { value: await call(signal ? AbortSignal.any([signal, timeout]) : timeout), calls };
    } catch (error) {
      if (signal?.aborted) throw new FulcrumError('cancelled', {}, { cause: error });
      const known = timeout.aborted
        ? new FulcrumError(
            'model-unreachable',
            { model: options.model.id, problem: `no complete answer within ${limits.timeoutMs / 1000} s` },
            { cause: error },
          )
        : toModelError(error, options.model);
      const pause = askedPauseMs(error) ?? limits.pauseMs * 2 ** (calls - 1);
      const hopeless = !known.retryable || timeout.aborted || pause > limits.longestPauseMs;
      if (hopeless || calls >= limits.attempts || options.mayRetry?.() === false) throw known;
      await sleep(pause, undefined, { signal }).catch((cause) => {
        throw new FulcrumError('cancelled', {}, { cause });
      });
    }
  }
}

/** Catalogue error for what the AI SDK threw. */
export function toModelError(error: unknown, model: CalledModel): FulcrumError {
  if (error instanceof FulcrumError) return error;
  const problem = firstLine((error as Error)?.message ?? String(error));
  const data = {
    model: model.id,
    provider: model.provider,
    problem,
    variable: model.keyVariable ?? 'the key',
  };
  const options = { cause: error };
  if (!APICallError.isInstance(error)) return new FulcrumError('model-failed', data, options);
  const status = error.statusCode;
  if (status === undefined || status === 200) {
    const unreachable = status === undefined;
    return new FulcrumError(unreachable ? 'model-unreachable' : 'model-failed', data, options);
  }
  const described = { ...data, problem: `HTTP ${status}: ${problem}` };
  if (status === 401 || status === 403) return new FulcrumError('model-key-rejected', described, options);
  if (status === 429) return new FulcrumError('model-rate-limited', described, options);
  if (status === 408 || status >= 500) return new FulcrumError('model-unreachable', described, options);
  if (isTooLong(`${problem} ${error.responseBody ?? ''}`))
    return new FulcrumError(
      'model-context-exceeded',
      { model: model.id, limit: model.contextTokens ?? 'fewer', tokens: 'more' },
      options,
    );
  return new FulcrumError('model-failed', described, options);
}

function isTooLong(text: string): boolean {
  return /context[_ ](length|window)|prompt is too long|maximum context|input token count/i.test(text);
}

/** Milliseconds that the provider asks to wait, by `retry-after-ms` or `Retry-After` (seconds or a date). */
function askedPauseMs(error: unknown): number | null {
  if (!APICallError.isInstance(error)) return null;
  const headers = error.responseHeaders ?? {};
  const exact = Number(headers['retry-after-ms']);
  if (headers['retry-after-ms'] !== undefined && exact >= 0) return exact;
  const after = headers['retry-after'];
  if (after === undefined) return null;
  const seconds = Number(after);
  if (Number.isFinite(seconds)) return Math.max(seconds, 0) * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(date - Date.now(), 0);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).slice(0, 300);
}

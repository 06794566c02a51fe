import { APICallError } from '@ai-sdk/provider';
import { FulcrumError } from '../core/index.ts';
import type { ProviderGate } from './provider-gate.ts';
import { askedPauseMs, type CallFailure, retryCalls } from './retry-calls.ts';
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
  readonly gate?: ProviderGate | undefined;
  /** Upper bound of the tokens of one call, for the gate. */
  readonly tokens?: number | undefined;
}

/**
 * Calls a provider until it answers, within limits: 429, 408, 5xx and network failures are tried again.
 * @returns the answer and the number of calls made.
 * Throws the catalogue error that the last failure stands for.
 */
export function callWithRetries<T>(
  call: (signal: AbortSignal) => Promise<T>,
  { model, ...options }: RetryOptions,
): Promise<{ value: T; calls: number }> {
  return retryCalls(call, {
    ...options,
    describe: (error, timedOut) => describeFailure(error, timedOut, model, options.limits),
  });
}

function describeFailure(
  error: unknown,
  timedOut: boolean,
  model: CalledModel,
  limits: RetryLimits,
): CallFailure {
  if (timedOut) {
    const problem = `no complete answer within ${limits.timeoutMs / 1000} s`;
    const late = new FulcrumError('model-unreachable', { model: model.id, problem }, { cause: error });
    return { error: late, kind: 'final', pauseMs: null };
  }
  const known = toModelError(error, model);
  const headers = (APICallError.isInstance(error) && error.responseHeaders) || {};
  return {
    error: known,
    kind: known.code === 'model-rate-limited' ? 'rate-limited' : known.retryable ? 'again' : 'final',
    pauseMs: askedPauseMs((name) => headers[name]),
  };
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

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).slice(0, 300);
}

import { FulcrumError } from '../../core/index.ts';
import type { CallFailure, ProviderGates, RetryLimits } from '../../models/index.ts';
import type { HttpConfig } from '../config.ts';
import { maxOutputBytes, memberAt } from './external-output.ts';
import {
  escapeJson,
  escapeUrl,
  fillEnvironment,
  fillPlaceholders,
  type PlaceholderValues,
} from './placeholders.ts';

/** Body that is sent where the config names none. */
const defaultBody = { id: '{{id}}', input: '{{input}}' };

export interface AskHttpOptions {
  readonly variant: string;
  readonly http: HttpConfig;
  readonly values: PlaceholderValues;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Doors to the hosts, shared by everything that calls them; none by default. */
  readonly gates?: ProviderGates | undefined;
  /** How often it is asked again; `timeoutSeconds` stands over its limit of time. */
  readonly limits?: RetryLimits | undefined;
}

/**
 * Asks a pipeline by HTTP and gives its reply as {answer, contexts?, costUsd?, …} from the configured paths. It is asked
 * again where nothing can have been done yet: 429, 503 and no connection. Throws `external-rate-limited`,
 * `external-unreachable` (no connection, 502, 503, 504), `external-failed` (another status than 2xx, a broken
 * connection), `external-timeout`, `external-invalid` (no JSON, more than 1 MB), `environment-missing`, `provider-down`
 * or `cancelled`.
 */
export async function askHttp(options: AskHttpOptions): Promise<unknown> {
  const { variant, http, timeoutSeconds } = options;
  const { askedPauseMs, defaultRetryLimits, retryCalls } = await import('../../models/index.ts');
  const request = httpRequest(options);
  const { value: text } = await retryCalls((signal) => fetchText(request, variant, signal), {
    limits: { ...(options.limits ?? defaultRetryLimits), timeoutMs: timeoutSeconds * 1000 },
    signal: options.signal,
    gate: await options.gates?.of(new URL(request.url).host),
    describe: (error, timedOut) => describeFailure(error, timedOut, options, askedPauseMs),
  });
  return pickMembers(parseJson(text, variant), http, variant);
}

async function fetchText(
  request: { url: string; init: RequestInit },
  variant: string,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetch(request.url, { ...request.init, signal });
  if (response.ok) return readLimited(response, variant);
  await response.body?.cancel();
  throw new UnwantedStatus(response.status, response.headers);
}

/** A reply with another status than 2xx. */
class UnwantedStatus extends Error {
  readonly status: number;
  readonly headers: Headers;

  constructor(status: number, headers: Headers) {
    super(`HTTP status ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

/** Codes of a connection that never came about, so that the pipeline has not seen the question. */
const noConnection = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function describeFailure(
  error: unknown,
  timedOut: boolean,
  { variant, timeoutSeconds }: AskHttpOptions,
  askedPauseMs: (header: (name: string) => string | null) => number | null,
): CallFailure {
  const final = (known: FulcrumError): CallFailure => ({ error: known, kind: 'final', pauseMs: null });
  if (error instanceof FulcrumError) return final(error);
  const options = { cause: error };
  if (timedOut)
    return final(new FulcrumError('external-timeout', { variant, seconds: timeoutSeconds }, options));
  if (error instanceof UnwantedStatus) {
    const { status, message: problem, headers } = error;
    const pauseMs = askedPauseMs((name) => headers.get(name));
    if (status === 429)
      return {
        error: new FulcrumError('external-rate-limited', { variant, problem }, options),
        kind: 'rate-limited',
        pauseMs,
      };
    const outage = status === 502 || status === 503 || status === 504;
    const code = outage ? 'external-unreachable' : 'external-failed';
    const kind = status === 503 ? 'again' : 'final';
    return { error: new FulcrumError(code, { variant, problem }, options), kind, pauseMs };
  }
  const cause = (error as Error).cause as { message?: string; code?: string } | undefined;
  const problem = cause?.message || cause?.code || (error as Error).message;
  if (noConnection.has(cause?.code ?? ''))
    return {
      error: new FulcrumError('external-unreachable', { variant, problem }, options),
      kind: 'again',
      pauseMs: null,
    };
  return final(new FulcrumError('external-failed', { variant, problem }, options));
}

function httpRequest({ variant, http, values, environment }: AskHttpOptions): {
  url: string;
  init: RequestInit;
} {
  const method = http.method ?? 'POST';
  const headers: Record<string, string> = method === 'GET' ? {} : { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(http.headers ?? {}))
    headers[name.toLowerCase()] = fillEnvironment(
      value,
      `The header ${name} of the variant "${variant}"`,
      environment,
    );
  const template = typeof http.body === 'string' ? http.body : JSON.stringify(http.body ?? defaultBody);
  return {
    url: fillPlaceholders(http.url, values, escapeUrl),
    init:
      method === 'GET'
        ? { method, headers }
        : { method, headers, body: fillPlaceholders(template, values, escapeJson) },
  };
}

/** Reads at most `maxOutputBytes`; a longer reply is given up at once. */
async function readLimited(response: Response, variant: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxOutputBytes)
      throw new FulcrumError('external-invalid', { variant, problem: `more than ${maxOutputBytes} bytes` });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Parses JSON from a pipeline; throws `external-invalid` with the beginning of what came instead. */
export function parseJson(text: string, variant: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = text.trim() === '' ? 'nothing' : `no JSON: ${JSON.stringify(text.trim().slice(0, 60))}`;
    throw new FulcrumError('external-invalid', { variant, problem }, { cause: error });
  }
}

/** With paths, the members that they name; without, the reply as it is. */
function pickMembers(reply: unknown, http: HttpConfig, variant: string): unknown {
  const { answerPath, contextsPath, costPath } = http;
  const own = reply !== null && typeof reply === 'object' && !Array.isArray(reply) ? reply : {};
  const picked: Record<string, unknown> = answerPath === undefined ? { ...own } : {};
  if (answerPath !== undefined) {
    picked.answer = memberAt(reply, answerPath);
    if (picked.answer === undefined)
      throw new FulcrumError('external-invalid', { variant, problem: `there is nothing at "${answerPath}"` });
  }
  if (contextsPath !== undefined) picked.contexts = memberAt(reply, contextsPath);
  if (costPath !== undefined) picked.costUsd = memberAt(reply, costPath);
  return picked;
}

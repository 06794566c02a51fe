import { FulcrumError } from '../../core/index.ts';
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
}

/**
 * Asks a pipeline by HTTP and gives its reply as {answer, contexts?, costUsd?, …} from the configured paths.
 * Throws `external-timeout`, `external-failed` (no connection, a status other than 2xx), `external-invalid` (no JSON,
 * more than 1 MB), `environment-missing` or `cancelled`.
 */
export async function askHttp(options: AskHttpOptions): Promise<unknown> {
  const { variant, http, timeoutSeconds } = options;
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  const request = httpRequest(options);
  let text: string;
  try {
    const response = await fetch(request.url, { ...request.init, signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new FulcrumError('external-failed', { variant, problem: `HTTP status ${response.status}` });
    }
    text = await readLimited(response, variant);
  } catch (error) {
    if (error instanceof FulcrumError) throw error;
    if (options.signal?.aborted) throw new FulcrumError('cancelled', {}, { cause: error });
    if (timeout.aborted)
      throw new FulcrumError('external-timeout', { variant, seconds: timeoutSeconds }, { cause: error });
    const cause = (error as Error).cause;
    const problem = cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message;
    throw new FulcrumError('external-failed', { variant, problem }, { cause: error });
  }
  return pickMembers(parseJson(text, variant), http, variant);
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

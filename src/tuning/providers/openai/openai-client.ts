import { openAsBlob } from 'node:fs';
import { z } from 'zod';
import { type ErrorCode, FulcrumError, type WorkOptions } from '../../../core/index.ts';
import {
  askedPauseMs,
  type CallFailure,
  defaultRetryLimits,
  type RetryLimits,
  retryCalls,
} from '../../../models/index.ts';
import {
  checkpointSchema,
  errorSchema,
  eventSchema,
  fileSchema,
  jobSchema,
  type VendorCheckpoint,
  type VendorEvent,
  type VendorFile,
  type VendorJob,
} from './openai-schema.ts';

/** Calls of OpenAI's fine-tuning API. Reading and cancelling are tried again; what could be done twice is not. */
export interface OpenAiClient {
  uploadFile(path: string, filename: string, work?: WorkOptions): Promise<VendorFile>;
  getFile(id: string, work?: WorkOptions): Promise<VendorFile>;
  deleteFile(id: string, work?: WorkOptions): Promise<void>;
  /** All files of the purpose, page by page. */
  listFiles(work?: WorkOptions): AsyncGenerator<VendorFile>;
  /** Asked once: whether a lost reply left a job behind must be found out by `listJobs`. */
  createJob(body: Readonly<Record<string, unknown>>, key: string, work?: WorkOptions): Promise<VendorJob>;
  getJob(id: string, work?: WorkOptions): Promise<VendorJob>;
  /** Newest first, page by page. */
  listJobs(work?: WorkOptions): AsyncGenerator<VendorJob>;
  cancelJob(id: string, work?: WorkOptions): Promise<VendorJob>;
  /** Newest first, as the service gives them. */
  listEvents(id: string, work?: WorkOptions): AsyncGenerator<VendorEvent>;
  listCheckpoints(id: string, work?: WorkOptions): AsyncGenerator<VendorCheckpoint>;
}

export interface OpenAiClientOptions {
  /** Named in errors. */
  readonly provider: string;
  readonly baseUrl: string;
  readonly key: () => string;
  readonly auth?: 'bearer' | 'api-key' | undefined;
  readonly limits?: RetryLimits | undefined;
}

const pageSize = 100;
/** A list that never ends is cut here. */
const mostPages = 50;

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: BodyInit | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the same call twice does no more than once. */
  readonly repeatable: boolean;
}

export function createOpenAiClient(options: OpenAiClientOptions): OpenAiClient {
  const { provider, auth = 'bearer', limits = defaultRetryLimits } = options;
  const base = options.baseUrl.replace(/\/+$/, '');

  const call = async <T>(
    schema: z.ZodType<T>,
    { method, path, body, headers, repeatable }: Call,
    { signal }: WorkOptions = {},
  ): Promise<T> => {
    const key = options.key();
    const { value } = await retryCalls(
      async (attemptSignal) => {
        const response = await fetch(`${base}${path}`, {
          method,
          ...(body === undefined ? {} : { body }),
          headers: {
            ...(auth === 'api-key' ? { 'api-key': key } : { authorization: `Bearer ${key}` }),
            ...headers,
          },
          signal: attemptSignal,
          redirect: 'error',
        });
        const text = await response.text();
        if (!response.ok)
          throw new ReplyError(
            response.status,
            text,
            askedPauseMs((name) => response.headers.get(name)),
          );
        const parsed = schema.safeParse(parseJson(text));
        if (!parsed.success)
          throw new ReplyError(
            response.status,
            `the reply is not what the API documents (${method} ${path.split('?')[0]})`,
            null,
          );
        return parsed.data;
      },
      {
        limits: repeatable ? limits : { ...limits, attempts: 1 },
        describe: (error, timedOut) => describeFailure(error, timedOut, provider, key),
        signal,
      },
    );
    return value;
  };

  async function* pages<T extends { id: string }>(
    item: z.ZodType<T>,
    path: string,
    work?: WorkOptions,
  ): AsyncGenerator<T> {
    const page = z.looseObject({ data: z.array(item), has_more: z.boolean().nullish() });
    let after: string | undefined;
    for (let count = 0; count < mostPages; count++) {
      const query = `${path.includes('?') ? '&' : '?'}limit=${pageSize}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
      const { data, has_more } = await call(
        page,
        { method: 'GET', path: `${path}${query}`, repeatable: true },
        work,
      );
      yield* data;
      const last = data.at(-1)?.id;
      if (!has_more || last === undefined || last === after) return;
      after = last;
    }
  }

  const json = { 'content-type': 'application/json' };
  const at = (id: string): string => encodeURIComponent(id);
  return {
    async uploadFile(path, filename, work) {
      const form = new FormData();
      form.set('purpose', 'fine-tune');
      // Read from the disk as it is sent.
      form.set('file', await openAsBlob(path, { type: 'application/jsonl' }), filename);
      return call(fileSchema, { method: 'POST', path: '/files', body: form, repeatable: false }, work);
    },
    getFile: (id, work) =>
      call(fileSchema, { method: 'GET', path: `/files/${at(id)}`, repeatable: true }, work),
    async deleteFile(id, work) {
      await call(z.looseObject({}), { method: 'DELETE', path: `/files/${at(id)}`, repeatable: true }, work);
    },
    listFiles: (work) => pages(fileSchema, '/files?purpose=fine-tune', work),
    createJob: (body, key, work) =>
      call(
        jobSchema,
        {
          method: 'POST',
          path: '/fine_tuning/jobs',
          body: JSON.stringify(body),
          headers: { ...json, 'idempotency-key': key },
          repeatable: false,
        },
        work,
      ),
    getJob: (id, work) =>
      call(jobSchema, { method: 'GET', path: `/fine_tuning/jobs/${at(id)}`, repeatable: true }, work),
    listJobs: (work) => pages(jobSchema, '/fine_tuning/jobs', work),
    cancelJob: (id, work) =>
      call(jobSchema, { method: 'POST', path: `/fine_tuning/jobs/${at(id)}/cancel`, repeatable: true }, work),
    listEvents: (id, work) => pages(eventSchema, `/fine_tuning/jobs/${at(id)}/events`, work),
    listCheckpoints: (id, work) => pages(checkpointSchema, `/fine_tuning/jobs/${at(id)}/checkpoints`, work),
  };
}

/** A reply that is no success. */
class ReplyError extends Error {
  readonly status: number;
  readonly pauseMs: number | null;
  constructor(status: number, body: string, pauseMs: number | null) {
    super(messageOf(body));
    this.status = status;
    this.pauseMs = pauseMs;
  }
}

function messageOf(body: string): string {
  const parsed = errorSchema.safeParse(parseJson(body));
  const message = parsed.success ? (parsed.data.error.message ?? String(parsed.data.error.code ?? '')) : body;
  return message.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeFailure(error: unknown, timedOut: boolean, provider: string, key: string): CallFailure {
  const fail = (
    code: ErrorCode,
    problem: string,
    kind: CallFailure['kind'],
    pauseMs: number | null = null,
  ): CallFailure => ({
    // A service may repeat the key that it was given.
    error: new FulcrumError(
      code,
      { provider, problem: key === '' ? problem : problem.replaceAll(key, '…') },
      { cause: error },
    ),
    kind,
    pauseMs,
  });
  if (!(error instanceof ReplyError))
    return fail(
      'tuning-provider-unreachable',
      timedOut
        ? 'no reply in time'
        : (((error as Error).cause as Error | undefined)?.message ?? (error as Error).message),
      'again',
    );
  const { status, message, pauseMs } = error;
  if (status === 401 || status === 403) return fail('tuning-key-rejected', message, 'final');
  if (status === 429)
    return fail('tuning-provider-unreachable', `too many requests: ${message}`, 'rate-limited', pauseMs);
  if (status === 408 || status >= 500)
    return fail('tuning-provider-unreachable', `status ${status}: ${message}`, 'again', pauseMs);
  if (status === 404) return fail('tuning-provider-lost', message, 'final');
  return fail('tuning-provider-refused', message, 'final');
}

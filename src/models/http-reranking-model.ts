import { z } from 'zod';
import { type Cost, FulcrumError, noCost } from '../core/index.ts';
import type { ProviderGate } from './provider-gate.ts';
import type { RerankerConfig } from './reranker-config.ts';
import type { RerankingModel } from './reranking-model.ts';
import { askedPauseMs, type CallFailure, retryCalls } from './retry-calls.ts';

/** Longer replies are given up: a score takes a few bytes. */
const mostReplyBytes = 4_000_000;
/** UTF-16 units of one text; rerankers read a few hundred tokens. */
const mostTextLength = 8_000;

export interface HttpRerankingOptions {
  readonly name: string;
  readonly config: RerankerConfig;
  readonly key: string | undefined;
  readonly gate?: ProviderGate | undefined;
}

const scored = z.array(
  z.union([
    z.object({ index: z.number().int().nonnegative(), relevance_score: z.number() }),
    z.object({ index: z.number().int().nonnegative(), score: z.number() }),
  ]),
);
/** Cohere, Jina and vLLM name the list `results`, Voyage `data`; Text Embeddings Inference gives it bare. */
const reply = z.union([
  scored,
  z.object({ results: scored }).transform(({ results }) => results),
  z.object({ data: scored }).transform(({ data }) => data),
]);

/** A reranking model behind an HTTP endpoint; it is asked once, within its limit of time. */
export function createHttpRerankingModel({ name, config, key, gate }: HttpRerankingOptions): RerankingModel {
  const cost: Cost = costOf(config);
  return {
    id: name,
    local: false,
    capabilities: { maxTexts: config.maxTexts, maxTextLength: mostTextLength },
    async rerank(query, texts, { signal } = {}) {
      const { value } = await retryCalls(
        (abort) => post(bodyOf(config, query, texts), { config, key, abort }),
        {
          limits: { attempts: 1, pauseMs: 0, longestPauseMs: 0, timeoutMs: config.timeoutSeconds * 1000 },
          signal,
          gate,
          describe: (error, timedOut) => describeFailure(error, timedOut, name, config),
        },
      );
      return { scores: scoresOf(value, texts.length, name), cost };
    },
    close: async () => undefined,
  };
}

function costOf({ usdPerCall, keyVariable }: RerankerConfig): Cost {
  if (usdPerCall !== undefined)
    return {
      usd: usdPerCall,
      source: 'entered',
      priceDate: null,
      basis: 'reranking, price entered per call',
    };
  if (keyVariable === undefined) return noCost;
  return { usd: null, source: 'entered', priceDate: null, basis: 'reranking, no "usdPerCall" entered' };
}

function bodyOf(config: RerankerConfig, query: string, texts: readonly string[]): unknown {
  const model = config.model === undefined ? {} : { model: config.model };
  return config.wire === 'tei'
    ? { query, texts, truncate: true }
    : { ...model, query, documents: texts, top_n: texts.length };
}

async function post(
  body: unknown,
  { config, key, abort }: { config: RerankerConfig; key: string | undefined; abort: AbortSignal },
): Promise<unknown> {
  const response = await fetch(config.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
    // Passages and key go to the address that was configured, and to no other.
    redirect: 'error',
    signal: abort,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new UnwantedStatus(response.status, response.headers);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > mostReplyBytes) throw new Error(`more than ${mostReplyBytes} bytes`);
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
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

function describeFailure(
  error: unknown,
  timedOut: boolean,
  model: string,
  { timeoutSeconds, keyVariable }: RerankerConfig,
): CallFailure {
  const final = (code: 'model-unreachable' | 'model-failed', problem: string): CallFailure => ({
    error: new FulcrumError(code, { model, problem }, { cause: error }),
    kind: 'final',
    pauseMs: null,
  });
  if (timedOut) return final('model-unreachable', `no complete answer within ${timeoutSeconds} s`);
  if (error instanceof UnwantedStatus) {
    const { status, message: problem, headers } = error;
    if (status === 401 || status === 403)
      return {
        error: new FulcrumError(
          'model-key-rejected',
          { model, provider: model, problem, variable: keyVariable ?? '"keyVariable" in the config' },
          { cause: error },
        ),
        kind: 'final',
        pauseMs: null,
      };
    if (status === 429)
      return {
        error: new FulcrumError('model-rate-limited', { model, problem }, { cause: error }),
        kind: 'rate-limited',
        pauseMs: askedPauseMs((header) => headers.get(header)),
      };
    return final(status >= 500 ? 'model-unreachable' : 'model-failed', problem);
  }
  const { cause, message } = error as Error & { cause?: { code?: string } };
  if (error instanceof SyntaxError) return final('model-failed', 'its reply is no JSON');
  return final(cause === undefined ? 'model-failed' : 'model-unreachable', cause?.code ?? message);
}

/** The scores in the order of the texts. Throws `model-failed` where one is missing, there twice or out of range. */
function scoresOf(value: unknown, texts: number, model: string): number[] {
  const failed = (problem: string): FulcrumError => new FulcrumError('model-failed', { model, problem });
  const parsed = reply.safeParse(value);
  if (!parsed.success) throw failed('its reply has no list of {index, relevance_score}');
  const scores = new Map<number, number>();
  for (const entry of parsed.data) {
    if (entry.index >= texts || scores.has(entry.index))
      throw failed(`its reply names passage ${entry.index} twice or out of range`);
    scores.set(entry.index, 'score' in entry ? entry.score : entry.relevance_score);
  }
  if (scores.size < texts) throw failed(`its reply has ${scores.size} scores for ${texts} passages`);
  return Array.from({ length: texts }, (_, index) => scores.get(index)!);
}

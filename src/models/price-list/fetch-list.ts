import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { ModelInfo, Provider } from '@pydantic/genai-prices';
import { FulcrumError, type WorkOptions } from '../../core/index.ts';
import { isoDay } from './dated-price.ts';
import { issueOf, providersSchema, type StoredPriceList } from './stored-list.ts';

/** Largest list that is read; the published one has .4 MB. */
const largestList = 32 * 1024 * 1024;
const timeoutMs = 30_000;

export interface FetchedList {
  readonly list: StoredPriceList;
  /** Models that the library cannot price, left out. */
  readonly leftOut: readonly string[];
}

export interface FetchListOptions extends WorkOptions {
  /** Address (http, https) or path; default the data file that genai-prices publishes. */
  readonly from?: string | undefined;
  /** ISO day of the data; default today for an address, the day of the file for a path. */
  readonly date?: string | undefined;
}

/**
 * Fetches and checks a price list. Throws `price-list-unreachable`, `price-list-invalid`, `file-not-found` or
 * `file-too-large`; nothing is stored.
 */
export async function fetchPriceList(options: FetchListOptions = {}): Promise<FetchedList> {
  const { REMOTE_DATA_JSON_URL } = await import('@pydantic/genai-prices');
  const source = options.from ?? REMOTE_DATA_JSON_URL;
  const isAddress = /^https?:\/\//i.test(source);
  const bytes = isAddress ? await download(source, options.signal) : await readListFile(source);
  const date = options.date ?? (isAddress ? isoDay() : isoDay((await stat(source)).mtime));
  const parsed = providersSchema.safeParse(parse(bytes, source));
  if (!parsed.success)
    throw new FulcrumError('price-list-invalid', { path: source, problem: issueOf(parsed.error) });
  const { providers, leftOut } = await withoutUnpriceable(parsed.data as unknown as Provider[], source);
  return {
    leftOut,
    list: {
      schema: 'fulcrum-price-list/1',
      date,
      fetchedAt: new Date().toISOString(),
      source,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      providers,
    },
  };
}

async function download(url: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const unreachable = (problem: string, cause?: unknown): FulcrumError =>
    new FulcrumError('price-list-unreachable', { url, problem }, { cause });
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    if (!response.ok) throw unreachable(`it answers ${response.status}`);
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body ?? []) {
      size += piece.length;
      if (size > largestList) throw unreachable(`it sends more than ${largestList} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (error instanceof FulcrumError) throw error;
    if (signal?.aborted) throw new FulcrumError('cancelled');
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    throw unreachable(cause?.code ?? cause?.message ?? message, error);
  }
}

async function readListFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > largestList) throw new FulcrumError('file-too-large', { path, bytes: size, limit: largestList });
  return readFile(path);
}

function parse(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FulcrumError('price-list-invalid', { path, problem: 'not JSON in UTF-8' }, { cause: error });
  }
}

/**
 * Takes out the models that the library throws at, and price keys that it does not know: it would warn about them at
 * every call. Throws `price-list-invalid` when nothing is left.
 */
async function withoutUnpriceable(
  given: readonly Provider[],
  path: string,
): Promise<{ providers: Provider[]; leftOut: string[] }> {
  const { calcPrice, waitForUpdate } = await import('@pydantic/genai-prices');
  const known = knownKeys((await waitForUpdate()) ?? []);
  const leftOut: string[] = [];
  const providers = given.flatMap((provider): Provider[] => {
    const models = provider.models.flatMap((model): ModelInfo[] => {
      const kept = { ...model, prices: withKeys(model.prices, known) };
      try {
        const alone = { ...provider, models: [{ ...kept, match: { equals: model.id } }], extractors: [] };
        calcPrice({ input_tokens: 1, output_tokens: 1 }, model.id, { provider: alone });
        checkPatterns(model.match);
        return [kept];
      } catch {
        leftOut.push(`${provider.id}/${model.id}`);
        return [];
      }
    });
    try {
      new RegExp(provider.api_pattern);
    } catch {
      leftOut.push(provider.id);
      return [];
    }
    return models.length === 0 ? [] : [{ ...provider, models }];
  });
  if (providers.length === 0)
    throw new FulcrumError('price-list-invalid', { path, problem: 'none of its models has a usable price' });
  return { providers, leftOut };
}

function knownKeys(providers: readonly Provider[]): ReadonlySet<string> {
  const prices = providers.flatMap(({ models }) => models.flatMap((model) => pricesOf(model.prices)));
  return new Set(prices.flatMap((each) => Object.keys(each)));
}

function pricesOf(prices: ModelInfo['prices']): readonly object[] {
  return Array.isArray(prices) ? prices.map((each) => each.prices) : [prices];
}

function withKeys(prices: ModelInfo['prices'], known: ReadonlySet<string>): ModelInfo['prices'] {
  const kept = <T extends object>(each: T): T =>
    Object.fromEntries(Object.entries(each).filter(([key]) => known.has(key))) as T;
  return Array.isArray(prices)
    ? prices.map((each) => ({ ...each, prices: kept(each.prices) }))
    : kept(prices);
}

/** Throws for a pattern that is no regular expression. */
function checkPatterns(match: unknown): void {
  if (Array.isArray(match)) for (const each of match) checkPatterns(each);
  else if (typeof match === 'object' && match !== null)
    for (const [key, value] of Object.entries(match))
      if (key === 'regex') new RegExp(String(value));
      else checkPatterns(value);
}

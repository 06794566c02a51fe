import { FulcrumError, type RequestContextRecord, readerTokens, sha256, suggest } from '../../core/index.ts';
import type { Hit, StoredDocument } from '../retriever.ts';
import type { ContextProviderConfig } from './context-config.ts';
import {
  type ContextProvider,
  type ContextRequest,
  contextSource,
  defaultMaxBytes,
  defaultTimeoutSeconds,
  type RequestContext,
} from './context-port.ts';
import { createContextProvider } from './context-provider.ts';

/** The providers of a config; each is opened at its first question. */
export function createRequestContext(options: {
  /** By name. */
  readonly config: Readonly<Record<string, ContextProviderConfig>>;
  readonly projectDirectory: string;
  /** Where `${NAME}` in request headers is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now?: (() => Date) | undefined;
}): RequestContext {
  const entries = Object.entries(options.config).map(([name, config]) => ({
    name,
    config,
    provider: createContextProvider(config, options),
  }));
  const now = options.now ?? (() => new Date());
  return {
    async gather(request) {
      request.signal?.throwIfAborted();
      checkValues(options.config, request.values);
      const given = await Promise.all(entries.map((entry) => askProvider(entry, request, now)));
      request.signal?.throwIfAborted();
      const documents = given.flatMap(({ document }) => (document ? [document] : []));
      return { hits: documents.map(wholeHit), documents, records: given.map(({ record }) => record) };
    },
    async close() {
      for (const { provider } of entries) provider.close?.();
    },
  };
}

interface Entry {
  readonly name: string;
  readonly config: ContextProviderConfig;
  readonly provider: ContextProvider;
}

async function askProvider(
  { name, config, provider }: Entry,
  { principal, values, signal }: ContextRequest,
  now: () => Date,
): Promise<{ record: RequestContextRecord; document?: StoredDocument }> {
  const at = now().toISOString();
  const startedAt = performance.now();
  const record = (status: RequestContextRecord['status'], more: Partial<RequestContextRecord> = {}) => ({
    provider: name,
    status,
    at,
    seconds: Math.round(performance.now() - startedAt) / 1000,
    ...more,
  });
  const own = readerTokens(principal);
  if (!config.readers.some((token) => own.includes(token))) return { record: record('not-allowed') };
  const declared = Object.keys(config.values ?? {});
  if (declared.some((value) => !Object.hasOwn(values, value))) return { record: record('not-asked') };
  const ownValues = Object.fromEntries(declared.map((value) => [value, values[value] ?? '']));
  try {
    const given = await withinTime(
      (limited) => provider.fetch({ principal, values: ownValues, signal: limited }),
      (config.timeoutSeconds ?? defaultTimeoutSeconds) + (provider.startSeconds ?? 0),
      signal,
    );
    const text = given?.text ?? '';
    if (text.trim() === '') return { record: record('empty') };
    const bytes = Buffer.byteLength(text);
    const limit = config.maxBytes ?? defaultMaxBytes;
    if (bytes > limit) throw new Error(`it gave ${bytes} bytes; the limit is ${limit}`);
    const document = asDocument(name, { text, title: given?.title ?? config.title ?? name }, at);
    return {
      record: record('given', { documentId: document.documentId, version: document.version }),
      document,
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { record: record('unavailable', { reason: reasonOf(error) }) };
  }
}

/** Work with a time limit of its own; what it does after that is its own affair. */
async function withinTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  seconds: number,
  outer: AbortSignal | undefined,
): Promise<T> {
  const timeout = AbortSignal.timeout(Math.ceil(seconds * 1000));
  const signal = outer ? AbortSignal.any([timeout, outer]) : timeout;
  const stopped = Promise.withResolvers<never>();
  const stop = (): void =>
    stopped.reject(timeout.aborted ? new Error(`nothing came within ${seconds} s`) : signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  // A limit has to end the wait even where nothing else keeps the process alive.
  const alive = setTimeout(() => undefined, Math.ceil(seconds * 1000) + 50);
  try {
    return await Promise.race([work(signal), stopped.promise]);
  } finally {
    clearTimeout(alive);
    signal.removeEventListener('abort', stop);
  }
}

function checkValues(
  config: Readonly<Record<string, ContextProviderConfig>>,
  values: Readonly<Record<string, string>>,
): void {
  const known = Object.values(config).flatMap((provider) => Object.keys(provider.values ?? {}));
  for (const [name, value] of Object.entries(values)) {
    const invalid = (problem: string, suggestion = ''): FulcrumError =>
      new FulcrumError('context-value-invalid', { name, problem, suggestion });
    if (!known.includes(name)) throw invalid('no provider takes it', suggest(name, known));
    if (value.length > 200) throw invalid('it has more than 200 characters');
    for (const provider of Object.values(config)) {
      const pattern = provider.values?.[name]?.pattern;
      if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
        throw invalid(`it does not match ${pattern}`);
    }
  }
}

/** A document that is only held for the question; `@` begins the id of none that is stored. */
function asDocument(
  name: string,
  { text, title }: { text: string; title: string },
  at: string,
): StoredDocument {
  return {
    documentId: `@context:${name}`,
    version: sha256(text),
    source: contextSource,
    key: name,
    uri: `context:${name}`,
    title,
    text,
    readers: [],
    date: at,
  };
}

function wholeHit(document: StoredDocument): Hit {
  const { documentId, version, uri, title, text } = document;
  return {
    chunkId: documentId,
    documentId,
    version,
    uri,
    titlePath: title === null ? [] : [title],
    start: 0,
    end: text.length,
    text,
    score: 1,
    arms: {},
  };
}

/** One line for people. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 200);
}

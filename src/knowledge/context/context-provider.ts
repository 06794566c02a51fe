import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FulcrumError, type Principal } from '../../core/index.ts';
import { createReadOnlyQueries } from '../../database/index.ts';
import type {
  ContextProviderConfig,
  HttpProviderConfig,
  ModuleProviderConfig,
  SqlProviderConfig,
} from './context-config.ts';
import {
  type ContextProvider,
  type ContextRequest,
  defaultMaxBytes,
  defaultTimeoutSeconds,
} from './context-port.ts';
import { fillUrl } from './fill-url.ts';
import { parametersOf } from './sql-parameters.ts';

interface Surroundings {
  readonly projectDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The provider that a config entry describes; nothing is opened before it is asked. */
export function createContextProvider(
  config: ContextProviderConfig,
  surroundings: Surroundings,
): ContextProvider {
  switch (config.type) {
    case 'sql':
      return createSqlProvider(config, surroundings);
    case 'http':
      return createHttpProvider(config, surroundings);
    case 'module':
      return createModuleProvider(config, surroundings);
  }
}

/** Who asks, as parameters and placeholders name it. A request cannot give these another value. */
function namesOf({ principal, values }: ContextRequest): Record<string, string> {
  return {
    ...values,
    user: principal.user,
    tenant: principal.tenant,
    groups: JSON.stringify(principal.groups),
  };
}

const defaultMaxRows = 50;

/** A declared `select`, run by the process for read-only queries; values are bound. */
function createSqlProvider(config: SqlProviderConfig, { projectDirectory }: Surroundings): ContextProvider {
  const queries = createReadOnlyQueries();
  const used = parametersOf(config.query);
  return {
    // The process for queries starts at the first one; the limit is that of the query alone.
    startSeconds: 10,
    async fetch(request) {
      const names = namesOf(request);
      const outcome = await queries.run({
        file: resolve(projectDirectory, config.database),
        sql: config.query,
        parameters: Object.fromEntries(used.map((name) => [name, names[name] ?? ''])),
        timeoutMs: (config.timeoutSeconds ?? defaultTimeoutSeconds) * 1000,
        maxRows: config.maxRows ?? defaultMaxRows,
      });
      if (outcome.status === 'failed') throw new Error(outcome.problem);
      const rows = outcome.rows.map((row) =>
        outcome.columns
          .flatMap((column, index) => {
            const value = row[index];
            return value === null || value === undefined || value instanceof Uint8Array
              ? []
              : [`${column}: ${value}\n`];
          })
          .join(''),
      );
      return { text: cleanText(rows.join('\n')) };
    },
    close: () => queries.close(),
  };
}

/** A GET request to a fixed host; redirects are not followed. 404 and 204 mean that there is nothing. */
function createHttpProvider(config: HttpProviderConfig, { environment }: Surroundings): ContextProvider {
  return {
    async fetch(request) {
      const url = fillUrl(config.url, namesOf(request));
      if (url === null) throw new Error('a value cannot stand in the path of its address');
      if (!config.hosts.includes(url.host)) throw new Error(`the host "${url.host}" is not among "hosts"`);
      const headers = Object.entries(config.headers ?? {}).map(
        ([name, value]) => [name, fillEnvironment(value, environment)] as [string, string],
      );
      const response = await fetch(url, {
        headers,
        redirect: 'error',
        ...(request.signal && { signal: request.signal }),
      });
      if (response.status === 404 || response.status === 204) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`HTTP status ${response.status}`);
      }
      const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
      if (!/^(?:text\/[\w.+-]+|application\/(?:[\w.-]+\+)?json)$/.test(mediaType)) {
        await response.body?.cancel();
        throw new Error(`it gave ${mediaType || 'no content type'}, and text or JSON is needed`);
      }
      const text = await readLimited(response, config.maxBytes ?? defaultMaxBytes);
      return {
        text: await textOf(text, mediaType.endsWith('json') ? 'application/json' : mediaType, config.url),
      };
    },
  };
}

async function readLimited(response: Response, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > limit) throw new Error(`it gave more than ${limit} bytes`);
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

/** Puts environment variables in place of `${NAME}`. */
function fillEnvironment(value: string, environment: Surroundings['environment']): string {
  return value.replace(/\$\{(\w+)\}/g, (_whole, name: string) => {
    const found = environment[name];
    if (found === undefined) throw new Error(`the environment variable ${name} is not set`);
    return found;
  });
}

/** What the module of a provider exports as `getContext`. */
export type GetContext = (given: {
  readonly principal: Principal;
  readonly values: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}) => ContextText | Promise<ContextText>;

/** A text, with its title or format where they matter, or nothing. */
export type ContextText =
  | string
  | { readonly text: string; readonly title?: string; readonly mediaType?: string }
  | null
  | undefined;

/** A function of the user's own, in this process. */
function createModuleProvider(
  config: ModuleProviderConfig,
  { projectDirectory }: Surroundings,
): ContextProvider {
  const file = resolve(projectDirectory, config.file);
  let loaded: Promise<GetContext> | null = null;
  const load = async (): Promise<GetContext> => {
    await readFile(file).catch((cause: unknown) => {
      throw new FulcrumError('file-not-found', { path: config.file }, { cause });
    });
    const { getContext } = (await import(pathToFileURL(file).href)) as { getContext?: GetContext };
    if (typeof getContext !== 'function') throw new Error(`${config.file} exports no function "getContext"`);
    return getContext;
  };
  return {
    async fetch({ principal, values, signal }) {
      loaded ??= load().catch((error: unknown) => {
        loaded = null;
        throw error;
      });
      const getContext = await loaded;
      const given = await getContext({
        // Copies, so that nothing the module does reaches the question.
        principal: { ...principal, groups: [...principal.groups] },
        values: { ...values },
        signal: signal ?? new AbortController().signal,
      });
      if (given === null || given === undefined) return null;
      const whole = typeof given === 'string' ? { text: given } : given;
      const {
        text,
        title,
        mediaType = 'text/plain',
      } = whole as Exclude<ContextText, string | null | undefined>;
      if (typeof text !== 'string') throw new Error('getContext gave something else than a text');
      return {
        text: await textOf(text, mediaType, config.file),
        title: typeof title === 'string' && title.trim() !== '' ? title.trim() : undefined,
      };
    },
  };
}

/** The canonical text, as of a document. */
async function textOf(content: string, mediaType: string, uri: string): Promise<string> {
  if (mediaType === 'text/plain') return cleanText(content);
  const { parseDocument } = await import('../parsing/parse-document.ts');
  return (await parseDocument({ key: uri, uri, content, mediaType })).text;
}

function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD').toWellFormed();
}

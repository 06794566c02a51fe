import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { contentHash, FulcrumError, sha256 } from '../../core/index.ts';
import type { RawDocument, Source, SourceListing } from '../document.ts';
import { readAttributes } from './document-attributes.ts';
import { declareUnder } from './source-rules.ts';

/** What the module of a source of your own exports as `createSource`. */
export type CreateOwnSource = (given: {
  /** Name of the source in the config. */
  readonly name: string;
  /** `options` of its config entry. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Absolute path of the project folder. */
  readonly projectDirectory: string;
}) => OwnSource | Promise<OwnSource>;

/** A source without what its config gives: `capabilities` may be left out where it declares no versions. */
export type OwnSource = Pick<Source, 'list' | 'read'> & Partial<Source>;

const itemSchema = z.object({
  key: z.string().min(1),
  uri: z.string().min(1),
  version: z.string().min(1).nullable(),
});
const listingSchema = z.union([
  z.object({ ok: z.literal(true), item: itemSchema }),
  z.object({
    ok: z.literal(false),
    key: z.string(),
    uri: z.string(),
    error: z.unknown(),
    hidesOthers: z.literal(true).optional(),
  }),
]);
const rawSchema = z.object({
  content: z.union([z.string(), z.instanceof(Uint8Array)]),
  mediaType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  lastChanged: z.string().optional(),
});

/**
 * A source that a module of the user makes, loaded at first use. What it gives is checked: a listing or document of
 * another shape is `source-invalid`, an access list that cannot be understood `access-list-invalid`, and what it throws
 * itself `source-failed`. Throws `file-not-found`.
 */
export function createModuleSource(given: {
  readonly name: string;
  /** Absolute path of the module. */
  readonly file: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly projectDirectory: string;
}): Source {
  const { name } = given;
  let own: Promise<Source> | null = null;
  const open = (): Promise<Source> => {
    own ??= loadOwnSource(given).catch((error: unknown) => {
      own = null;
      throw error;
    });
    return own;
  };
  const failed = (error: unknown, signal: AbortSignal | undefined): unknown => {
    if (error instanceof FulcrumError || signal?.aborted) return error;
    return new FulcrumError('source-failed', { source: name, problem: messageOf(error) }, { cause: error });
  };
  return {
    name,
    // Items without a version are read, so nothing is lost where the module declares none.
    capabilities: { versions: 'declared' },
    async *list({ signal } = {}): AsyncGenerator<SourceListing> {
      signal?.throwIfAborted();
      const source = await open();
      const declares = source.capabilities.versions === 'declared';
      try {
        for await (const listing of source.list({ signal })) {
          signal?.throwIfAborted();
          yield checkListing(listing, name, declares);
        }
      } catch (error) {
        throw failed(error, signal);
      }
    },
    async read(item, { signal } = {}) {
      signal?.throwIfAborted();
      const source = await open();
      try {
        return checkDocument(await source.read(item, { signal }), item, name);
      } catch (error) {
        throw failed(error, signal);
      }
    },
  };
}

/** What the module makes; its versions depend on its own text and its options, not on what it imports. */
async function loadOwnSource(given: Parameters<typeof createModuleSource>[0]): Promise<Source> {
  const { name, file, options = {}, projectDirectory } = given;
  const invalid = (problem: string, cause?: unknown): FulcrumError =>
    new FulcrumError('source-invalid', { source: name, problem }, { cause });
  const text = await readFile(file).catch((cause: unknown) => {
    throw new FulcrumError('file-not-found', { path: file }, { cause });
  });
  const loaded = (await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw invalid(`${file} cannot be loaded: ${messageOf(cause)}`, cause);
  })) as { createSource?: CreateOwnSource };
  if (typeof loaded.createSource !== 'function') throw invalid(`${file} exports no function "createSource"`);
  const source = await Promise.resolve()
    .then(() => loaded.createSource?.({ name, options, projectDirectory }))
    .catch((error: unknown) => {
      if (error instanceof FulcrumError) throw error;
      throw new FulcrumError('source-failed', { source: name, problem: messageOf(error) }, { cause: error });
    });
  if (typeof source?.list !== 'function' || typeof source.read !== 'function')
    throw invalid(`createSource of ${file} gives no object with the functions "list" and "read"`);
  const { capabilities = { versions: 'declared' } } = source;
  const whole: Source = {
    name,
    capabilities,
    list: (work) => source.list(work),
    read: (item, work) => source.read(item, work),
  };
  return declareUnder(whole, contentHash({ module: sha256(text), options }));
}

function checkListing(listing: unknown, source: string, declares: boolean): SourceListing {
  const parsed = listingSchema.safeParse(listing);
  if (!parsed.success)
    throw new FulcrumError('source-invalid', {
      source,
      problem: `"list" gave something else than a listing (${describeIssue(parsed.error)})`,
    });
  const { data } = parsed;
  if (data.ok) return { ok: true, item: { ...data.item, version: declares ? data.item.version : null } };
  const { key, uri, error, hidesOthers } = data;
  const known =
    error instanceof FulcrumError
      ? error
      : new FulcrumError(
          'source-failed',
          { source, problem: `${uri}: ${messageOf(error)}` },
          { cause: error },
        );
  return { ok: false, key, uri, error: known, ...(hidesOthers ? { hidesOthers } : {}) };
}

function checkDocument(
  raw: unknown,
  { key, uri }: { key: string; uri: string },
  source: string,
): RawDocument {
  const parsed = rawSchema.safeParse(raw);
  if (!parsed.success)
    throw new FulcrumError('source-invalid', {
      source,
      problem: `"read" gave something else than a document for ${uri} (${describeIssue(parsed.error)})`,
    });
  const { content, mediaType, lastChanged } = parsed.data;
  const { title, readers, language, date, metadata } = raw as Record<string, unknown>;
  const attributes = Object.entries({ title, readers, language, date, metadata }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    key,
    uri,
    content,
    mediaType,
    ...(lastChanged === undefined ? {} : { lastChanged }),
    ...readAttributes(Object.fromEntries(attributes), uri),
  };
}

function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'the whole'}: ${issue.message}` : error.message;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? '';
}

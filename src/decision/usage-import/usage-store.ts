import type { Kysely } from 'kysely';
import { FulcrumError, sha256, suggest, type WorkOptions } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import { type ReadUsageOptions, readUsage, type UsageReading } from './read-usage.ts';
import type { StoredRow, UsageTables } from './usage-migrations.ts';
import { emptyRow, type UsageKind, type UsageRow } from './usage-row.ts';

/** What an import did. */
export interface UsageImport extends Readonly<UsageReading> {
  readonly name: string;
  /** Rows that are new, that replace an older state of the same bucket, and that were there already. */
  readonly added: number;
  readonly replaced: number;
  readonly repeated: number;
  /** Formats that the set held before; the same requests in two formats would count twice. */
  readonly otherFormats: readonly string[];
}

/** Imported usage under one name. */
export interface UsageSet {
  readonly name: string;
  readonly rows: number;
  readonly formats: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly imports: readonly { readonly file: string; readonly importedAt: string; readonly added: number }[];
}

/** Rows written at a time. */
const batchSize = 500;

/**
 * Reads a file into the set of a name, all of it or nothing. A row that the set has is not taken twice; a bucket that comes
 * with other figures replaces its older state. Throws what `readUsage` throws.
 * @param file how the file is called in the list of imports.
 */
export async function importUsage(
  database: Database,
  path: string,
  options: ReadUsageOptions & WorkOptions & { readonly name: string; readonly file: string },
): Promise<UsageImport> {
  const { name, file } = options;
  const reading: UsageReading = { format: null, records: 0, withoutUsage: 0, bad: 0, firstBad: [] };
  return database.transaction(async (transaction) => {
    const handle = tablesOf<UsageTables>(transaction).withoutPlugins();
    const before = await formatsOf(handle, name);
    const counts = { added: 0, replaced: 0, repeated: 0 };
    const keyOf = createKeys();
    let batch = new Map<string, UsageRow>();
    const write = async (): Promise<void> => {
      if (options.signal?.aborted) throw new FulcrumError('cancelled');
      await writeBatch(handle, name, batch, counts);
      batch = new Map();
      options.onProgress?.({
        phase: 'reading usage',
        done: reading.records,
        total: null,
        unit: 'records',
      });
    };
    for await (const row of readUsage(path, options, reading)) {
      const key = keyOf(row);
      if (batch.has(key)) counts.repeated++;
      batch.set(key, row);
      if (batch.size >= batchSize) await write();
    }
    await write();
    // The format is certain only when a record has been recognised, so it is filled in at the end.
    const format = reading.format ?? '';
    await handle.updateTable('decision_usage').set({ format }).where('format', '=', '').execute();
    await handle
      .insertInto('decision_usage_imports')
      .values({
        set_name: name,
        file,
        format,
        records: reading.records,
        added: counts.added,
        imported_at: new Date().toISOString(),
      })
      .execute();
    return { name, ...reading, ...counts, otherFormats: before.filter((each) => each !== format) };
  });
}

/** Keys of rows: by identity, or by content and how often it came in this file. */
function createKeys(): (row: UsageRow) => string {
  const seen = new Map<string, number>();
  return (row) => {
    if (row.identity !== null) return sha256(`id|${row.kind}|${row.identity}`).slice(0, 32);
    const content = contentOf(row);
    const times = (seen.get(content) ?? 0) + 1;
    seen.set(content, times);
    return times === 1 ? content : sha256(`${content}|${times}`).slice(0, 32);
  };
}

/** Hash of everything that a row says. */
function contentOf(row: UsageRow): string {
  const fields = (Object.keys(emptyRow) as (keyof UsageRow)[]).map((name) => row[name]);
  return sha256(JSON.stringify(fields)).slice(0, 32);
}

async function writeBatch(
  handle: Kysely<UsageTables>,
  name: string,
  batch: ReadonlyMap<string, UsageRow>,
  counts: { added: number; replaced: number; repeated: number },
): Promise<void> {
  if (batch.size === 0) return;
  const there = await handle
    .selectFrom('decision_usage')
    .select(['key', 'content'])
    .where('set_name', '=', name)
    .where('key', 'in', [...batch.keys()])
    .execute();
  const known = new Map(there.map(({ key, content }) => [key, content]));
  const rows: StoredRow[] = [];
  for (const [key, row] of batch) {
    const stored = toStored(name, key, row);
    if (known.get(key) === stored.content) counts.repeated++;
    else {
      if (known.has(key)) counts.replaced++;
      else counts.added++;
      rows.push(stored);
    }
  }
  const replaced = rows.map(({ key }) => key).filter((key) => known.has(key));
  if (replaced.length > 0)
    await handle
      .deleteFrom('decision_usage')
      .where('set_name', '=', name)
      .where('key', 'in', replaced)
      .execute();
  if (rows.length > 0) await handle.insertInto('decision_usage').values(rows).execute();
}

function toStored(name: string, key: string, row: UsageRow): StoredRow {
  return {
    set_name: name,
    key,
    content: contentOf(row),
    format: '',
    kind: row.kind,
    at: row.at,
    until: row.until,
    provider: row.provider,
    model: row.model,
    requests: row.requests,
    input_tokens: row.inputTokens,
    cached_tokens: row.cachedInputTokens,
    written_tokens: row.cacheWriteTokens,
    output_tokens: row.outputTokens,
    reasoning_tokens: row.reasoningTokens,
    batch: row.batch === null ? null : Number(row.batch),
    usd: row.amount,
  };
}

async function formatsOf(handle: Kysely<UsageTables>, name: string): Promise<string[]> {
  const found = await handle
    .selectFrom('decision_usage_imports')
    .select('format')
    .distinct()
    .where('set_name', '=', name)
    .execute();
  return found.map(({ format }) => format).sort();
}

/** All sets of imported usage, by name. */
export async function listUsage(database: Database): Promise<UsageSet[]> {
  const handle = tablesOf<UsageTables>(database).withoutPlugins();
  const imports = await handle
    .selectFrom('decision_usage_imports')
    .selectAll()
    .orderBy('imported_at')
    .execute();
  const rows = await handle
    .selectFrom('decision_usage')
    .select((of) => [
      'set_name',
      of.fn.countAll<number>().as('rows'),
      of.fn.min('at').as('from'),
      of.fn.max(of.fn.coalesce('until', 'at')).as('to'),
    ])
    .groupBy('set_name')
    .orderBy('set_name')
    .execute();
  return rows.map((row) => {
    const own = imports.filter((each) => each.set_name === row.set_name);
    return {
      name: row.set_name,
      rows: Number(row.rows),
      formats: [...new Set(own.map(({ format }) => format))].sort(),
      from: row.from ?? null,
      to: row.to ?? null,
      imports: own.map(({ file, imported_at, added }) => ({ file, importedAt: imported_at, added })),
    };
  });
}

/** Rows read at a time. */
const pageSize = 10_000;

/** Rows of a set in order of time, without their identities. Throws `usage-unknown`. */
export async function readUsageRows(database: Database, name: string): Promise<UsageRow[]> {
  const handle = tablesOf<UsageTables>(database).withoutPlugins();
  const rows: UsageRow[] = [];
  const names = new Map<string, string>();
  let last = '';
  for (;;) {
    const page = await handle
      .selectFrom('decision_usage')
      .selectAll()
      .where('set_name', '=', name)
      .where('key', '>', last)
      .orderBy('key')
      .limit(pageSize)
      .execute();
    for (const row of page) rows.push(toRow(row, names));
    last = page.at(-1)?.key ?? '';
    if (page.length < pageSize) break;
  }
  if (rows.length === 0) throw await unknownUsage(handle, name);
  return rows.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0));
}

/** @param names texts met before: a million rows name a handful of models. */
function toRow(row: StoredRow, names: Map<string, string>): UsageRow {
  const shared = (text: string | null): string | null => {
    if (text === null) return null;
    const known = names.get(text);
    if (known === undefined) names.set(text, text);
    return known ?? text;
  };
  return {
    identity: null,
    kind: shared(row.kind) as UsageKind,
    at: row.at,
    until: row.until,
    provider: shared(row.provider),
    model: shared(row.model),
    requests: row.requests,
    inputTokens: row.input_tokens,
    cachedInputTokens: row.cached_tokens,
    cacheWriteTokens: row.written_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
    batch: row.batch === null ? null : row.batch === 1,
    amount: row.usd,
    currency: row.usd === null ? null : 'USD',
  };
}

/** Removes a set. Throws `usage-unknown`. @returns how many rows it had. */
export async function removeUsage(database: Database, name: string): Promise<number> {
  return database.transaction(async (transaction) => {
    const handle = tablesOf<UsageTables>(transaction).withoutPlugins();
    const { numDeletedRows } = await handle
      .deleteFrom('decision_usage')
      .where('set_name', '=', name)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw await unknownUsage(handle, name);
    await handle.deleteFrom('decision_usage_imports').where('set_name', '=', name).execute();
    return Number(numDeletedRows);
  });
}

async function unknownUsage(handle: Kysely<UsageTables>, name: string): Promise<FulcrumError> {
  const sets = await handle.selectFrom('decision_usage').select('set_name').distinct().execute();
  const names = sets.map((each) => each.set_name);
  const suggestion = names.length === 0 ? 'Nothing has been imported yet.' : suggest(name, names);
  return new FulcrumError('usage-unknown', { name, suggestion });
}

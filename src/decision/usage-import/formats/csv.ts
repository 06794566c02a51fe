import { FulcrumError, suggest } from '../../../core/index.ts';
import {
  countAt,
  instantAt,
  numberAt,
  RecordProblem,
  sumAt,
  textAt,
  type UsageRecord,
} from '../record-fields.ts';
import type { UsageFormat } from '../usage-format.ts';
import { emptyRow, type UsageRow, usageKinds } from '../usage-row.ts';

/** What a column of a table can be read as, and the headings that are understood without a map. */
const headings = {
  id: ['id', 'request_id', 'response_id'],
  at: [
    'at',
    'start_time',
    'start_time_iso',
    'starttime',
    'timestamp',
    'created_at',
    'date',
    'day',
    'time',
    'usage_date_utc',
  ],
  until: ['until', 'end_time', 'end_time_iso', 'ending_at'],
  provider: ['provider', 'custom_llm_provider'],
  model: ['model', 'model_name', 'model_version', 'snapshot_id'],
  requests: ['requests', 'num_model_requests', 'n_requests', 'request_count', 'api_requests', 'count'],
  /** All input; in its place `uncached` with the parts. */
  input: ['input', 'input_tokens', 'prompt_tokens', 'n_context_tokens_total', 'tokens_in'],
  uncached: ['uncached', 'uncached_input_tokens', 'input_uncached_tokens', 'usage_input_tokens_no_cache'],
  cached: [
    'cached',
    'cached_tokens',
    'input_cached_tokens',
    'cache_read_input_tokens',
    'usage_input_tokens_cache_read',
    'n_cached_context_tokens_total',
  ],
  written: [
    'written',
    'cache_write_tokens',
    'cache_creation_input_tokens',
    'usage_input_tokens_cache_write_5m',
    'usage_input_tokens_cache_write_1h',
  ],
  output: [
    'output',
    'output_tokens',
    'completion_tokens',
    'usage_output_tokens',
    'n_generated_tokens_total',
    'tokens_out',
  ],
  reasoning: ['reasoning', 'reasoning_tokens', 'output_reasoning_tokens'],
  batch: ['batch', 'is_batch'],
  cost: ['cost', 'usd', 'cost_usd', 'total_cost', 'amount', 'amount_value', 'spend'],
  currency: ['currency', 'amount_currency'],
  kind: ['kind'],
} as const;

export const usageColumns = Object.keys(headings) as UsageColumnName[];
export type UsageColumnName = keyof typeof headings;
export type UsageColumnMap = Readonly<Partial<Record<UsageColumnName, string>>>;

/** Reads `input=tokens_in,output=tokens_out`. Throws `usage`. */
export function parseUsageMap(text: string): UsageColumnMap {
  const map: Partial<Record<UsageColumnName, string>> = {};
  for (const part of text.split(',')) {
    const [name = '', ...rest] = part.split('=').map((piece) => piece.trim());
    const column = rest.join('=');
    if (column === '')
      throw new FulcrumError('usage', {
        problem: `--map takes FIELD=COLUMN pairs with commas between, not "${part.trim()}".`,
      });
    if (!(usageColumns as string[]).includes(name))
      throw new FulcrumError('usage', {
        problem: `--map: there is no field "${name}". ${suggest(name, usageColumns)} Fields: ${usageColumns.join(', ')}.`,
      });
    map[name as UsageColumnName] = column;
  }
  return map;
}

/** A table with a heading line. Columns are read by `map`, else by usual names; it needs input or output tokens, or a cost. */
export function csvUsage(map: UsageColumnMap = {}): UsageFormat {
  const lower = (record: UsageRecord): UsageRecord =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name.trim().toLowerCase(), value]));
  const columnsOf = (field: UsageColumnName): readonly string[] => {
    const mapped = map[field];
    return mapped === undefined ? headings[field] : [mapped.toLowerCase()];
  };
  const needed = ['input', 'uncached', 'output', 'cost'] as const;
  return {
    name: 'csv',
    title: 'a table (CSV or TSV) with a heading line; --map FIELD=COLUMN,…',
    recognises: (record) => {
      const names = new Set(Object.keys(lower(record)));
      return (
        Object.values(map).every((column) => names.has(column.toLowerCase())) &&
        needed.some((field) => columnsOf(field).some((column) => names.has(column)))
      );
    },
    read: (record) => [rowOf(lower(record), columnsOf)],
  };
}

function rowOf(record: UsageRecord, columnsOf: (field: UsageColumnName) => readonly string[]): UsageRow {
  const count = (field: UsageColumnName): number | null => countAt(record, ...columnsOf(field));
  const text = (field: UsageColumnName): string | null => textAt(record, ...columnsOf(field));
  const kind = text('kind') ?? 'generation';
  const known = usageKinds.find((each) => each === kind);
  if (!known)
    throw new RecordProblem(`there is no kind "${kind.slice(0, 40)}"; kinds: ${usageKinds.join(', ')}`);
  const cached = count('cached');
  const written = sumAt(record, ...columnsOf('written'));
  const plain = count('uncached');
  const at = instantAt(record, ...columnsOf('at'));
  const amount = numberAt(record, ...columnsOf('cost'));
  const tokens = plain === null ? (count('input') ?? 0) : plain + (cached ?? 0) + (written ?? 0);
  const output = count('output') ?? 0;
  const onlyCost = tokens + output === 0 && amount !== null;
  return {
    ...emptyRow,
    identity: text('id'),
    kind: onlyCost ? 'cost' : known,
    at,
    until: endOf(record, columnsOf, at),
    provider: text('provider'),
    model: text('model'),
    requests: onlyCost ? 0 : (count('requests') ?? (isDay(text('at')) ? null : 1)),
    inputTokens: tokens,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: output,
    reasoningTokens: count('reasoning'),
    batch: flagOf(text('batch')),
    amount,
    currency: amount === null ? null : (text('currency')?.toUpperCase() ?? 'USD'),
  };
}

/** A row of a day is a bucket: its requests are not known unless there is a column for them. */
function isDay(text: string | null): boolean {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function endOf(
  record: UsageRecord,
  columnsOf: (field: UsageColumnName) => readonly string[],
  at: string | null,
): string | null {
  if (at !== null && isDay(textAt(record, ...columnsOf('at'))))
    return new Date(Date.parse(at) + 86_400_000).toISOString();
  // A single request has an end too; only a row that counts several is a bucket.
  return countAt(record, ...columnsOf('requests')) === null ? null : instantAt(record, ...columnsOf('until'));
}

function flagOf(text: string | null): boolean | null {
  return text === null ? null : /^(true|1|yes)$/i.test(text);
}

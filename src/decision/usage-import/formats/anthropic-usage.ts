import {
  countAt,
  instantAt,
  isRecord,
  numberAt,
  objectAt,
  sumAt,
  textAt,
  type UsageRecord,
} from '../record-fields.ts';
import type { UsageFormat } from '../usage-format.ts';
import { emptyRow, type UsageRow } from '../usage-row.ts';

const dimensions = [
  'workspace_id',
  'api_key_id',
  'model',
  'service_tier',
  'context_window',
  'inference_geo',
  'description',
];

/**
 * Anthropic's usage and cost reports (sums by bucket, without a count of requests), and single messages: responses of the
 * Messages API and results of a batch.
 */
export const anthropicUsage: UsageFormat = {
  name: 'anthropic-usage',
  title: 'Anthropic usage and cost reports, or logged messages and batch results',
  recognises: (record) =>
    isBucket(record) ||
    (Array.isArray(record.data) && record.data.some((each) => isRecord(each) && isBucket(each))) ||
    messageOf(record) !== null,
  read(record) {
    if (Array.isArray(record.data))
      return record.data.flatMap((each) => (isRecord(each) ? bucketRows(each) : []));
    if (isBucket(record)) return bucketRows(record);
    const message = messageOf(record);
    return message ? [messageRow(message, record)] : [];
  },
};

function isBucket(record: UsageRecord): boolean {
  return typeof record.starting_at === 'string' && Array.isArray(record.results);
}

function bucketRows(bucket: UsageRecord): UsageRow[] {
  const at = instantAt(bucket, 'starting_at');
  const until = instantAt(bucket, 'ending_at');
  const results = Array.isArray(bucket.results) ? bucket.results.filter(isRecord) : [];
  return results.flatMap((result): UsageRow[] => {
    const row: UsageRow = {
      ...emptyRow,
      identity: ['anthropic', at, until, ...dimensions.map((name) => String(result[name] ?? ''))].join('|'),
      at,
      until,
      provider: 'anthropic',
      model: textAt(result, 'model'),
      requests: null,
      batch: tierOf(result),
    };
    const cents = numberAt(result, 'amount');
    if (cents !== null) {
      const currency = textAt(result, 'currency')?.toUpperCase() ?? null;
      // The report gives the lowest unit of the currency, as a decimal text.
      return [{ ...row, kind: 'cost', requests: 0, amount: cents / 100, currency }];
    }
    const plain = countAt(result, 'uncached_input_tokens');
    if (plain === null) return [];
    const cached = countAt(result, 'cache_read_input_tokens') ?? 0;
    const written = writtenOf(result) ?? 0;
    return [
      {
        ...row,
        inputTokens: plain + cached + written,
        cachedInputTokens: cached,
        cacheWriteTokens: written,
        outputTokens: countAt(result, 'output_tokens') ?? 0,
      },
    ];
  });
}

/** The message of a record: itself, or that of a batch result. */
function messageOf(record: UsageRecord): UsageRecord | null {
  const message = isRecord(record.result) ? objectAt(record.result, 'message') : record;
  return message.type === 'message' && isRecord(message.usage) ? message : null;
}

function messageRow(message: UsageRecord, record: UsageRecord): UsageRow {
  const usage = objectAt(message, 'usage');
  const cached = countAt(usage, 'cache_read_input_tokens') ?? 0;
  const written = writtenOf(usage) ?? 0;
  return {
    ...emptyRow,
    identity: textAt(message, 'id'),
    at: instantAt(record, 'created_at', 'timestamp', 'time'),
    provider: 'anthropic',
    model: textAt(message, 'model'),
    // The API gives cached and written tokens beside `input_tokens`.
    inputTokens: (countAt(usage, 'input_tokens') ?? 0) + cached + written,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: countAt(usage, 'output_tokens') ?? 0,
    batch: isRecord(record.result) ? true : tierOf(usage),
  };
}

/** Tokens written to the cache: by their lifetime, or in one sum. */
function writtenOf(usage: UsageRecord): number | null {
  const nested = objectAt(usage, 'cache_creation');
  return (
    sumAt(nested, 'ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens') ??
    sumAt(usage, 'cache_creation_5m_input_tokens', 'cache_creation_1h_input_tokens') ??
    countAt(usage, 'cache_creation_input_tokens')
  );
}

function tierOf(record: UsageRecord): boolean | null {
  const tier = textAt(record, 'service_tier');
  return tier === null ? null : tier === 'batch';
}

import {
  countAt,
  instantAt,
  isRecord,
  numberAt,
  objectAt,
  RecordProblem,
  textAt,
  type UsageRecord,
} from '../record-fields.ts';
import type { UsageFormat } from '../usage-format.ts';
import { emptyRow, type UsageRow } from '../usage-row.ts';

/** Members of a result that say whose usage it is; with the bucket they identify it. */
const dimensions = [
  'project_id',
  'user_id',
  'api_key_id',
  'model',
  'batch',
  'service_tier',
  'line_item',
  'organization_id',
];

/**
 * Pages and buckets of OpenAI's organisation endpoints: usage of completions and embeddings, and costs. Buckets carry
 * sums and a count of requests.
 */
export const openAiUsage: UsageFormat = {
  name: 'openai-usage',
  title: 'OpenAI organisation usage and costs (JSON pages or buckets)',
  recognises: (record) =>
    textAt(record, 'object')?.startsWith('organization.') === true ||
    isBucket(record) ||
    (Array.isArray(record.data) && record.data.some((each) => isRecord(each) && isBucket(each))),
  read(record) {
    if (Array.isArray(record.data))
      return record.data.flatMap((each) => (isRecord(each) ? bucketRows(each) : []));
    return isBucket(record) ? bucketRows(record) : resultRows(record, record);
  },
};

function isBucket(record: UsageRecord): boolean {
  return typeof record.start_time === 'number' && Array.isArray(record.results ?? record.result);
}

function bucketRows(bucket: UsageRecord): UsageRow[] {
  const results = bucket.results ?? bucket.result;
  if (!Array.isArray(results)) throw new RecordProblem('the bucket has no results');
  return results.flatMap((result) => (isRecord(result) ? resultRows(result, bucket) : []));
}

function resultRows(result: UsageRecord, bucket: UsageRecord): UsageRow[] {
  const object = textAt(result, 'object') ?? '';
  const at = instantAt(bucket, 'start_time');
  const until = instantAt(bucket, 'end_time');
  const row: UsageRow = {
    ...emptyRow,
    identity: [object, at, until, ...dimensions.map((name) => String(result[name] ?? ''))].join('|'),
    at,
    until,
    provider: 'openai',
    model: textAt(result, 'model'),
    batch: typeof result.batch === 'boolean' ? result.batch : null,
  };
  if (object === 'organization.costs.result' || isRecord(result.amount)) {
    const amount = objectAt(result, 'amount');
    return [
      {
        ...row,
        kind: 'cost',
        requests: 0,
        amount: numberAt(amount, 'value'),
        currency: textAt(amount, 'currency')?.toUpperCase() ?? null,
      },
    ];
  }
  const input = countAt(result, 'input_tokens');
  if (input === null) return [];
  const embeddings = object === 'organization.usage.embeddings.result';
  return [
    {
      ...row,
      kind: embeddings ? 'embedding' : 'generation',
      requests: countAt(result, 'num_model_requests'),
      inputTokens: input,
      cachedInputTokens: embeddings ? null : countAt(result, 'input_cached_tokens'),
      cacheWriteTokens: embeddings ? null : countAt(result, 'input_cache_write_tokens'),
      outputTokens: countAt(result, 'output_tokens') ?? 0,
    },
  ];
}

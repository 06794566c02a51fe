import { countAt, instantAt, numberAt, objectAt, textAt } from '../record-fields.ts';
import type { UsageFormat } from '../usage-format.ts';
import { emptyRow, type UsageKind } from '../usage-row.ts';

/**
 * Spend logs of a LiteLLM proxy (a row a request) and its daily spend tables (sums by day, key and model). An answer from the
 * proxy's own cache called no model.
 */
export const litellm: UsageFormat = {
  name: 'litellm',
  title: 'LiteLLM spend logs and daily spend (JSON, JSON Lines or CSV)',
  recognises: (record) => 'spend' in record && ('prompt_tokens' in record || 'completion_tokens' in record),
  read(record) {
    const input = countAt(record, 'prompt_tokens') ?? 0;
    const output = countAt(record, 'completion_tokens') ?? 0;
    if (input + output === 0 || /^true$/i.test(String(record.cache_hit ?? ''))) return [];
    const reported = objectAt(objectAt(record, 'metadata'), 'usage_object');
    const prompt = objectAt(reported, 'prompt_tokens_details');
    const day = textAt(record, 'date');
    const daily = day !== null && textAt(record, 'request_id') === null;
    const at = daily
      ? instantAt({ day: day.slice(0, 10) }, 'day')
      : instantAt(record, 'startTime', 'start_time');
    const amount = numberAt(record, 'spend');
    return [
      {
        ...emptyRow,
        identity: daily
          ? [
              day,
              ...['user_id', 'end_user_id', 'team_id', 'api_key', 'model', 'custom_llm_provider'].map(
                (name) => String(record[name] ?? ''),
              ),
            ].join('|')
          : textAt(record, 'request_id'),
        kind: kindOf(textAt(record, 'call_type') ?? ''),
        at,
        until: daily && at !== null ? new Date(Date.parse(at) + 86_400_000).toISOString() : null,
        provider: textAt(record, 'custom_llm_provider'),
        model: textAt(record, 'model'),
        requests: daily ? countAt(record, 'successful_requests', 'api_requests') : 1,
        inputTokens: input,
        cachedInputTokens:
          countAt(record, 'cache_read_input_tokens') ??
          countAt(reported, 'cache_read_input_tokens') ??
          countAt(prompt, 'cached_tokens'),
        cacheWriteTokens:
          countAt(record, 'cache_creation_input_tokens') ?? countAt(reported, 'cache_creation_input_tokens'),
        outputTokens: output,
        reasoningTokens: countAt(objectAt(reported, 'completion_tokens_details'), 'reasoning_tokens'),
        amount,
        currency: amount === null ? null : 'USD',
      },
    ];
  },
};

function kindOf(callType: string): UsageKind {
  return /embedding/i.test(callType) ? 'embedding' : /rerank/i.test(callType) ? 'rerank' : 'generation';
}

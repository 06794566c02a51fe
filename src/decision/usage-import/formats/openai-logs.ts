import { countAt, instantAt, isRecord, objectAt, textAt, type UsageRecord } from '../record-fields.ts';
import type { UsageFormat } from '../usage-format.ts';
import { emptyRow } from '../usage-row.ts';

/** Members under which a log keeps the response. */
const wrappers = ['response', 'body', 'output', 'result', 'completion'];

/**
 * Logged responses of OpenAI or a server that speaks its API: chat completions, responses and embeddings, by themselves, under
 * `response`, or as the output of a batch.
 */
export const openAiLogs: UsageFormat = {
  name: 'openai-logs',
  title: 'logged responses of an OpenAI-compatible API, or batch output (JSON Lines)',
  recognises: (record) => responseOf(record) !== null,
  read(record) {
    const response = responseOf(record);
    if (response === null) return [];
    const usage = objectAt(response, 'usage');
    const prompt = objectAt(usage, 'prompt_tokens_details', 'input_tokens_details');
    const completion = objectAt(usage, 'completion_tokens_details', 'output_tokens_details');
    const embedding = response.object === 'list';
    return [
      {
        ...emptyRow,
        identity: textAt(response, 'id') ?? textAt(record, 'id', 'request_id'),
        kind: embedding ? 'embedding' : 'generation',
        at:
          instantAt(response, 'created', 'created_at') ??
          instantAt(record, 'created', 'created_at', 'timestamp', 'time'),
        model: textAt(response, 'model') ?? textAt(record, 'model'),
        inputTokens: countAt(usage, 'prompt_tokens', 'input_tokens') ?? 0,
        cachedInputTokens: countAt(prompt, 'cached_tokens'),
        cacheWriteTokens: countAt(prompt, 'cache_write_tokens'),
        outputTokens: countAt(usage, 'completion_tokens', 'output_tokens') ?? 0,
        reasoningTokens: countAt(completion, 'reasoning_tokens'),
        batch: 'custom_id' in record ? true : textAt(response, 'service_tier') === 'batch' ? true : null,
      },
    ];
  },
};

/** The part of a record that has token counts under `usage`, at most three wrappers deep. */
function responseOf(record: UsageRecord, depth = 3): UsageRecord | null {
  const { usage } = record;
  if (isRecord(usage) && ('prompt_tokens' in usage || 'input_tokens' in usage)) return record;
  if (depth === 0) return null;
  for (const name of wrappers) {
    const inner = record[name];
    const found = isRecord(inner) ? responseOf(inner, depth - 1) : null;
    if (found) return found;
  }
  return null;
}

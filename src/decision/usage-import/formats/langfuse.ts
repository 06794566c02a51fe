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

/** Types of observation that call a model. */
const kinds = { GENERATION: 'generation', EMBEDDING: 'embedding' } as const;

/**
 * Observations of Langfuse: of the API (`usageDetails`), of exports to blob storage (`usage_details`) and of tables exported
 * from the screen. Spans and events are no model calls.
 */
export const langfuse: UsageFormat = {
  name: 'langfuse',
  title: 'Langfuse observations (API, blob storage or screen export; JSON, JSON Lines or CSV)',
  recognises: (record) =>
    'usageDetails' in record ||
    'usage_details' in record ||
    'provided_model_name' in record ||
    (('traceId' in record || 'trace_id' in record) &&
      /^(GENERATION|SPAN|EVENT|EMBEDDING|AGENT|TOOL|CHAIN|RETRIEVER|EVALUATOR|GUARDRAIL)$/.test(
        textAt(record, 'type') ?? '',
      )),
  read(record) {
    const type = (textAt(record, 'type') ?? 'GENERATION').toUpperCase();
    if (!(type in kinds)) return [];
    const tokens = tokensOf(record);
    if (tokens === null) return [];
    const costs = objectAt(record, 'costDetails', 'cost_details');
    const amount =
      numberAt(record, 'totalCost', 'total_cost', 'calculatedTotalCost', 'calculated_total_cost') ??
      numberAt(costs, 'total');
    return [
      {
        ...emptyRow,
        ...tokens,
        identity: textAt(record, 'id'),
        kind: kinds[type as keyof typeof kinds],
        at: instantAt(record, 'startTime', 'start_time', 'timestamp'),
        model: textAt(record, 'providedModelName', 'provided_model_name', 'model', 'internalModelId'),
        amount,
        currency: amount === null ? null : 'USD',
      },
    ];
  },
};

type Tokens = Pick<
  UsageRow,
  'inputTokens' | 'cachedInputTokens' | 'cacheWriteTokens' | 'outputTokens' | 'reasoningTokens'
>;

/**
 * Usage types are free words: what has "cache" is a part of the input, "reasoning" one of the output. They exclude each
 * other, unless `total` says that input and output alone are everything.
 */
function tokensOf(record: UsageRecord): Tokens | null {
  const details = objectAt(record, 'usageDetails', 'usage_details');
  const names = Object.keys(details).filter((name) => name !== 'total');
  if (names.length === 0) return plainTokens(record);
  const sum = (matches: (name: string) => boolean): number | null => {
    const found = names.filter(matches);
    return found.length === 0
      ? null
      : found.reduce((total, name) => total + (countAt(details, name) ?? 0), 0);
  };
  const isCache = (name: string): boolean => /cache/i.test(name);
  const isWritten = (name: string): boolean => isCache(name) && /creat|writ/i.test(name);
  const isReasoning = (name: string): boolean => /reason|thought/i.test(name);
  const isOutput = (name: string): boolean =>
    !isCache(name) && (/^(output|completion|response)/i.test(name) || isReasoning(name));
  const [cached, written, reasoning] = [
    sum((name) => isCache(name) && !isWritten(name)),
    sum(isWritten),
    sum(isReasoning),
  ];
  const [input, output] = [countAt(details, 'input') ?? 0, countAt(details, 'output') ?? 0];
  const total = countAt(details, 'total');
  const inclusive = total !== null && total === input + output && input + output > 0;
  return {
    inputTokens: inclusive ? input : (sum((name) => !isOutput(name)) ?? 0),
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: inclusive ? output : (sum(isOutput) ?? 0),
    reasoningTokens: reasoning,
  };
}

/** The older members: `usage`, `promptTokens`, or the columns of a screen export. */
function plainTokens(record: UsageRecord): Tokens | null {
  const usage = isRecord(record.usage) ? record.usage : objectAt(record, 'usage');
  const unit = textAt(usage, 'unit');
  if (unit !== null && unit.toUpperCase() !== 'TOKENS')
    throw new RecordProblem(`usage is counted in ${unit.slice(0, 40)}, not in tokens`);
  const input =
    countAt(usage, 'input', 'promptTokens') ??
    countAt(record, 'promptTokens', 'prompt_tokens', 'inputTokens', 'input_tokens', 'inputUsage');
  const output =
    countAt(usage, 'output', 'completionTokens') ??
    countAt(record, 'completionTokens', 'completion_tokens', 'outputTokens', 'output_tokens', 'outputUsage');
  if (input === null && output === null) return null;
  return {
    inputTokens: input ?? 0,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    outputTokens: output ?? 0,
    reasoningTokens: null,
  };
}

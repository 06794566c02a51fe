import { countAt, instantAt, isRecord, numberAt, textAt, type UsageRecord } from '../record-fields.ts';
import type { UsageFormat } from '../usage-format.ts';
import { emptyRow, type UsageKind, type UsageRow } from '../usage-row.ts';

/**
 * Traces as OTLP JSON (the collector's file exporter writes one request a line): spans with the attributes of the GenAI
 * conventions, of OpenInference, or of the older names. A span that stands for a whole agent or workflow repeats what its model
 * calls report, so only model calls count.
 */
export const otlp: UsageFormat = {
  name: 'otlp',
  title: 'OTLP traces in JSON (gen_ai.* or OpenInference attributes)',
  recognises: (record) => 'resourceSpans' in record || 'scopeSpans' in record || isSpan(record),
  read: (record) => spansOf(record).flatMap(spanRows),
};

function isSpan(record: UsageRecord): boolean {
  return 'traceId' in record && 'spanId' in record && Array.isArray(record.attributes);
}

function spansOf(record: UsageRecord): UsageRecord[] {
  if (isSpan(record)) return [record];
  return ['resourceSpans', 'scopeSpans', 'instrumentationLibrarySpans', 'spans']
    .flatMap((name) => (Array.isArray(record[name]) ? record[name] : []))
    .filter(isRecord)
    .flatMap(spansOf);
}

const operations: Readonly<Record<string, UsageKind>> = {
  chat: 'generation',
  generate_content: 'generation',
  text_completion: 'generation',
  completion: 'generation',
  embeddings: 'embedding',
  rerank: 'rerank',
};
const openInferenceKinds: Readonly<Record<string, UsageKind>> = {
  LLM: 'generation',
  EMBEDDING: 'embedding',
  RERANKER: 'rerank',
};

/** A model call by its operation or kind; null for other spans. One that names neither counts when it has usage. */
function kindOf(attributes: UsageRecord): UsageKind | null {
  const operation = textAt(attributes, 'gen_ai.operation.name', 'llm.request.type');
  const span = textAt(attributes, 'openinference.span.kind');
  if (operation !== null) return operations[operation] ?? null;
  if (span !== null) return openInferenceKinds[span.toUpperCase()] ?? null;
  return textAt(attributes, 'traceloop.span.kind') === null ? 'generation' : null;
}

function spanRows(span: UsageRecord): UsageRow[] {
  const attributes = attributesOf(span);
  const kind = kindOf(attributes);
  const input = countAt(
    attributes,
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.token_count.prompt',
    'llm.usage.prompt_tokens',
  );
  const output = countAt(
    attributes,
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.token_count.completion',
    'llm.usage.completion_tokens',
  );
  if (kind === null || (input === null && output === null && kind !== 'rerank')) return [];
  const amount = numberAt(attributes, 'gen_ai.usage.cost', 'llm.cost.total');
  return [
    {
      ...emptyRow,
      identity: [textAt(span, 'traceId'), textAt(span, 'spanId')].join('|'),
      kind,
      at: instantAt(span, 'startTimeUnixNano'),
      provider: textAt(attributes, 'gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system'),
      model: textAt(
        attributes,
        'gen_ai.response.model',
        'gen_ai.request.model',
        'llm.model_name',
        'embedding.model_name',
        'reranker.model_name',
      ),
      inputTokens: input ?? 0,
      cachedInputTokens: countAt(
        attributes,
        'gen_ai.usage.cache_read.input_tokens',
        'gen_ai.usage.cache_read_input_tokens',
        'llm.token_count.prompt_details.cache_read',
      ),
      cacheWriteTokens: countAt(
        attributes,
        'gen_ai.usage.cache_creation.input_tokens',
        'gen_ai.usage.cache_creation_input_tokens',
        'llm.token_count.prompt_details.cache_write',
      ),
      outputTokens: output ?? 0,
      reasoningTokens: countAt(
        attributes,
        'gen_ai.usage.reasoning.output_tokens',
        'llm.token_count.completion_details.reasoning',
      ),
      amount,
      currency: amount === null ? null : 'USD',
    },
  ];
}

/** Attributes by name; OTLP wraps each value in its type, and 64-bit integers are texts. */
function attributesOf(span: UsageRecord): UsageRecord {
  const list = Array.isArray(span.attributes) ? span.attributes.filter(isRecord) : [];
  return Object.fromEntries(
    list.map((each) => {
      const value = isRecord(each.value) ? each.value : {};
      return [String(each.key), value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue];
    }),
  );
}

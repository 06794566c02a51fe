import { describe, expect, it } from 'vitest';
import { parseUsageMap } from './formats/csv.ts';
import type { UsageRecord } from './record-fields.ts';
import { usageFormats } from './usage-formats.ts';
import type { UsageRow } from './usage-row.ts';

/** Format and rows of a record, as an import without `--format` reads it. */
function read(record: UsageRecord, map?: string): { format: string; rows: readonly UsageRow[] } {
  const format = usageFormats(map === undefined ? undefined : parseUsageMap(map)).find((each) =>
    each.recognises(record),
  );
  if (!format) return { format: 'none', rows: [] };
  return { format: format.name, rows: format.read(record) };
}

const counts = (row: UsageRow | undefined) => [
  row?.inputTokens,
  row?.cachedInputTokens,
  row?.cacheWriteTokens,
  row?.outputTokens,
  row?.reasoningTokens,
];

describe('usage of OpenAI', () => {
  const bucket = {
    object: 'bucket',
    start_time: 1_793_491_200,
    end_time: 1_793_577_600,
    results: [
      {
        object: 'organization.usage.completions.result',
        input_tokens: 90_000,
        input_cached_tokens: 30_000,
        output_tokens: 12_000,
        num_model_requests: 60,
        model: 'gpt-6-luna',
        batch: false,
        project_id: 'p1',
      },
      {
        object: 'organization.usage.embeddings.result',
        input_tokens: 700,
        num_model_requests: 7,
        model: 'e',
      },
      { object: 'organization.costs.result', amount: { value: 0.5, currency: 'usd' }, line_item: 'x' },
    ],
  };

  it('is read from buckets, alone or in a page: sums, counts and money', () => {
    const { format, rows } = read(bucket);
    expect(format).toBe('openai-usage');
    expect(rows.map(({ kind, requests }) => [kind, requests])).toEqual([
      ['generation', 60],
      ['embedding', 7],
      ['cost', 0],
    ]);
    expect(counts(rows[0])).toEqual([90_000, 30_000, null, 12_000, null]);
    expect(rows[0]).toMatchObject({
      at: '2026-11-01T00:00:00.000Z',
      until: '2026-11-02T00:00:00.000Z',
      batch: false,
    });
    expect(rows[2]).toMatchObject({ amount: 0.5, currency: 'USD' });
    expect(read({ object: 'page', data: [bucket, bucket], has_more: false }).rows).toHaveLength(6);
  });

  it('is told apart by bucket and dimensions, so that a later state of a day replaces the earlier', () => {
    const later = { ...bucket, results: [{ ...bucket.results[0], input_tokens: 95_000 }] };
    const other = { ...bucket, results: [{ ...bucket.results[0], project_id: 'p2' }] };
    expect(read(later).rows[0]?.identity).toBe(read(bucket).rows[0]?.identity);
    expect(read(other).rows[0]?.identity).not.toBe(read(bucket).rows[0]?.identity);
  });

  it('is read from logged responses, batch output and embeddings', () => {
    const completion = {
      id: 'c1',
      object: 'chat.completion',
      created: 1_793_491_200,
      model: 'gpt-6-luna',
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 200,
        prompt_tokens_details: { cached_tokens: 600 },
        completion_tokens_details: { reasoning_tokens: 50 },
      },
    };
    expect(read(completion)).toMatchObject({
      format: 'openai-logs',
      rows: [{ identity: 'c1', requests: 1, batch: null }],
    });
    expect(counts(read(completion).rows[0])).toEqual([1000, 600, null, 200, 50]);
    const batch = {
      id: 'b',
      custom_id: 'r-1',
      response: { status_code: 200, body: completion },
      error: null,
    };
    expect(read(batch).rows[0]).toMatchObject({ identity: 'c1', batch: true, inputTokens: 1000 });
    const response = {
      id: 'r1',
      object: 'response',
      created_at: 1_793_491_200,
      usage: { input_tokens: 10, output_tokens: 4, input_tokens_details: { cached_tokens: 2 } },
    };
    expect(counts(read({ request: {}, response }).rows[0])).toEqual([10, 2, null, 4, null]);
    const embeddings = { object: 'list', model: 'e', data: [], usage: { prompt_tokens: 8, total_tokens: 8 } };
    expect(read(embeddings).rows[0]).toMatchObject({
      kind: 'embedding',
      inputTokens: 8,
      outputTokens: 0,
      at: null,
    });
  });
});

describe('usage of Anthropic', () => {
  it('is read from reports: no count of requests, cached and written tokens beside the others', () => {
    const bucket = {
      starting_at: '2026-11-01T00:00:00Z',
      ending_at: '2026-11-02T00:00:00Z',
      results: [
        {
          uncached_input_tokens: 1500,
          cache_creation: { ephemeral_1h_input_tokens: 1000, ephemeral_5m_input_tokens: 500 },
          cache_read_input_tokens: 200,
          output_tokens: 500,
          server_tool_use: { web_search_requests: 10 },
          model: 'claude-haiku-4-5',
          service_tier: 'batch',
        },
        // The cost report gives cents.
        { currency: 'USD', amount: '123.45', description: 'Claude Haiku 4.5 Usage - Input Tokens' },
      ],
    };
    const { format, rows } = read({ data: [bucket], has_more: false, next_page: null });
    expect(format).toBe('anthropic-usage');
    expect(counts(rows[0])).toEqual([3200, 200, 1500, 500, null]);
    expect(rows[0]).toMatchObject({ requests: null, batch: true, model: 'claude-haiku-4-5' });
    expect(rows[1]).toMatchObject({ kind: 'cost', amount: 1.2345, currency: 'USD' });
  });

  it('is read from messages and results of a batch', () => {
    const message = {
      id: 'm1',
      type: 'message',
      model: 'claude-haiku-4-5',
      usage: {
        input_tokens: 100,
        cache_read_input_tokens: 800,
        cache_creation_input_tokens: 60,
        output_tokens: 40,
      },
    };
    expect(read({ ...message, created_at: '2026-11-01T10:00:00Z' })).toMatchObject({
      format: 'anthropic-usage',
      rows: [
        { inputTokens: 960, cachedInputTokens: 800, cacheWriteTokens: 60, at: '2026-11-01T10:00:00.000Z' },
      ],
    });
    expect(read({ custom_id: 'x', result: { type: 'succeeded', message } }).rows[0]?.batch).toBe(true);
    expect(read({ custom_id: 'x', result: { type: 'errored', error: {} } }).rows).toEqual([]);
  });
});

describe('usage of tracers and gateways', () => {
  it('is read from Langfuse, whether its usage types exclude each other or not', () => {
    const observation = {
      id: 'o1',
      traceId: 't1',
      type: 'GENERATION',
      startTime: '2026-11-01T10:00:00.000Z',
      model: 'gpt-6-luna',
      usageDetails: {
        input: 400,
        input_cached_tokens: 600,
        output: 150,
        output_reasoning_tokens: 50,
        total: 1200,
      },
      costDetails: { total: 0.002 },
    };
    expect(counts(read(observation).rows[0])).toEqual([1000, 600, null, 200, 50]);
    expect(read(observation)).toMatchObject({
      format: 'langfuse',
      rows: [{ amount: 0.002, currency: 'USD' }],
    });
    const inclusive = {
      ...observation,
      usageDetails: { input: 1000, input_cached_tokens: 600, output: 200, total: 1200 },
    };
    expect(counts(read(inclusive).rows[0])).toEqual([1000, 600, null, 200, null]);
    const anthropic = {
      ...observation,
      usageDetails: { input: 100, cache_read_input_tokens: 800, cache_creation_input_tokens: 60, output: 40 },
    };
    expect(counts(read(anthropic).rows[0])).toEqual([960, 800, 60, 40, null]);
  });

  it('is read from Langfuse exports: snake case, texts for objects, and spans that call no model', () => {
    const row = {
      id: 'o2',
      trace_id: 't1',
      type: 'GENERATION',
      start_time: '2026-11-01 10:00:00.123000',
      provided_model_name: 'gpt-6-luna',
      usage_details: '{"input":10,"output":5,"total":15}',
      total_cost: '0.01',
    };
    expect(read(row).rows[0]).toMatchObject({
      inputTokens: 10,
      outputTokens: 5,
      amount: 0.01,
      at: '2026-11-01T10:00:00.123Z',
    });
    expect(read({ ...row, type: 'SPAN' })).toEqual({ format: 'langfuse', rows: [] });
    const old = {
      id: 'o3',
      traceId: 't',
      type: 'GENERATION',
      usage: { input: 7, output: 3, unit: 'TOKENS' },
    };
    expect(counts(read(old).rows[0])).toEqual([7, null, null, 3, null]);
    expect(() => read({ ...old, usage: { input: 7, unit: 'CHARACTERS' } })).toThrow('not in tokens');
  });

  const span = (attributes: Record<string, unknown>, id = 's1') => ({
    traceId: 't1',
    spanId: id,
    startTimeUnixNano: '1793491200000000000',
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
  });

  it('is read from OTLP spans of the GenAI conventions, and an agent that repeats its calls is left out', () => {
    const chat = span({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.response.model': 'gpt-6-luna',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.cache_read.input_tokens': 600,
      'gen_ai.usage.output_tokens': 200,
      'gen_ai.usage.reasoning.output_tokens': 50,
    });
    const agent = span({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': 1000 }, 's2');
    const embedding = span({ 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 12 }, 's3');
    const request = { resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [chat, agent, embedding] }] }] };
    const { format, rows } = read(request);
    expect(format).toBe('otlp');
    expect(rows.map(({ kind }) => kind)).toEqual(['generation', 'embedding']);
    expect(counts(rows[0])).toEqual([1000, 600, null, 200, 50]);
    expect(rows[0]).toMatchObject({
      identity: 't1|s1',
      provider: 'openai',
      model: 'gpt-6-luna',
      at: '2026-11-01T00:00:00.000Z',
    });
  });

  it('is read from OTLP spans of OpenInference and the older names', () => {
    const llm = span({
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 30,
      'llm.token_count.completion': 10,
      'llm.token_count.prompt_details.cache_read': 20,
    });
    const chain = span({ 'openinference.span.kind': 'CHAIN', 'llm.token_count.prompt': 30 });
    const reranker = span({ 'openinference.span.kind': 'RERANKER', 'reranker.model_name': 'r' });
    const old = span({ 'llm.usage.prompt_tokens': 5, 'llm.usage.completion_tokens': 1 });
    expect(counts(read(llm).rows[0])).toEqual([30, 20, null, 10, null]);
    expect(read(chain).rows).toEqual([]);
    expect(read(reranker).rows[0]).toMatchObject({ kind: 'rerank', model: 'r', requests: 1 });
    expect(counts(read(old).rows[0])).toEqual([5, null, null, 1, null]);
  });

  it('is read from spend logs and daily spend of LiteLLM', () => {
    const log = {
      request_id: 'q1',
      call_type: 'acompletion',
      spend: 0.0004,
      prompt_tokens: 100,
      completion_tokens: 20,
      startTime: '2026-11-01 10:00:00+00',
      model: 'gpt-6-luna',
      custom_llm_provider: 'openai',
      cache_hit: 'False',
      metadata: { usage_object: { prompt_tokens_details: { cached_tokens: 40 } } },
    };
    expect(read(log)).toMatchObject({
      format: 'litellm',
      rows: [{ identity: 'q1', cachedInputTokens: 40, amount: 0.0004, at: '2026-11-01T10:00:00.000Z' }],
    });
    // Answered from the gateway's own cache: no model was called.
    expect(read({ ...log, cache_hit: 'True' }).rows).toEqual([]);
    const daily = {
      date: '2026-11-01',
      model: 'm',
      prompt_tokens: 500,
      completion_tokens: 50,
      spend: 1,
      api_requests: 5,
    };
    expect(read(daily).rows[0]).toMatchObject({
      requests: 5,
      at: '2026-11-01T00:00:00.000Z',
      until: '2026-11-02T00:00:00.000Z',
    });
  });
});

describe('usage in a table', () => {
  it('is read by usual headings', () => {
    const row = {
      timestamp: '2026-11-01T10:00:00Z',
      Model: 'm',
      prompt_tokens: '1,000',
      completion_tokens: '20',
    };
    expect(read(row)).toMatchObject({
      format: 'csv',
      rows: [{ inputTokens: 1000, outputTokens: 20, requests: 1 }],
    });
    const console = {
      usage_date_utc: '2026-11-01',
      model_version: 'claude-haiku-4-5',
      usage_input_tokens_no_cache: '100',
      usage_input_tokens_cache_write_5m: '20',
      usage_input_tokens_cache_write_1h: '30',
      usage_input_tokens_cache_read: '50',
      usage_output_tokens: '10',
    };
    // A row of a day without a count of requests.
    expect(counts(read(console).rows[0])).toEqual([200, 50, 50, 10, null]);
    expect(read(console).rows[0]).toMatchObject({ requests: null, until: '2026-11-02T00:00:00.000Z' });
  });

  it('is read by a map, and money needs no tokens', () => {
    const row = { in: '5', out: '2', calls: '4', day: '2026-11-01' };
    expect(read(row, 'input=in,output=out,requests=calls').rows[0]).toMatchObject({
      inputTokens: 5,
      requests: 4,
    });
    expect(read({ day: '2026-11-01', amount: '3.5', currency: 'eur' }).rows[0]).toMatchObject({
      kind: 'cost',
      requests: 0,
      amount: 3.5,
      currency: 'EUR',
    });
    expect(read({ name: 'x', size: '3' }).format).toBe('none');
    expect(() => parseUsageMap('inputs=in')).toThrow('Did you mean "input"?');
    expect(() => parseUsageMap('input')).toThrow('FIELD=COLUMN');
  });

  it('says which value is no count or no time', () => {
    expect(() => read({ input: '-5', output: '1' })).toThrow('-5');
    expect(() => read({ input: '1.5', output: '1' })).toThrow('whole number');
    expect(() => read({ input: '1e300', output: '1' })).toThrow('whole number');
    expect(() => read({ input: 'many', output: '1' })).toThrow('is no number: many');
    expect(() => read({ input: '1', output: '1', at: 'yesterday' })).toThrow('is no time: yesterday');
  });
});

import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { LanguageModelUsage, ModelMessage } from 'ai';
import { type Cost, noUsage, type Usage } from '../core/index.ts';
import { type CalledModel, callWithRetries } from './call-with-retries.ts';
import type { Generation, GenerationRequest, LanguageModel } from './language-model.ts';
import type { ProviderGate } from './provider-gate.ts';
import { defaultRetryLimits, type RetryLimits } from './retry-limits.ts';

export interface AiLanguageModelOptions {
  /** The model as the AI SDK sees it, hosted or local. */
  readonly model: LanguageModelV4;
  readonly called: CalledModel;
  readonly local: boolean;
  readonly price: (usage: Usage) => Cost;
  readonly countTokens: (text: string) => Promise<number>;
  readonly close?: (() => Promise<void>) | undefined;
  readonly limits?: RetryLimits | undefined;
  /** Door to the provider, shared by its models; none for a local model. */
  readonly gate?: ProviderGate | undefined;
  /** Told once for each setting that the provider does not support. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** What one call gave, before it is priced. */
interface Outcome {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: LanguageModelUsage;
  readonly metadata: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

/** The one way to a language model, hosted or local: `generateText` or `streamText` of the AI SDK. */
export function createAiLanguageModel(options: AiLanguageModelOptions): LanguageModel {
  const { called, price } = options;
  const limits = options.limits ?? defaultRetryLimits;
  const model = withoutWarnings(options.model, noticeOnce(called.id, options.onNotice));
  return {
    id: called.id,
    local: options.local,
    contextTokens: called.contextTokens,
    countTokens: options.countTokens,
    price,
    close: async () => options.close?.(),
    async generate(request) {
      const startedAt = performance.now();
      let handedOn = false;
      const onText = (piece: string): void => {
        handedOn = true;
        request.onText?.(piece);
      };
      const tokens = options.gate ? await mostTokens(request, options.countTokens) : 0;
      const { value, calls } = await callWithRetries((signal) => callModel(model, request, signal, onText), {
        model: called,
        limits,
        signal: request.signal,
        mayRetry: () => !handedOn,
        gate: options.gate,
        tokens,
      });
      const usage = toUsage(value, calls);
      options.gate?.giveBack(tokens - usage.inputTokens - usage.outputTokens);
      return {
        text: value.text,
        ...readObject(request, value.text),
        finishReason: toFinishReason(value.finishReason),
        usage,
        cost: price(usage),
        seconds: (performance.now() - startedAt) / 1000,
      };
    },
  };
}

/** Output that a call is counted with where the request does not limit it. */
const assumedOutputTokens = 1000;

async function mostTokens(
  { messages, maxOutputTokens }: GenerationRequest,
  countTokens: (text: string) => Promise<number>,
): Promise<number> {
  const counts = await Promise.all(messages.map(({ content }) => countTokens(content)));
  return counts.reduce((sum, count) => sum + count, maxOutputTokens ?? assumedOutputTokens);
}

/** Asks for the prompt cache where it must be asked for; other providers look at the beginning of a prompt themselves. */
const keptPrefix = { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } };

async function callModel(
  model: LanguageModelV4,
  request: GenerationRequest,
  abortSignal: AbortSignal,
  onText: (piece: string) => void,
): Promise<Outcome> {
  const { generateText, streamText } = await import('ai');
  const settings = {
    model,
    messages: request.messages.map(
      ({ role, content, cache }): ModelMessage => ({ role, content, ...(cache ? keptPrefix : {}) }),
    ),
    allowSystemInMessages: true,
    temperature: request.temperature ?? 0,
    maxRetries: 0,
    abortSignal,
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(await outputOf(request)),
  };
  if (!request.onText) {
    const result = await generateText(settings);
    return {
      text: result.text,
      finishReason: result.finishReason,
      usage: result.usage,
      metadata: result.providerMetadata,
    };
  }
  // The default listener prints to the console; the failure is thrown below instead.
  const result = streamText({ ...settings, onError: () => undefined });
  let text = '';
  for await (const part of result.fullStream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'abort') throw abortSignal.reason;
    if (part.type !== 'text-delta') continue;
    text += part.text;
    onText(part.text);
  }
  return {
    text,
    finishReason: await result.finishReason,
    usage: await result.usage,
    metadata: await result.providerMetadata,
  };
}

/** Asks for JSON by the schema, but leaves reading it to us: text that misses the schema is no failure. */
async function outputOf(request: GenerationRequest) {
  if (!request.schema) return {};
  const { Output } = await import('ai');
  const { responseFormat } = Output.object({ schema: request.schema });
  return { output: { ...Output.text(), responseFormat } };
}

function readObject(request: GenerationRequest, text: string): { object?: unknown } {
  if (!request.schema) return {};
  try {
    const read = request.schema.safeParse(JSON.parse(text));
    return read.success ? { object: read.data } : {};
  } catch {
    return {};
  }
}

function toUsage(outcome: Outcome, calls: number): Usage {
  const { usage, metadata } = outcome;
  const coreSeconds = metadata?.fulcrum?.coreSeconds;
  return {
    ...noUsage,
    inputTokens: usage.inputTokens ?? 0,
    cachedInputTokens: usage.inputTokenDetails?.cacheReadTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    reasoningTokens: usage.outputTokenDetails?.reasoningTokens ?? 0,
    calls,
    coreSeconds: typeof coreSeconds === 'number' ? coreSeconds : 0,
  };
}

function toFinishReason(reason: string): Generation['finishReason'] {
  return reason === 'stop' || reason === 'length' || reason === 'content-filter' || reason === 'error'
    ? reason
    : 'other';
}

/** The SDK prints warnings on the console; here they become notices. */
function withoutWarnings(model: LanguageModelV4, notice: (warning: unknown) => void): LanguageModelV4 {
  return {
    specificationVersion: model.specificationVersion,
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    async doGenerate(call) {
      const result = await model.doGenerate(call);
      result.warnings.forEach(notice);
      return { ...result, warnings: [] };
    },
    async doStream(call) {
      const result = await model.doStream(call);
      const silence = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
        transform(part, controller) {
          if (part.type === 'stream-start') part.warnings.forEach(notice);
          controller.enqueue(part.type === 'stream-start' ? { ...part, warnings: [] } : part);
        },
      });
      return { ...result, stream: result.stream.pipeThrough(silence) };
    },
  };
}

function noticeOnce(
  id: string,
  onNotice: ((notice: string) => void) | undefined,
): (warning: unknown) => void {
  const seen = new Set<string>();
  return (warning) => {
    const { feature, message, details } = warning as { feature?: string; message?: string; details?: string };
    const text = [feature && `"${feature}" is not supported`, message, details].filter(Boolean).join(': ');
    if (seen.has(text)) return;
    seen.add(text);
    onNotice?.(`${id}: ${text}.`);
  };
}

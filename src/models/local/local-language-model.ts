import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { LocalLanguageEntry, ModelFilePaths } from '../files/index.ts';
import type { Message } from '../language-model.ts';
import { renderPrompt } from './chat-template.ts';
import { withoutAbsentMembers } from './grammar-schema.ts';
import { type LlamaOutcome, type LlamaSession, loadLlamaRuntime, openLlamaSession } from './llama-runtime.ts';

export interface LocalLanguageModelOptions {
  readonly entry: LocalLanguageEntry;
  /** Verified files; asked for only when the runtime is there. */
  readonly files: () => Promise<ModelFilePaths>;
  /** Default 4096, at most what the model was trained for: memory grows with it. */
  readonly contextTokens?: number | undefined;
  readonly lora?: string | undefined;
}

/** A local model as the AI SDK sees it, with what the SDK does not ask for. */
export interface LocalLanguageModel {
  readonly model: LanguageModelV4;
  readonly contextTokens: number;
  countTokens(text: string): Promise<number>;
  close(): Promise<void>;
}

const defaultContextTokens = 4096;

/**
 * A GGUF model on the CPU by llama.cpp, loaded at the first call. Calls run one after the other. The CPU time
 * of a call is in its provider metadata, `fulcrum.coreSeconds`; loading is not part of it.
 * Throws `model-runtime-missing` or `model-file-unavailable`; a call may throw `model-failed` or
 * `model-context-exceeded`.
 */
export async function createLocalLanguageModel(
  options: LocalLanguageModelOptions,
): Promise<LocalLanguageModel> {
  const { entry, lora } = options;
  const runtime = await loadLlamaRuntime(entry.id);
  const files = await options.files();
  const contextTokens = Math.min(options.contextTokens ?? defaultContextTokens, entry.settings.trainedTokens);
  let opened: Promise<LlamaSession> | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const session = (): Promise<LlamaSession> => {
    opened ??= openLlamaSession({
      runtime,
      modelId: entry.id,
      weights: files.weights!,
      contextTokens,
      lora,
    }).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };

  const generate = (
    call: LanguageModelV4CallOptions,
    onText: (piece: string) => void,
  ): Promise<LlamaOutcome> => {
    const run = queue.then(async () => {
      call.abortSignal?.throwIfAborted();
      const loaded = await session();
      return loaded.generate({
        prompt: renderPrompt(toMessages(call.prompt), entry.settings.template),
        maxOutputTokens: call.maxOutputTokens,
        temperature: call.temperature ?? 0,
        seed: call.seed ?? 0,
        jsonSchema: call.responseFormat?.type === 'json' ? jsonSchemaOf(call.responseFormat) : undefined,
        signal: call.abortSignal,
        onText,
      });
    });
    queue = run.catch(() => undefined);
    return run;
  };

  return {
    model: createModel(entry, generate),
    contextTokens,
    countTokens: async (text) => (await session()).countTokens(text),
    async close() {
      await queue;
      if (opened) await (await opened).close();
      opened = null;
    },
  };
}

type Generate = (call: LanguageModelV4CallOptions, onText: (piece: string) => void) => Promise<LlamaOutcome>;

function createModel(entry: LocalLanguageEntry, generate: Generate): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'local',
    modelId: entry.id,
    supportedUrls: {},
    async doGenerate(call) {
      let text = '';
      const outcome = await generate(call, (piece) => {
        text += piece;
      });
      return { content: [{ type: 'text', text: finished(text, call) }], warnings: [], ...describe(outcome) };
    },
    async doStream(call) {
      const id = '0';
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        async start(controller) {
          controller.enqueue({ type: 'stream-start', warnings: [] });
          controller.enqueue({ type: 'text-start', id });
          try {
            let held = '';
            const isJson = call.responseFormat?.type === 'json';
            const outcome = await generate(call, (delta) => {
              // JSON is known only when it is whole.
              if (isJson) held += delta;
              else controller.enqueue({ type: 'text-delta', id, delta });
            });
            if (isJson) controller.enqueue({ type: 'text-delta', id, delta: finished(held, call) });
            controller.enqueue({ type: 'text-end', id });
            controller.enqueue({ type: 'finish', ...describe(outcome) });
          } catch (error) {
            controller.enqueue({ type: 'error', error });
          }
          controller.close();
        },
      });
      return { stream };
    },
  };
}

/** The text as the schema of the call wants it. */
function finished(text: string, { responseFormat }: LanguageModelV4CallOptions): string {
  return responseFormat?.type === 'json' ? withoutAbsentMembers(text, jsonSchemaOf(responseFormat)) : text;
}

function describe(outcome: LlamaOutcome): {
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
  providerMetadata: SharedV4ProviderMetadata;
} {
  const { inputTokens, outputTokens, finishReason, coreSeconds } = outcome;
  return {
    finishReason: { unified: finishReason, raw: finishReason },
    usage: {
      inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
    },
    providerMetadata: { fulcrum: { coreSeconds } },
  };
}

function jsonSchemaOf(format: { schema?: unknown }): Readonly<Record<string, unknown>> {
  return (format.schema ?? { type: 'object', additionalProperties: true }) as Record<string, unknown>;
}

/** The text of a prompt; a local model takes nothing else. */
function toMessages(prompt: LanguageModelV4Prompt): Message[] {
  return prompt.flatMap((message): Message[] => {
    if (message.role === 'tool') return [];
    const content =
      typeof message.content === 'string'
        ? message.content
        : message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    return [{ role: message.role, content }];
  });
}

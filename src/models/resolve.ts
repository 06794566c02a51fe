import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type { EmbeddingModel } from './embedding-model.ts';
import { ensureModelFiles, findLocalModel, type LocalModelEntry } from './files/index.ts';
import { findHostedModel, type HostedModelOptions } from './hosted-models.ts';
import type { LanguageModel } from './language-model.ts';
import { priceCoreSeconds } from './prices.ts';
import type { ProviderGates } from './provider-gates.ts';
import type { RetryLimits } from './retry-limits.ts';

export interface ResolveOptions extends WorkOptions, HostedModelOptions {
  /** USD for an hour of one core; prices local models. */
  readonly coreHourUsd?: number | undefined;
  /** How often and how long a hosted model is asked; default `defaultRetryLimits`. */
  readonly limits?: RetryLimits | undefined;
  /** Doors to the providers, shared by all models of a process; none by default. */
  readonly gates?: ProviderGates | undefined;
}

export interface ResolveLanguageModelOptions extends ResolveOptions {
  /** Local models: tokens of prompt and output together; default 4096 or what the model was trained for. */
  readonly contextTokens?: number | undefined;
  /** Local models: path of a LoRA adapter in GGUF. */
  readonly lora?: string | undefined;
}

/**
 * Model behind `local/…`, `openai/…`, `anthropic/…`, `google/…` or `compatible/NAME/…`. The files of a local
 * model are fetched now; it is loaded at the first call.
 * Throws `model-unknown`, `model-key-missing`, `model-file-unavailable` or `model-runtime-missing`.
 */
export async function resolveLanguageModel(
  id: string,
  options: ResolveLanguageModelOptions = {},
): Promise<LanguageModel> {
  const { createAiLanguageModel } = await import('./ai-language-model.ts');
  if (isLocal(id)) {
    const entry = findLocalModel(id);
    if (entry.kind !== 'language') throw wrongKind(entry, 'an embedding model, which cannot answer');
    const { createLocalLanguageModel } = await import('./local/local-language-model.ts');
    const local = await createLocalLanguageModel({
      entry,
      files: () => ensureModelFiles(id, options),
      contextTokens: options.contextTokens,
      lora: options.lora,
    });
    return createAiLanguageModel({
      model: local.model,
      called: { id, provider: 'local', keyVariable: null, contextTokens: local.contextTokens },
      local: true,
      price: (usage) => priceCoreSeconds(usage.coreSeconds, options.coreHourUsd),
      countTokens: local.countTokens,
      close: local.close,
      limits: options.limits,
      onNotice: options.onNotice,
    });
  }
  const { called, model, pricing, provider } = await findHostedModel(id, options);
  return createAiLanguageModel({
    model: provider.languageModel(model),
    called,
    local: false,
    price: pricing.price,
    countTokens: async (text) => Math.ceil(text.length / 4),
    limits: options.limits,
    gate: await options.gates?.of(called.provider),
    onNotice: options.onNotice,
  });
}

/**
 * Embedding model of that name. The files of a local one are fetched now; its threads start at the first call.
 * A hosted one is asked once, to learn the length of its vectors.
 * Throws as `resolveLanguageModel`, and what a hosted model answers.
 */
export async function resolveEmbeddingModel(
  id: string,
  options: ResolveOptions = {},
): Promise<EmbeddingModel> {
  if (isLocal(id)) {
    const entry = findLocalModel(id);
    if (entry.kind !== 'embedding') throw wrongKind(entry, 'a language model, which gives no vectors');
    const { createLocalEmbeddingModel } = await import('./local/local-embedding-model.ts');
    return createLocalEmbeddingModel({
      entry,
      files: await ensureModelFiles(id, options),
      price: (coreSeconds) => priceCoreSeconds(coreSeconds, options.coreHourUsd),
    });
  }
  const { called, model, pricing, provider } = await findHostedModel(id, options);
  const embedding = provider.embeddingModel(model);
  if (!embedding)
    throw new FulcrumError('model-unknown', {
      model: id,
      suggestion: `${called.provider} has no embedding models.`,
      example: 'openai/text-embedding-3-small',
    });
  const { createHostedEmbeddingModel, measureDimensions } = await import('./hosted-embedding-model.ts');
  return createHostedEmbeddingModel({
    model: embedding,
    called,
    dimensions: await measureDimensions(embedding, called, options),
    price: pricing.price,
    limits: options.limits,
    gate: await options.gates?.of(called.provider),
  });
}

function isLocal(id: string): boolean {
  return id.startsWith('local/');
}

function wrongKind(entry: LocalModelEntry, what: string): FulcrumError {
  return new FulcrumError('model-unknown', {
    model: entry.id,
    suggestion: `It is ${what}.`,
    example: entry.kind === 'embedding' ? 'local/smollm2-135m-instruct' : 'local/bge-small-en-v1.5',
  });
}

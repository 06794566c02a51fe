import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider';

/** Models of one provider, made by its AI SDK package. One file a provider; nothing else knows the package. */
export interface HostedProvider {
  languageModel(model: string): LanguageModelV4;
  /** Null where the provider has no embedding models. */
  embeddingModel(model: string): EmbeddingModelV4 | null;
}

export interface HostedProviderOptions {
  /** Undefined for a server that wants no key. */
  readonly apiKey: string | undefined;
  /** Base URL of the API; default: the provider's own. */
  readonly baseUrl?: string | undefined;
  /** Name in messages of an OpenAI-compatible server. */
  readonly name: string;
}

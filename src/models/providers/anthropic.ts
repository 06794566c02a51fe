import { createAnthropic } from '@ai-sdk/anthropic';
import type { HostedProvider, HostedProviderOptions } from './hosted-provider.ts';

/** Anthropic's models; it has none for embedding. */
export function createAnthropicProvider(options: HostedProviderOptions): HostedProvider {
  const provider = createAnthropic({
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.baseUrl === undefined ? {} : { baseURL: options.baseUrl }),
  });
  return { languageModel: (model) => provider(model), embeddingModel: () => null };
}

import { createOpenAI } from '@ai-sdk/openai';
import type { HostedProvider, HostedProviderOptions } from './hosted-provider.ts';

/** OpenAI's own models. */
export function createOpenAiProvider(options: HostedProviderOptions): HostedProvider {
  const provider = createOpenAI({
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.baseUrl === undefined ? {} : { baseURL: options.baseUrl }),
  });
  return {
    languageModel: (model) => provider(model),
    embeddingModel: (model) => provider.embeddingModel(model),
  };
}

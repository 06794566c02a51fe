import { createGoogleGenerativeAI } from '@ai-sdk/google';
import type { HostedProvider, HostedProviderOptions } from './hosted-provider.ts';

/** Google's models by its Gemini API. */
export function createGoogleProvider(options: HostedProviderOptions): HostedProvider {
  const provider = createGoogleGenerativeAI({
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.baseUrl === undefined ? {} : { baseURL: options.baseUrl }),
  });
  return {
    languageModel: (model) => provider(model),
    embeddingModel: (model) => provider.embeddingModel(model),
  };
}

import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { HostedProvider, HostedProviderOptions } from './hosted-provider.ts';

/** Models of a server that speaks OpenAI's chat protocol: vLLM, Ollama, Fireworks, Together and others. */
export function createCompatibleProvider(
  options: HostedProviderOptions & { readonly baseUrl: string },
): HostedProvider {
  const provider = createOpenAICompatible({
    name: options.name,
    baseURL: options.baseUrl,
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  });
  return {
    languageModel: (model) => provider.chatModel(model),
    embeddingModel: (model) => provider.embeddingModel(model),
  };
}

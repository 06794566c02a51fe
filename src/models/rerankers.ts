import { z } from 'zod';
import { FulcrumError, suggest } from '../core/index.ts';
import type { ProviderGates } from './provider-gates.ts';
import type { RerankingModel } from './reranking-model.ts';

const rerankerSchema = z.strictObject({
  /** Endpoint that texts are posted to, e.g. `https://api.cohere.com/v2/rerank`. */
  url: z.url({ protocol: /^https?$/ }),
  /**
   * `cohere`, by default: {model, query, documents, top_n} to a list of {index, relevance_score}, as Cohere, Jina, Voyage,
   * vLLM and llama.cpp have it. `tei`: {query, texts} to a list of {index, score}, as Text Embeddings Inference has it.
   */
  wire: z.enum(['cohere', 'tei']).default('cohere'),
  /** Name of the model at the endpoint, where it wants one. */
  model: z.string().min(1).optional(),
  /** Environment variable that holds the key; none for a server that wants no key. */
  keyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
    .optional(),
  /** Seconds until a search goes on without it. */
  timeoutSeconds: z.number().positive().max(60).default(5),
  /** Most texts that one call takes. */
  maxTexts: z.number().int().min(1).max(1000).default(100),
  /** Price of one call in USD; unknown where it is absent and a key is named, else 0. */
  usdPerCall: z.number().nonnegative().optional(),
});
export type RerankerConfig = z.infer<typeof rerankerSchema>;

/** `rerankers` of the config: endpoints that order passages, by name. */
export const rerankersConfigSchema = z.record(
  z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'a name has letters, digits, ".", "_" and "-"'),
  rerankerSchema,
);
export type RerankersConfig = z.infer<typeof rerankersConfigSchema>;

export interface ResolveRerankerOptions {
  readonly rerankers: RerankersConfig;
  /** Where keys are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly gates?: ProviderGates | undefined;
}

/** The reranking model of that name. Throws `reranker-unknown` or `model-key-missing`; nothing is called yet. */
export async function resolveRerankingModel(
  name: string,
  options: ResolveRerankerOptions,
): Promise<RerankingModel> {
  const config = Object.hasOwn(options.rerankers, name) ? options.rerankers[name] : undefined;
  if (!config)
    throw new FulcrumError('reranker-unknown', {
      reranker: name,
      suggestion: suggest(name, Object.keys(options.rerankers)),
    });
  const { keyVariable } = config;
  const key = keyVariable === undefined ? undefined : options.environment[keyVariable];
  if (keyVariable !== undefined && !key)
    throw new FulcrumError('model-key-missing', { model: name, variable: keyVariable });
  const { createHttpRerankingModel } = await import('./http-reranking-model.ts');
  const gate = await options.gates?.of(new URL(config.url).host);
  return createHttpRerankingModel({ name, config, key, gate });
}

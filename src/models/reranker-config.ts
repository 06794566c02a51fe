import { z } from 'zod';

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

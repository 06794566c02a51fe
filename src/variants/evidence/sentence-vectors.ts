import { addCost, addUsage, type Cost, noCost, noUsage, type Usage } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';

/** Vectors of texts with what making them consumed; texts seen before cost nothing. */
export interface SentenceVectors {
  /** @param passing texts that are not kept in memory, since they live as long as one question. */
  embed(
    texts: readonly string[],
    signal?: AbortSignal | undefined,
    passing?: ReadonlySet<string>,
  ): Promise<{ vectors: readonly Float32Array[]; usage: Usage; cost: Cost }>;
  /** USD for one embedded token as last charged, null before the first call. */
  usdPerToken(): number | null;
}

/** Vectors that are kept, about 1.5 kB each at 384 dimensions. */
const defaultCapacity = 10_000;

/** Embeds sentences as documents and keeps the most recently used vectors in memory. */
export function createSentenceVectors(model: EmbeddingModel, capacity = defaultCapacity): SentenceVectors {
  const kept = new Map<string, Float32Array>();
  let rate: number | null = null;
  return {
    usdPerToken: () => rate,
    async embed(texts, signal, passing = new Set()) {
      const found = new Map<string, Float32Array>();
      for (const text of texts) {
        const vector = kept.get(text);
        if (vector) found.set(text, vector);
      }
      const missing = [...new Set(texts)].filter((text) => !found.has(text));
      let usage = noUsage;
      let cost = noCost;
      if (missing.length > 0) {
        const made = await model.embedDocuments(missing, { signal });
        missing.forEach((text, index) => {
          const vector = made.vectors[index];
          if (vector) found.set(text, vector);
        });
        usage = addUsage({ embeddedTokens: made.tokens, coreSeconds: made.coreSeconds });
        cost = addCost(made.cost);
        if (made.cost.usd !== null && made.tokens > 0) rate = made.cost.usd / made.tokens;
      }
      for (const [text, vector] of found) {
        if (passing.has(text)) continue;
        kept.delete(text);
        kept.set(text, vector);
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= capacity) break;
        kept.delete(oldest);
      }
      return { vectors: texts.map((text) => found.get(text) ?? new Float32Array()), usage, cost };
    },
  };
}

/** Inner product, which is the cosine of vectors of unit length; 0 where the lengths differ. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

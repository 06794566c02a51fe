import type { WorkOptions } from '../core/index.ts';
import type { EmbedTexts, ScoringSpending } from '../evaluation/index.ts';
import type { EmbeddingModel } from '../models/index.ts';

/** The embedding model of a project as scorers use it; what it costs is counted. No vectors where it has none. */
export function embedTexts(
  project: { embeddingModel(): Promise<EmbeddingModel | null> },
  spending: ScoringSpending | undefined,
  { signal }: WorkOptions = {},
): EmbedTexts {
  return async (texts, { onEmbedded } = {}) => {
    const model = await project.embeddingModel();
    if (model === null) return [];
    const { vectors, tokens, cost } = await model.embedDocuments(texts, { signal });
    spending?.add(cost);
    onEmbedded?.(tokens, cost);
    return vectors;
  };
}

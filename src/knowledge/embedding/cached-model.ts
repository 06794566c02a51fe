import { FulcrumError } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';

/** A model of which only vectors that are kept are wanted; it is loaded where one is missing after all. */
export function createCachedModel(
  { id, fingerprint }: { readonly id: string; readonly fingerprint: string },
  find: (id?: string) => Promise<EmbeddingModel | null>,
): EmbeddingModel {
  const load = async (): Promise<EmbeddingModel> => {
    const model = await find(id === '' ? undefined : id);
    if (model?.fingerprint === fingerprint) return model;
    const problem = 'its vectors are not kept any more';
    throw new FulcrumError('model-file-unavailable', { model: id, problem });
  };
  return {
    id,
    fingerprint,
    dimensions: 0,
    maxTokens: 0,
    local: true,
    embedDocuments: async (texts, work) => (await load()).embedDocuments(texts, work),
    embedQueries: async (texts, work) => (await load()).embedQueries(texts, work),
    close: async () => undefined,
  };
}

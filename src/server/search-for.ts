import type { Retrieval, RetrieveOptions } from '../knowledge/index.ts';
import type { Caller, ServerParts } from './server-context.ts';

/** A search on behalf of a caller, counted for its key: what rerankers cost, since a query's embedding is a fraction of a cent. */
export async function searchFor(
  { project, serving }: ServerParts,
  { key, principal }: Caller,
  query: string,
  options: RetrieveOptions,
): Promise<Retrieval> {
  const reservation = key ? await serving.limits.reserve(key, 0) : null;
  let usd: number | null = 0;
  try {
    const { retriever } = await project.knowledge();
    const retrieval = await retriever.retrieve(query, principal, options);
    usd = retrieval.rerankCost ? retrieval.rerankCost.usd : 0;
    return retrieval;
  } finally {
    await reservation?.settle(usd);
  }
}

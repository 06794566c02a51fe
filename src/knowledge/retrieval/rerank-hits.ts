import { type Cost, noCost, toFulcrumError } from '../../core/index.ts';
import type { RerankingModel } from '../../models/index.ts';
import type { ReadHit } from './read-hits.ts';

/** Hits in the order of a reranking model, and what that took. */
export interface RerankedHits {
  readonly hits: readonly ReadHit[];
  readonly cost: Cost;
  /** Why they are in the order that they came in; null where the model ordered them. */
  readonly notice: string | null;
}

/** Failures of a model that a search does without it. */
const passing: ReadonlySet<string> = new Set([
  'model-unreachable',
  'model-rate-limited',
  'model-failed',
  'provider-down',
]);

/**
 * Orders the first `top` hits by a model that reads each with the query, titles included; the others follow as they
 * were. A model that fails or is too slow changes nothing but the notice. Throws `cancelled`, and what is wrong with the
 * set-up: no such model, no key, a rejected key.
 */
export async function rerankHits(
  query: string,
  hits: readonly ReadHit[],
  options: {
    readonly model: () => Promise<RerankingModel>;
    readonly top: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<RerankedHits> {
  if (hits.length < 2) return { hits, cost: noCost, notice: null };
  try {
    const model = await options.model();
    const { maxTexts, maxTextLength } = model.capabilities;
    const read = hits.slice(0, Math.min(options.top, maxTexts));
    const texts = read.map(({ hit }) =>
      cut(`${hit.titlePath.join(' > ')}\n${hit.text}`.trim(), maxTextLength),
    );
    const { scores, cost } = await model.rerank(query, texts, { signal: options.signal });
    const ordered = read
      .map((entry, index) => ({ ...entry, hit: { ...entry.hit, rerankScore: scores[index]! } }))
      .sort((a, b) => b.hit.rerankScore - a.hit.rerankScore);
    return { hits: [...ordered, ...hits.slice(read.length)], cost, notice: null };
  } catch (error) {
    const known = toFulcrumError(error);
    if (!passing.has(known.code) || options.signal?.aborted) throw known;
    return { hits, cost: noCost, notice: `Not reranked: ${known.message} ${known.hint}` };
  }
}

/** The beginning of a text, without half a surrogate pair at its end. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

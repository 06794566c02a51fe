export type ArmName = 'keyword' | 'vector' | 'hybrid';

/** How a search ranks and what it gives back; every member has a default and may be set for one call. */
export interface RetrievalSettings {
  /** Weight of the vector arm in the fused score, 0 to 1. */
  readonly vectorWeight: number;
  /** Number of hits. */
  readonly limit: number;
  /** Which arms to ask; `hybrid` falls back to keywords while nothing is embedded. */
  readonly arm: ArmName;
  /** Chunks of the same document that a hit grows by on each side, nearest first, within `expansionTokens`. */
  readonly neighbours: number;
  /** Grows a hit to the whole section that it lies in, as far as `expansionTokens` goes around it. */
  readonly parents: boolean;
  /** Most estimated tokens of one hit after it has grown; a chunk that is longer by itself stays as it is. */
  readonly expansionTokens: number;
  /** `collapse` keeps the best of chunks that say the same and lists the others with it. */
  readonly nearDuplicates: 'keep' | 'collapse';
  /** Model that reads the best `top` hits with the query and orders them anew; null leaves them as they are. */
  readonly rerank: { readonly model: string; readonly top: number } | null;
}

export const defaultRetrievalSettings: RetrievalSettings = Object.freeze({
  vectorWeight: 0.8,
  limit: 10,
  arm: 'hybrid',
  neighbours: 0,
  parents: false,
  expansionTokens: 600,
  nearDuplicates: 'keep',
  rerank: null,
});

/** A member that is undefined counts as absent. */
export type RetrievalOverrides = {
  readonly [Name in keyof RetrievalSettings]?: RetrievalSettings[Name] | undefined;
};

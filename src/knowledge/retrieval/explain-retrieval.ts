import { readerTokens } from '../../core/index.ts';
import type { ArmHit } from '../chunk-store.ts';
import type { ArmExplanation, HitExplanation, RetrievalExplanation } from '../retrieval-explanation.ts';
import type { Hit } from '../retriever.ts';
import { withIdentifierWords } from '../store/identifier-words.ts';
import { explainDocument } from './explain-document.ts';
import type { ExplainedSearch } from './explained-search.ts';
import { detectLanguage, languageOfHits } from './query-language.ts';
import type { FoundChunks } from './search-arms.ts';

/** Terms that are looked for in hits; the index looks up no more of a query. */
const mostTerms = 64;

/** How the hits of a search came about. Matched terms are asked of the index, one term at a time. */
export async function explainRetrieval(search: ExplainedSearch): Promise<RetrievalExplanation> {
  const { read, principal, request, settings, found, hits } = search;
  const milliseconds = search.clock.milliseconds();
  const terms = queryTerms(read.text);
  const matched = await matchedTerms(search, terms);
  const documentId = typeof request.explain === 'object' ? request.explain.documentId : null;
  return {
    query: {
      text: read.text,
      phrases: read.phrases,
      terms,
      language: (await detectLanguage(read.text))?.language ?? null,
      foundLanguage: await languageOfHits(hits),
    },
    settings,
    filter: request.filter ?? {},
    readerTokens: readerTokens(principal),
    arms: {
      keyword: explainArm(found, 'keyword', settings.arm === 'vector' ? 'not asked for' : null),
      vector: explainArm(
        found,
        'vector',
        settings.arm === 'keyword'
          ? 'not asked for'
          : found?.point
            ? null
            : 'there is no vector of the query',
      ),
    },
    hits: hits.map((hit) => explainHit(hit, found, matched.get(hit.chunkId) ?? [])),
    ...(documentId === null ? {} : { document: await explainDocument(documentId, search) }),
    milliseconds,
    notices: [...search.notices],
  };
}

/** Words of a query as the keyword arm looks them up, each once. */
function queryTerms(text: string): string[] {
  const words =
    withIdentifierWords(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(words)].slice(0, mostTerms);
}

async function matchedTerms(
  { store, principal, hits, found }: ExplainedSearch,
  terms: readonly string[],
): Promise<Map<string, string[]>> {
  const chunkIds = hits.map(({ chunkId }) => chunkId);
  const matched = new Map<string, string[]>();
  if (chunkIds.length === 0 || found === null) return matched;
  const lists = await Promise.all(
    terms.map((term) => store.searchKeywords(principal, term, chunkIds.length, { chunkIds })),
  );
  for (const [index, list] of lists.entries())
    for (const { id } of list) matched.set(id, [...(matched.get(id) ?? []), terms[index]!]);
  return matched;
}

type Arm = 'keyword' | 'vector';

function explainArm(found: FoundChunks | null, arm: Arm, skipped: string | null): ArmExplanation {
  return { skipped, candidates: found?.[arm].hits.length ?? 0, largestScore: largest(found, arm) };
}

function largest(found: FoundChunks | null, arm: Arm): number {
  const least = arm === 'keyword' ? (found?.keywordScale ?? 0) : 0;
  return Math.max(least, ...(found?.ranked ?? []).map(({ arms }) => arms[arm] ?? 0));
}

function explainHit(hit: Hit, found: FoundChunks | null, terms: readonly string[]): HitExplanation {
  const normalised = (arm: Arm): number | null => {
    const raw = hit.arms[arm];
    const most = largest(found, arm);
    return raw === undefined ? null : most === 0 ? 0 : Math.max(0, raw) / most;
  };
  return {
    chunkId: hit.chunkId,
    ranks: {
      keyword: rankOf(hit.chunkId, found?.keyword.hits),
      vector: rankOf(hit.chunkId, found?.vector.hits),
    },
    raw: { keyword: hit.arms.keyword ?? null, vector: hit.arms.vector ?? null },
    normalised: { keyword: normalised('keyword'), vector: normalised('vector') },
    fusedRank: 1 + (found?.ranked.findIndex(({ hit: { id } }) => id === hit.chunkId) ?? 0),
    rerankScore: hit.rerankScore ?? null,
    matchedTerms: terms,
  };
}

function rankOf(chunkId: string, list: readonly ArmHit[] | undefined): number | null {
  const at = list?.findIndex(({ id }) => id === chunkId) ?? -1;
  return at === -1 ? null : at + 1;
}

import type { ArmHit, ChunkFilter } from '../chunk-store.ts';
import type { DocumentExplanation } from '../retrieval-explanation.ts';
import type { ExplainedSearch } from './explained-search.ts';
import { readLiveRevisions } from './live-chunks.ts';

/** How far down the list of an arm a document is looked for. */
const deepest = 10_000;
/** Words of a document by which the keyword index is asked whether it would show it at all. */
const probeWords = 40;

/**
 * Why a document is or is not among the hits of a search. One that may not be read is as one that is not there, so
 * that nobody learns what exists.
 */
export async function explainDocument(
  documentId: string,
  search: ExplainedSearch,
): Promise<DocumentExplanation> {
  const { tables, principal, hits, found, only, store, request } = search;
  const live = (await readLiveRevisions(tables, principal, [documentId])).get(documentId);
  if (!live) return { documentId, state: 'unknown-or-unreadable' };
  const ofRevision = (table: 'chunks' | 'document_revisions') =>
    tables
      .selectFrom(table)
      .where('tenant', '=', principal.tenant)
      .where('document_id', '=', documentId)
      .where('revision', '=', live.revision);
  const revision = await ofRevision('document_revisions')
    .select(['chunk_count', 'embedded'])
    .executeTakeFirst();
  const chunks = await ofRevision('chunks').select(['ordinal', 'indexed_text']).orderBy('ordinal').execute();
  const chunkIds = chunks.map(({ ordinal }) => `${documentId}@${live.revision}#${ordinal}`);
  const probe = chunks[0]?.indexed_text.split(/\s+/).slice(0, probeWords).join(' ') ?? '';
  const passes = async (filter: ChunkFilter): Promise<boolean> =>
    (await store.searchKeywords(principal, probe, 1, narrowed(filter, chunkIds.slice(0, 1)))).length > 0;
  const indexed = await passes({});
  const filteredBy: string[] = [];
  for (const [name, part] of filterParts(request.filter ?? {}))
    if (indexed && !(await passes(part))) filteredBy.push(name);
  const best = async (list: Promise<ArmHit[]>) => {
    const ranked = await list;
    const at = ranked.findIndex((hit) => hit.documentId === documentId && hit.version === live.revision);
    return at === -1 ? null : { rank: at + 1, score: ranked[at]!.score, chunkId: ranked[at]!.id };
  };
  const [keyword, vector] = await Promise.all([
    search.settings.arm === 'vector'
      ? null
      : best(store.searchKeywords(principal, search.read.text, deepest, request.filter)),
    found?.point ? best(store.searchVectors(principal, found.point, deepest, request.filter)) : null,
  ]);
  const at = found?.ranked.findIndex(({ hit }) => hit.documentId === documentId) ?? -1;
  const state = (): Exclude<DocumentExplanation['state'], 'unknown-or-unreadable'> => {
    if (hits.some((hit) => hit.documentId === documentId)) return 'found';
    if (!indexed) return 'not-indexed';
    if (filteredBy.length > 0) return 'filtered';
    if (only && !chunkIds.some((id) => only.has(id))) return 'phrase-missing';
    if (hits.some((hit) => hit.duplicates?.some((other) => other.documentId === documentId)))
      return 'duplicate';
    return keyword === null && vector === null ? 'no-match' : 'ranked-below';
  };
  return {
    documentId,
    state: state(),
    filteredBy,
    keyword,
    vector,
    fusedRank: at === -1 ? null : at + 1,
    chunks: revision?.chunk_count ?? 0,
    embeddedChunks: (revision?.chunk_count ?? 0) * (revision?.embedded ?? 0),
  };
}

function narrowed(filter: ChunkFilter, chunkIds: readonly string[]): ChunkFilter {
  const asked = filter.chunkIds;
  return { ...filter, chunkIds: asked ? chunkIds.filter((id) => asked.includes(id)) : chunkIds };
}

/** A filter taken apart, each part under its name, metadata under its key. */
function filterParts(filter: ChunkFilter): [string, ChunkFilter][] {
  const { metadata = {}, ...members } = filter;
  return [
    ...Object.entries(members)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, ChunkFilter] => [name, { [name]: value }]),
    ...Object.entries(metadata).map(([key, values]): [string, ChunkFilter] => [
      `metadata.${key}`,
      { metadata: { [key]: values } },
    ]),
  ];
}

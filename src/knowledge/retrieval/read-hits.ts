import type { KnowledgeHandle } from '../migrations.ts';
import type { Hit } from '../retriever.ts';
import type { RankedChunk } from './live-chunks.ts';

/** Documents that one query of the database names. */
const documentsPerQuery = 100;

/** A hit with what it was cut from. */
export interface ReadHit {
  readonly hit: Hit;
  readonly revision: string;
  readonly ordinal: number;
  /** Canonical text of the whole document. */
  readonly documentText: string;
}

/**
 * The cited text and place of ranked chunks, read from the database. A chunk whose revision went away meanwhile
 * is left out.
 */
export async function readHits(
  tables: KnowledgeHandle,
  tenant: string,
  ranked: readonly RankedChunk[],
): Promise<ReadHit[]> {
  const chunks = new Map<string, { start: number; end: number; titles: string }>();
  const texts = new Map<string, string>();
  const documents = [...byDocument(ranked).entries()];
  for (let start = 0; start < documents.length; start += documentsPerQuery) {
    const some = documents.slice(start, start + documentsPerQuery).map(([, wanted]) => wanted);
    const [cuts, revisions] = await Promise.all([
      tables
        .selectFrom('chunks')
        .select(['document_id', 'revision', 'ordinal', 'start_offset', 'end_offset', 'title_path'])
        // The tenant in each term: SQLite looks terms up in the index only where each of them can be.
        .where((where) =>
          where.or(
            some.map(({ document_id, revision, ordinals }) =>
              where.and([where.and({ tenant, document_id, revision }), where('ordinal', 'in', ordinals)]),
            ),
          ),
        )
        .execute(),
      tables
        .selectFrom('document_revisions as r')
        // Older states are kept for versions of the index, but nothing is found in them.
        .innerJoin('documents as d', (join) =>
          join
            .onRef('d.tenant', '=', 'r.tenant')
            .onRef('d.id', '=', 'r.document_id')
            .onRef('d.live_revision', '=', 'r.revision'),
        )
        .select(['r.document_id', 'r.revision', 'r.text'])
        .where((where) =>
          where.or(
            some.map(({ document_id, revision }) =>
              where.and({ 'r.tenant': tenant, 'r.document_id': document_id, 'r.revision': revision }),
            ),
          ),
        )
        .execute(),
    ]);
    for (const cut of cuts)
      chunks.set(`${cut.document_id}@${cut.revision}#${cut.ordinal}`, {
        start: cut.start_offset,
        end: cut.end_offset,
        titles: cut.title_path,
      });
    for (const { document_id, revision, text } of revisions) texts.set(`${document_id}@${revision}`, text);
  }
  return ranked.flatMap(({ hit, uri, version, score, arms }) => {
    const chunk = chunks.get(hit.id);
    const documentText = texts.get(`${hit.documentId}@${hit.version}`);
    if (!chunk || documentText === undefined) return [];
    const { start, end } = chunk;
    const text = documentText.slice(start, end);
    const titlePath = JSON.parse(chunk.titles) as string[];
    const { id: chunkId, documentId } = hit;
    return [
      {
        hit: { chunkId, documentId, version, uri, titlePath, start, end, text, score, arms },
        revision: hit.version,
        ordinal: ordinalOf(chunkId),
        documentText,
      },
    ];
  });
}

/** Place of a chunk among those of its document, as its id tells. */
function ordinalOf(chunkId: string): number {
  return Number(chunkId.slice(chunkId.lastIndexOf('#') + 1));
}

function byDocument(ranked: readonly RankedChunk[]) {
  const wanted = new Map<string, { document_id: string; revision: string; ordinals: number[] }>();
  for (const { hit } of ranked) {
    const key = `${hit.documentId}@${hit.version}`;
    const entry = wanted.get(key) ?? { document_id: hit.documentId, revision: hit.version, ordinals: [] };
    entry.ordinals.push(ordinalOf(hit.id));
    wanted.set(key, entry);
  }
  return wanted;
}

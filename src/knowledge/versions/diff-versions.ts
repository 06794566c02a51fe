import { estimateTokens } from '../chunking/token-counter.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import { type DocumentDiff, diffDocuments, type VersionDocument } from './diff-documents.ts';

/** Chunks of a document that the other version has nowhere: what embedding it costs. */
export interface NewTexts {
  readonly documentId: string;
  /** Chunks of the document, and those whose indexed text is new. A text that is in several chunks counts for the first. */
  readonly chunks: number;
  readonly texts: number;
  /** Estimated tokens of the new texts. */
  readonly tokens: number;
}

/** How the index differs between two versions. */
export interface VersionDiff extends DocumentDiff {
  readonly from: number;
  readonly to: number;
  /** Whether the vectors of the two were made by different models, so that every text of the second is new. */
  readonly otherModel: boolean;
  /** Sums over `documents`. A text that an even older kept version has is new here, but was not embedded again. */
  readonly texts: number;
  readonly tokens: number;
  readonly documents: readonly NewTexts[];
}

/** The part of a version that is compared. */
interface ComparedVersion {
  readonly number: number;
  readonly embeddingModel: string | null;
}

export async function diffVersions(
  tables: KnowledgeHandle,
  tenant: string,
  from: ComparedVersion,
  to: ComparedVersion,
): Promise<VersionDiff> {
  const found = await diffDocuments(tables, tenant, from.number, to.number);
  const otherModel =
    from.embeddingModel !== null && to.embeddingModel !== null && from.embeddingModel !== to.embeddingModel;
  const concerned = otherModel
    ? await heldBy(tables, tenant, to.number)
    : [...found.added, ...[...found.changed, ...found.renamed].map(({ after }) => after)];
  const seen = new Set<string>();
  const documents: NewTexts[] = [];
  for (const document of concerned.sort((a, b) => (a.documentId < b.documentId ? -1 : 1))) {
    const chunks = await newChunks(tables, tenant, document, otherModel ? null : from.number);
    const fresh = chunks.filter(({ known, hash }) => !known && !seen.has(hash));
    const texts = new Map(fresh.map(({ hash, text }) => [hash, text]));
    for (const hash of texts.keys()) seen.add(hash);
    const tokens = [...texts.values()].reduce((sum, text) => sum + estimateTokens(text), 0);
    documents.push({ documentId: document.documentId, chunks: chunks.length, texts: texts.size, tokens });
  }
  const sum = (of: (document: NewTexts) => number): number =>
    documents.reduce((total, document) => total + of(document), 0);
  return {
    ...found,
    from: from.number,
    to: to.number,
    otherModel,
    texts: sum(({ texts }) => texts),
    tokens: sum(({ tokens }) => tokens),
    documents,
  };
}

function heldBy(tables: KnowledgeHandle, tenant: string, version: number) {
  return tables
    .selectFrom('version_documents')
    .where('tenant', '=', tenant)
    .where('from_version', '<=', version)
    .where(({ or, eb }) => or([eb('to_version', 'is', null), eb('to_version', '>', version)]))
    .select(['document_id as documentId', 'revision'])
    .execute();
}

/** The chunks of a state, and whether a version of the index has the same indexed text anywhere. */
async function newChunks(
  tables: KnowledgeHandle,
  tenant: string,
  { documentId, revision }: Pick<VersionDocument, 'documentId' | 'revision'>,
  version: number | null,
): Promise<{ hash: string; text: string; known: boolean }[]> {
  const chunks = await tables
    .selectFrom('chunks')
    .select(['indexed_hash as hash', 'indexed_text as text'])
    .where('tenant', '=', tenant)
    .where('document_id', '=', documentId)
    .where('revision', '=', revision)
    .orderBy('ordinal')
    .execute();
  if (version === null || chunks.length === 0) return chunks.map((chunk) => ({ ...chunk, known: false }));
  const rows = await tables
    .selectFrom('chunks as c')
    .where('c.tenant', '=', tenant)
    .where('c.document_id', '=', documentId)
    .where('c.revision', '=', revision)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('chunks as o')
          .innerJoin('version_documents as v', (join) =>
            join
              .onRef('v.tenant', '=', 'o.tenant')
              .onRef('v.document_id', '=', 'o.document_id')
              .onRef('v.revision', '=', 'o.revision'),
          )
          .select('o.ordinal')
          .whereRef('o.indexed_hash', '=', 'c.indexed_hash')
          .whereRef('o.tenant', '=', 'c.tenant')
          .where('v.from_version', '<=', version)
          .where(({ or, eb }) => or([eb('v.to_version', 'is', null), eb('v.to_version', '>', version)])),
      ),
    )
    .select('c.indexed_hash as hash')
    .distinct()
    .execute();
  const known = new Set(rows.map(({ hash }) => hash));
  return chunks.map((chunk) => ({ ...chunk, known: known.has(chunk.hash) }));
}

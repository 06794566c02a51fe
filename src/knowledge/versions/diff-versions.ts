import { estimateTokens } from '../chunking/token-counter.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import { type DocumentDiff, diffDocuments, type VersionDocument } from './diff-documents.ts';

const hashesPerQuery = 500;

type HeldState = Pick<VersionDocument, 'documentId' | 'revision'>;

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
  const held = new Set(otherModel ? [] : (await heldBy(tables, tenant, from.number)).map(nameOf));
  const seen = new Set<string>();
  const documents: NewTexts[] = [];
  for (const document of concerned.sort((a, b) => (a.documentId < b.documentId ? -1 : 1))) {
    const chunks = await newChunks(tables, tenant, document, held);
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

/** The chunks of a state, and whether the states that are given have the same indexed text anywhere. */
async function newChunks(
  tables: KnowledgeHandle,
  tenant: string,
  { documentId, revision }: HeldState,
  held: ReadonlySet<string>,
): Promise<{ hash: string; text: string; known: boolean }[]> {
  const chunks = await tables
    .selectFrom('chunks')
    .select(['indexed_hash as hash', 'indexed_text as text'])
    .where('tenant', '=', tenant)
    .where('document_id', '=', documentId)
    .where('revision', '=', revision)
    .orderBy('ordinal')
    .execute();
  const known = new Set<string>();
  for (let start = 0; held.size > 0 && start < chunks.length; start += hashesPerQuery) {
    const hashes = chunks.slice(start, start + hashesPerQuery).map(({ hash }) => hash);
    const rows = await tables
      .selectFrom('chunks')
      .select(['indexed_hash as hash', 'document_id as documentId', 'revision'])
      .where('indexed_hash', 'in', hashes)
      .where('tenant', '=', tenant)
      .execute();
    for (const row of rows) if (held.has(nameOf(row))) known.add(row.hash);
  }
  return chunks.map((chunk) => ({ ...chunk, known: known.has(chunk.hash) }));
}

function nameOf({ documentId, revision }: HeldState): string {
  return `${documentId}@${revision}`;
}

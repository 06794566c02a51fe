import type { KnowledgeHandle } from '../migrations.ts';

/** A state of a document as a version of the index holds it. */
export interface VersionDocument {
  readonly documentId: string;
  readonly revision: string;
  /** sha256 of the canonical text. */
  readonly version: string;
  readonly uri: string;
}

/** How documents differ between two versions of the index, each list in the order of ids. */
export interface DocumentDiff {
  readonly added: readonly VersionDocument[];
  readonly changed: readonly { readonly before: VersionDocument; readonly after: VersionDocument }[];
  readonly removed: readonly VersionDocument[];
  /** The same text under another id of the same source; in neither `added` nor `removed`. */
  readonly renamed: readonly { readonly before: VersionDocument; readonly after: VersionDocument }[];
}

/** Compares two versions of the index, both kept; 0 stands for the empty index before the first. */
export async function diffDocuments(
  tables: KnowledgeHandle,
  tenant: string,
  from: number,
  to: number,
): Promise<DocumentDiff> {
  const before = new Map((await only(tables, tenant, from, to)).map((row) => [row.documentId, row]));
  const after = await only(tables, tenant, to, from);
  const changed: { before: VersionDocument; after: VersionDocument }[] = [];
  const arrived: (VersionDocument & { source: string })[] = [];
  for (const row of after) {
    const old = before.get(row.documentId);
    before.delete(row.documentId);
    if (!old) arrived.push(row);
    else changed.push({ before: plain(old), after: plain(row) });
  }
  const { pairs, left, gone } = matchRenames([...before.values()], arrived);
  return {
    added: left.map(plain),
    changed,
    removed: gone.map(plain),
    renamed: pairs.map((pair) => ({ before: plain(pair.before), after: plain(pair.after) })),
  };
}

/** What tells that a document went from one id to another. */
export interface Renameable {
  readonly source: string;
  readonly version: string;
}

/** Pairs what left with what came where the source and the text are the same, each once, in the order given. */
export function matchRenames<Gone extends Renameable, Arrived extends Renameable>(
  gone: readonly Gone[],
  arrived: readonly Arrived[],
): { pairs: { before: Gone; after: Arrived }[]; gone: Gone[]; left: Arrived[] } {
  const key = ({ source, version }: Renameable): string => `${source} ${version}`;
  const waiting = Map.groupBy(gone, key);
  const pairs: { before: Gone; after: Arrived }[] = [];
  const left: Arrived[] = [];
  for (const after of arrived) {
    const before = waiting.get(key(after))?.shift();
    if (before) pairs.push({ before, after });
    else left.push(after);
  }
  const paired = new Set(pairs.map(({ before }) => before));
  return { pairs, left, gone: gone.filter((row) => !paired.has(row)) };
}

function plain({ documentId, revision, version, uri }: VersionDocument): VersionDocument {
  return { documentId, revision, version, uri };
}

/** States that one version holds and another does not. */
function only(
  tables: KnowledgeHandle,
  tenant: string,
  version: number,
  other: number,
): Promise<(VersionDocument & { source: string })[]> {
  return (
    tables
      .selectFrom('version_documents as v')
      .innerJoin('document_revisions as r', (join) =>
        join
          .onRef('r.tenant', '=', 'v.tenant')
          .onRef('r.document_id', '=', 'v.document_id')
          .onRef('r.revision', '=', 'v.revision'),
      )
      .where('v.tenant', '=', tenant)
      .where('v.from_version', '<=', version)
      .where(({ or, eb }) => or([eb('v.to_version', 'is', null), eb('v.to_version', '>', version)]))
      // The same row may hold for both; the same state may also have come back after it had gone.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('version_documents as o')
              .select('o.revision')
              .whereRef('o.tenant', '=', 'v.tenant')
              .whereRef('o.document_id', '=', 'v.document_id')
              .whereRef('o.revision', '=', 'v.revision')
              .where('o.from_version', '<=', other)
              .where(({ or, eb }) => or([eb('o.to_version', 'is', null), eb('o.to_version', '>', other)])),
          ),
        ),
      )
      .select([
        'v.document_id as documentId',
        'v.revision as revision',
        'r.version as version',
        'r.uri as uri',
        'r.source as source',
      ])
      .orderBy('v.document_id')
      .execute()
  );
}

import { FulcrumError, type Principal, suggest } from '../core/index.ts';
import { type BlockChange, diffBlocks } from '../knowledge/index.ts';
import type { Knowledge } from './wire-knowledge.ts';

/** Which document is compared, between which versions of the index. */
export interface DocumentDiffRequest {
  readonly from: string;
  readonly to: string;
  readonly documentId: string;
  readonly principal: Principal;
}

/** The differing blocks of one document, between two version numbers. */
export interface ProjectDocumentDiff {
  readonly documentId: string;
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly BlockChange[];
}

/**
 * The blocks in which the text of a document differs between two versions of the index. An added document was empty before, a removed one
 * is afterwards, and one that is the same in both has no blocks. Throws `version-unknown`, and `document-unknown` for one that there is
 * none of or that may not be read.
 */
export async function diffProjectDocument(
  project: { knowledge(): Promise<Knowledge> },
  { from, to, documentId, principal }: DocumentDiffRequest,
): Promise<ProjectDocumentDiff> {
  const { versions, documents } = await project.knowledge();
  const diff = await versions(principal.tenant).diff(from, to);
  const pairs = [
    ...diff.added.map((after) => ({ before: null, after })),
    ...diff.removed.map((before) => ({ before, after: null })),
    ...diff.changed,
    ...diff.renamed,
  ];
  const pair = pairs.find((each) =>
    [each.before, each.after].some((state) => state?.documentId === documentId),
  );
  const textOf = async (state: { documentId: string; version: string } | null): Promise<string | null> =>
    state && ((await documents.read(state.documentId, principal, state.version))?.text ?? null);
  const [before, after] = pair ? [await textOf(pair.before), await textOf(pair.after)] : [null, null];
  if (before === null && after === null) {
    if (!pair && (await documents.read(documentId, principal)))
      return { documentId, from: diff.from, to: diff.to, blocks: [] };
    const ids = (await documents.list(principal)).map((document) => document.documentId);
    throw new FulcrumError('document-unknown', {
      document: documentId,
      suggestion: suggest(documentId, ids),
    });
  }
  const blocks = await diffBlocks(before ?? '', after ?? '');
  return { documentId, from: diff.from, to: diff.to, blocks };
}

import type { AnswerNotice, Citation } from '../../core/index.ts';
import type { ChunkFilter, DocumentReader } from '../../knowledge/index.ts';
import type { ScoredUnit } from '../evidence/select-evidence.ts';
import type { Question } from '../variant.ts';
import { conflictNotice } from './conflicts.ts';
import type { Editions } from './editions.ts';
import { outdatedNotice } from './outdated.ts';

/**
 * What should be said beside an answer: that a cited document has a later edition which says it otherwise, or that another document
 * of the evidence says another quantity. A question that itself names a version or a day is about that one, and gets no word of
 * later ones. Nothing is said where nothing is sure.
 */
export async function answerNotices(options: {
  readonly question: Question;
  /** What narrowed the search, by the question and by the variant: nothing else is quoted. */
  readonly filter: ChunkFilter;
  readonly citations: readonly Citation[];
  readonly ranked: readonly ScoredUnit[];
  readonly documents: DocumentReader;
  readonly editions: Editions | undefined;
}): Promise<AnswerNotice[]> {
  const { question, filter, citations, ranked, documents, editions } = options;
  const notices: AnswerNotice[] = [];
  const later = new Map<string, readonly string[]>();
  if (editions && !isNarrowed(question.input, filter))
    for (const documentId of new Set(citations.map((citation) => citation.documentId))) {
      const found = await editions.laterThan(documentId, question.principal, filter.sources);
      later.set(
        documentId,
        found.filter((id) => !filter.exceptDocuments?.includes(id)),
      );
    }
  for (const citation of citations) {
    const [newest] = later.get(citation.documentId) ?? [];
    if (newest === undefined) continue;
    const cited = await documents.read(citation.documentId, question.principal, citation.version);
    const newer = await documents.read(newest, question.principal);
    const notice = cited && newer && outdatedNotice(citation, cited, newer);
    if (notice) notices.push(notice);
  }
  // Editions differ by nature; that is told above, or not at all.
  const editionsOfCited = new Set([...later.values()].flat());
  const others = ranked.filter(({ document }) => !editionsOfCited.has(document.documentId));
  const conflict = await apart(citations, others, question, editions);
  if (conflict) notices.push(conflict);
  return notices;
}

/** A conflict of two documents neither of which is a later edition of the other. */
async function apart(
  citations: readonly Citation[],
  ranked: readonly ScoredUnit[],
  question: Question,
  editions: Editions | undefined,
): Promise<AnswerNotice | null> {
  const conflict = conflictNotice(citations, ranked);
  if (conflict?.kind !== 'conflict' || !editions) return conflict;
  const [cited, other] = conflict.quotes;
  const laterThanOther = await editions.laterThan(other.documentId, question.principal);
  return laterThanOther.includes(cited.documentId) ? null : conflict;
}

/** Whether a question is about certain editions: it names one, or documents are chosen by more than their source. */
function isNarrowed(input: string, { sources, exceptDocuments, ...others }: ChunkFilter): boolean {
  return namesVersion(input) || Object.values(others).some((value) => value !== undefined);
}

/** Whether a question names a version ("in 2.25", "v3") or a day. */
function namesVersion(question: string): boolean {
  return /(?:^|[\s(])(?:v\d+(?:\.\d+)*|\d+\.\d+(?:\.\d+)*|version \d+|\d{4}-\d{2}(?:-\d{2})?)(?=[\s),.?!;:]|$)/iu.test(
    question,
  );
}

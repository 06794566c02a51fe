import { type Candidate, type CorpusPassage, type QuestionKind, questionKinds } from './generation.ts';

/** What a generated set covers of the corpus. */
export interface GenerationCoverage {
  readonly documents: { readonly covered: number; readonly total: number; readonly read: number };
  /** Of the documents that were read; of a large corpus those that the plan could come to. */
  readonly sections: { readonly covered: number; readonly total: number };
  /** Attempts and samples by kind; kinds that were not tried are absent. */
  readonly kinds: Readonly<Partial<Record<QuestionKind, { tried: number; made: number }>>>;
  /** By document, those with the most questions first. */
  readonly byDocument: readonly {
    readonly document: string;
    readonly questions: number;
    readonly sections: { readonly covered: number; readonly total: number };
  }[];
}

/** Counts what the accepted candidates start from and quote. */
export function measureCoverage(
  documents: number,
  sections: readonly CorpusPassage[],
  tried: readonly Candidate[],
  accepted: readonly Candidate[],
): GenerationCoverage {
  const byDocument = [...Map.groupBy(sections, (section) => section.documentId)].map(([document, own]) => {
    const spans = accepted.flatMap(({ origin, sample }) => [
      { document: origin.documentId, start: origin.start, end: origin.end },
      ...(sample?.evidence ?? []),
    ]);
    const covered = own.filter(({ start, end }) =>
      spans.some(
        (span) => span.document === document && (span.start ?? 0) < end && start < (span.end ?? Infinity),
      ),
    ).length;
    const questions = accepted.filter(({ origin }) => origin.documentId === document).length;
    return { document, questions, sections: { covered, total: own.length } };
  });
  const kinds = Object.fromEntries(
    questionKinds
      .map((kind) => [kind, { tried: countKind(tried, kind), made: countKind(accepted, kind) }] as const)
      .filter(([, counts]) => counts.tried > 0),
  );
  return {
    documents: {
      covered: byDocument.filter((row) => row.sections.covered > 0).length,
      total: documents,
      read: byDocument.length,
    },
    sections: {
      covered: byDocument.reduce((sum, row) => sum + row.sections.covered, 0),
      total: sections.length,
    },
    kinds,
    byDocument: byDocument.sort((a, b) => b.questions - a.questions || (a.document < b.document ? -1 : 1)),
  };
}

function countKind(candidates: readonly Candidate[], kind: QuestionKind): number {
  return candidates.filter((candidate) => candidate.kind === kind).length;
}

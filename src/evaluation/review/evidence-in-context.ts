import { type Sample, sha256 } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';

/** A piece of evidence as a reviewer sees it. */
export interface EvidenceView {
  readonly document: string;
  readonly uri: string | null;
  /** What stands around the quote; cut at white space. */
  readonly before: string;
  readonly quote: string;
  readonly after: string;
  /** `document-missing`, or `changed` where the text no longer has the hash; null where all is well. */
  readonly problem: 'document-missing' | 'changed' | null;
}

/** Characters shown on each side of a quote, and of a document that stands as evidence without a place. */
const contextLength = 300;
const documentLength = 700;

/** Evidence of a sample in its context, hidden documents included, read from the corpus. */
export async function showEvidence(sample: Sample, readDocument: ReadDocument): Promise<EvidenceView[]> {
  const views: EvidenceView[] = [];
  const hidden = (sample.hiddenDocuments ?? []).map((document) => ({ document }));
  for (const piece of [...(sample.evidence ?? []), ...hidden]) {
    const { document, start, end, hash } = { start: undefined, end: undefined, hash: undefined, ...piece };
    const found = await readDocument(document);
    if (found === null) {
      const problem = 'document-missing' as const;
      views.push({ document, uri: null, before: '', quote: '', after: '', problem });
      continue;
    }
    const { text, uri } = found;
    if (start === undefined || end === undefined) {
      views.push({
        document,
        uri,
        before: '',
        quote: text.slice(0, documentLength),
        after: '',
        problem: null,
      });
      continue;
    }
    const quote = text.slice(start, end);
    views.push({
      document,
      uri,
      before: text
        .slice(Math.max(0, start - contextLength), start)
        .replace(/^\S*\s/, start > contextLength ? '' : '$&'),
      quote,
      after: text
        .slice(end, end + contextLength)
        .replace(/\s\S*$/, end + contextLength < text.length ? '' : '$&'),
      problem: hash !== undefined && sha256(quote) !== hash ? 'changed' : null,
    });
  }
  return views;
}

import type { Citation, Quotation } from '../../core/index.ts';
import type { StoredDocument } from '../../knowledge/index.ts';

/** An exact quotation of a document. */
export function quotationOf(
  document: StoredDocument,
  { start, end }: { readonly start: number; readonly end: number },
  place: Citation['place'] | null,
): Quotation {
  return {
    documentId: document.documentId,
    version: document.version,
    uri: document.uri,
    start,
    end,
    quote: document.text.slice(start, end),
    ...(place ? { place } : {}),
    ...(document.date === undefined ? {} : { date: document.date }),
  };
}

import type { ReadDocument, ScoredSample } from '../evaluated.ts';

/**
 * The texts that the answer had before it, in rank order: as an external pipeline gave them, else the slices of the
 * corpus. Null where one cannot be had: its document is gone, or the pipeline named it without its text.
 */
export async function contextTexts(
  { answer }: Pick<ScoredSample, 'answer'>,
  readDocument: ReadDocument,
): Promise<string[] | null> {
  const texts: string[] = [];
  for (const { text, documentId, start, end } of answer.contexts) {
    if (text !== undefined) {
      texts.push(text);
      continue;
    }
    if (documentId === null) return null;
    const document = await readDocument(documentId);
    if (document === null || (end !== null && end > document.text.length)) return null;
    texts.push(document.text.slice(start ?? 0, end ?? undefined));
  }
  return texts;
}

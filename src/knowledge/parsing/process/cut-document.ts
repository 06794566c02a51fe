import { chunkDocument } from '../../chunking/chunk-document.ts';
import { parseDocument } from '../parse-document.ts';
import type { CutDocument, ParseTask } from './parse-task.ts';

/** Parses a document and cuts it; throws as `parseDocument` does. */
export async function cutDocument({ raw, maxTokens }: ParseTask): Promise<CutDocument> {
  const document = await parseDocument(raw);
  return { document, chunks: chunkDocument(document, { maxTokens }) };
}

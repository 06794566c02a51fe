import { chunkDocument } from '../chunking/chunk-document.ts';
import { parseDocument } from '../parsing/parse-document.ts';
import type { DocumentPipeline } from './prepare-document.ts';

/** Raised whenever parsing or cutting gives another result for the same document, so that it is read anew. */
const pipelineRevision = 1;

/** The house's own way from a document to chunks: `parseDocument`, then `chunkDocument`. */
export function createDocumentPipeline(options: { maxTokens?: number | undefined } = {}): DocumentPipeline {
  const { maxTokens } = options;
  return {
    settings: { revision: pipelineRevision, maxTokens },
    parse: parseDocument,
    chunk: (document) => chunkDocument(document, { maxTokens }),
  };
}

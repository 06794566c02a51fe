import type { DocumentPipeline } from './prepare-document.ts';

/** Raised whenever parsing or cutting gives another result for the same document, so that it is read anew. */
const pipelineRevision = 1;

/**
 * The house's own way from a document to chunks: `parseDocument`, then `chunkDocument`. The parsers are loaded
 * with the first document, so that a search does not wait for them.
 */
export function createDocumentPipeline(options: { maxTokens?: number | undefined } = {}): DocumentPipeline {
  const { maxTokens } = options;
  return {
    settings: { revision: pipelineRevision, maxTokens },
    async parse(raw) {
      const { parseDocument } = await import('../parsing/parse-document.ts');
      return parseDocument(raw);
    },
    async chunk(document) {
      const { chunkDocument } = await import('../chunking/chunk-document.ts');
      return chunkDocument(document, { maxTokens });
    },
  };
}

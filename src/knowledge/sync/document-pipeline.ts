import { FulcrumError } from '../../core/index.ts';
import type { Chunk, DocumentWarning, ParsedDocument, RawDocument } from '../document.ts';
import { defaultParsingLimits, type ParsingLimits } from '../parsing/parsing-limits.ts';
import type { ParseProcesses } from '../parsing/process/parse-processes.ts';
import type { DocumentPipeline } from './prepare-document.ts';

/** Raised whenever parsing or cutting gives another result for the same document, so that it is read anew. */
const pipelineRevision = 2;

/** Many marks or much indentation before a text: nesting, which takes a parser longer than its size says. */
const nested = /^(?:[ \t]{40}|(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])[ \t]?){6})/m;

/** Texts up to this size are parsed in this process: it takes less time than sending them to another. */
const smallText = 24 * 1024;
const cheapTypes = new Set([
  'text/markdown',
  'text/mdx',
  'text/plain',
  'text/html',
  'text/csv',
  'text/x-source',
]);

/**
 * The house's own way from a document to chunks. Small texts are parsed here, everything else in a process of its own,
 * where time and memory are limited. Parsers are loaded with the first document, so that a search does not wait for
 * them.
 */
export function createDocumentPipeline(
  options: {
    readonly maxTokens?: number | undefined;
    readonly limits?: Partial<ParsingLimits> | undefined;
    /** Called for what is missing of a document that was taken. */
    readonly onWarning?: ((uri: string, warning: DocumentWarning) => void) | undefined;
  } = {},
): DocumentPipeline {
  const { maxTokens } = options;
  const limits = { ...defaultParsingLimits, ...options.limits };
  let processes: Promise<ParseProcesses> | null = null;
  const startProcesses = async (): Promise<ParseProcesses> => {
    const { createParseProcesses } = await import('../parsing/process/parse-processes.ts');
    return createParseProcesses(limits);
  };
  /** Chunks that came with a document from its process. */
  const cut = new WeakMap<ParsedDocument, readonly Chunk[]>();
  const parse = async ({ key, uri, content, mediaType, title }: RawDocument): Promise<ParsedDocument> => {
    const bytes = sizeOf(content);
    if (bytes > limits.bytes)
      throw new FulcrumError('file-too-large', { path: uri, bytes, limit: limits.bytes });
    const raw = { key, uri, content, mediaType, title };
    if (bytes <= smallText && cheapTypes.has(mediaType) && !nested.test(content.toString())) {
      const { parseDocument } = await import('../parsing/parse-document.ts');
      return parseDocument(raw);
    }
    processes ??= startProcesses();
    const { document, chunks } = await (await processes).parse({ raw, maxTokens });
    cut.set(document, chunks);
    return document;
  };
  return {
    settings: { revision: pipelineRevision, maxTokens },
    async parse(raw) {
      const { uri } = raw;
      const document = await parse(raw);
      for (const warning of document.warnings) options.onWarning?.(uri, warning);
      return document;
    },
    async chunk(document) {
      const ready = cut.get(document);
      if (ready) return ready;
      const { chunkDocument } = await import('../chunking/chunk-document.ts');
      return chunkDocument(document, { maxTokens });
    },
  };
}

function sizeOf(content: RawDocument['content']): number {
  return typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
}

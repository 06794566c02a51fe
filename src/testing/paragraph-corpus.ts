import type { Chunk, DocumentPipeline, RawDocument, Source } from '../knowledge/index.ts';

/** A source over documents in memory: key to text, or to an error that stands for an unreadable document. */
export function createMemorySource(
  name: string,
  documents: Readonly<Record<string, string | Error>>,
  options: { readers?: readonly string[] | undefined; failsAfter?: { count: number; error: Error } } = {},
): Source {
  return {
    name,
    async *read() {
      let count = 0;
      for (const [key, content] of Object.entries(documents)) {
        if (options.failsAfter?.count === count++) throw options.failsAfter.error;
        const item = { key, uri: `${key}.txt` };
        if (content instanceof Error) {
          yield { ok: false as const, ...item, error: content };
          continue;
        }
        const document: RawDocument = { ...item, content, mediaType: 'text/plain', readers: options.readers };
        yield { ok: true as const, document };
      }
      if (options.failsAfter?.count === count) throw options.failsAfter.error;
    },
  };
}

/** The simplest pipeline: text as it is, one chunk for each paragraph. */
export function createParagraphPipeline(settings: unknown = 1): DocumentPipeline {
  return {
    settings,
    parse: (raw) => ({
      text: raw.content.toString(),
      title: null,
      blocks: [],
      places: [],
      attributes: {},
      warnings: [],
    }),
    chunk(document) {
      const chunks: Chunk[] = [];
      for (const match of document.text.matchAll(/[^\n]+\n*/g))
        chunks.push({
          ordinal: chunks.length,
          start: match.index,
          end: match.index + match[0].length,
          titlePath: [],
          indexedText: match[0].trim(),
        });
      return chunks;
    },
  };
}

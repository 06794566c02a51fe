import type { Chunk, DocumentPipeline, RawDocument, Source } from '../knowledge/index.ts';

/** A source over documents in memory: key to text, or to an error that stands for an unreadable document. */
export function createMemorySource(
  name: string,
  documents: Readonly<Record<string, string | Error>>,
  options: { readers?: readonly string[] | undefined; failsAfter?: { count: number; error: Error } } = {},
): Source {
  const uriOf = (key: string): string => `${key}.txt`;
  return {
    name,
    capabilities: { versions: 'content' },
    async *list({ signal } = {}) {
      signal?.throwIfAborted();
      let count = 0;
      for (const [key, content] of Object.entries(documents)) {
        if (options.failsAfter?.count === count++) throw options.failsAfter.error;
        const item = { key, uri: uriOf(key) };
        if (content instanceof Error) yield { ok: false as const, ...item, error: content };
        else yield { ok: true as const, item: { ...item, version: null } };
      }
      if (options.failsAfter?.count === count) throw options.failsAfter.error;
    },
    async read({ key }, { signal } = {}): Promise<RawDocument> {
      signal?.throwIfAborted();
      const content = documents[key];
      if (content === undefined || content instanceof Error) throw content ?? new Error(`no document ${key}`);
      return { key, uri: uriOf(key), content, mediaType: 'text/plain', readers: options.readers };
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

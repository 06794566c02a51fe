import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RankedPassage } from '../../src/experiments/index.ts';
import { estimateTokens } from '../../src/knowledge/index.ts';
import type { EmbeddingModel } from '../../src/models/index.ts';
import { type BenchDocument, type Contestant, passagesAsked, placeChunks } from './contestant.ts';

/** Where peers are installed on demand: (cd bench/peers/retrieval && npm install). */
const folder = join(import.meta.dirname, '../peers/retrieval');

export function peersInstalled(): boolean {
  return existsSync(join(folder, 'node_modules'));
}

// biome-ignore lint/suspicious/noExplicitAny: packages that are not installed at the root have no types here
async function load(specifier: string): Promise<any> {
  const resolve = createRequire(join(folder, 'package.json')).resolve;
  return import(pathToFileURL(resolve(specifier)).href);
}

/** A chunk of a peer with its place; `start` is null where its text is not in the document as it was given. */
interface PeerChunk {
  readonly text: string;
  readonly passage: RankedPassage;
}

/** The title stands before the text, as both projects' users put it there. */
function given({ title, text }: BenchDocument): string {
  return title === '' ? text : `${title}\n\n${text}`;
}

async function cut(
  documents: readonly BenchDocument[],
  split: (text: string) => Promise<readonly string[]>,
): Promise<{ chunks: PeerChunk[]; unplaced: number }> {
  const chunks: PeerChunk[] = [];
  let unplaced = 0;
  for (const document of documents) {
    const whole = given(document);
    const shift = whole.length - document.text.length;
    const pieces = await split(whole);
    for (const [index, place] of placeChunks(whole, pieces).entries()) {
      const text = pieces[index]!;
      if (text.trim() === '') continue;
      if (!place) unplaced++;
      const start = Math.max(0, (place?.start ?? 0) - shift);
      const end = Math.max(start, (place?.end ?? 0) - shift);
      chunks.push({ text, passage: { documentId: document.id, start, end, tokens: estimateTokens(text) } });
    }
  }
  return { chunks, unplaced };
}

/** Told of chunks whose text is not in the document, which then count for the document but for no span. */
type Notice = (text: string) => void;

/** LangChain.js with its recursive splitter at its defaults: the memory vector store, and that in an ensemble with its BM25 retriever. */
export async function langchain(
  documents: readonly BenchDocument[],
  model: EmbeddingModel,
  notice: Notice,
): Promise<Contestant[]> {
  const { RecursiveCharacterTextSplitter } = await load('@langchain/textsplitters');
  const { MemoryVectorStore } = await load('@langchain/classic/vectorstores/memory');
  const { BM25Retriever } = await load('@langchain/community/retrievers/bm25');
  const { EnsembleRetriever } = await load('@langchain/classic/retrievers/ensemble');
  const { Document } = await load('@langchain/core/documents');
  const splitter = new RecursiveCharacterTextSplitter();
  const { chunks, unplaced } = await cut(documents, (text) => splitter.splitText(text));
  if (unplaced > 0) notice(`LangChain.js: ${unplaced} of ${chunks.length} chunks are not verbatim`);
  const store = new MemoryVectorStore({
    embedDocuments: async (texts: string[]) => plain(await model.embedDocuments(texts)),
    embedQuery: async (text: string) => plain(await model.embedQueries([text]))[0],
  });
  const made = chunks.map(({ text, passage }) => new Document({ pageContent: text, metadata: { passage } }));
  await store.addDocuments(made);
  const ensemble = new EnsembleRetriever({
    retrievers: [
      BM25Retriever.fromDocuments(made, { k: passagesAsked }),
      store.asRetriever({ k: passagesAsked }),
    ],
  });
  const passagesOf = (found: { metadata: { passage: RankedPassage } }[]): RankedPassage[] =>
    found.slice(0, passagesAsked).map(({ metadata }) => metadata.passage);
  return [
    {
      name: 'LangChain.js vectors',
      search: async (query) => passagesOf(await store.similaritySearch(query, passagesAsked)),
    },
    { name: 'LangChain.js ensemble', search: async (query) => passagesOf(await ensemble.invoke(query)) },
  ];
}

/** Mastra: chunks of `MDocument`, recursive, in its LibSQL vector store in memory, whose search is then exact. */
export async function mastra(
  documents: readonly BenchDocument[],
  model: EmbeddingModel,
  notice: Notice,
): Promise<Contestant[]> {
  const { MDocument } = await load('@mastra/rag');
  const { LibSQLVector } = await load('@mastra/libsql');
  const { chunks, unplaced } = await cut(documents, async (text) => {
    const pieces: { text: string }[] = await MDocument.fromMarkdown(text).chunk({
      ...{ strategy: 'recursive', maxSize: 1000, overlap: 200 },
    });
    return pieces.map((piece) => piece.text);
  });
  if (unplaced > 0) notice(`Mastra: ${unplaced} of ${chunks.length} chunks are not verbatim`);
  const store = new LibSQLVector({ id: 'bench', url: 'file::memory:?cache=shared' });
  const indexName = `bench_${Date.now()}`;
  await store.createIndex({ indexName, dimension: model.dimensions });
  // Its queries in memory do not use the index, and building it takes longer than all else.
  await store.turso.execute(`DROP INDEX IF EXISTS ${indexName}_vector_idx`);
  for (let start = 0; start < chunks.length; start += 500) {
    const part = chunks.slice(start, start + 500);
    await store.upsert({
      indexName,
      vectors: plain(await model.embedDocuments(part.map(({ text }) => text))),
      metadata: part.map(({ passage }) => ({ passage })),
    });
  }
  return [
    {
      name: 'Mastra',
      async search(query) {
        const [queryVector] = plain(await model.embedQueries([query]));
        const found: { metadata: { passage: RankedPassage } }[] = await store.query({
          ...{ indexName, queryVector, topK: passagesAsked },
        });
        return found.map(({ metadata }) => metadata.passage);
      },
    },
  ];
}

function plain({ vectors }: { vectors: readonly Float32Array[] }): number[][] {
  return vectors.map((vector) => [...vector]);
}

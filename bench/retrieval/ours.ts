import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTunedSearch } from '../../src/app/tuned-search.ts';
import { localOwner, sha256 } from '../../src/core/index.ts';
import { openDatabase } from '../../src/database/index.ts';
import {
  objectiveFor,
  type RankedPassage,
  type TunedSettings,
  type TuningReport,
  tuneRetrieval,
  tuningSpace,
} from '../../src/experiments/index.ts';
import {
  type ArmName,
  createDocumentPipeline,
  createDocumentReader,
  createLanceStore,
  createRetriever,
  createSource,
  createSynchroniser,
  estimateTokens,
  knowledgeMigrations,
  type RetrieveOptions,
  type Retriever,
  type Source,
} from '../../src/knowledge/index.ts';
import type { EmbeddingModel } from '../../src/models/index.ts';
import { type BenchDocument, type Contestant, passagesAsked } from './contestant.ts';
import type { JudgedCorpus, JudgedQuestion } from './judged-sets.ts';

/** A corpus as Fulcrum has it: synced with the defaults into a temporary folder. */
export interface OurIndex {
  readonly documents: readonly BenchDocument[];
  readonly chunks: number;
  readonly retriever: Retriever;
  close(): Promise<void>;
}

/** @param share of the documents that are gold for no question which are taken in, chosen by a hash of their ids. */
export async function syncCorpus(
  { name, source, parts }: JudgedCorpus,
  model: EmbeddingModel,
  share: number,
): Promise<OurIndex> {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-bench-'));
  const database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  const store = createLanceStore({ directory: join(folder, 'index') });
  const options = { database, store, embeddingModel: async () => model };
  // Names of sources have no spaces, and document ids begin with them.
  const sourceName = name.split(' ')[0]!;
  const gold = new Set(
    parts.flatMap(({ questions }) => questions.flatMap((each) => each.gold.map(({ document }) => document))),
  );
  const { chunks, failed } = await createSynchroniser({
    ...options,
    tenant: localOwner.tenant,
    pipeline: createDocumentPipeline(),
    lockFile: join(folder, 'sync.lock'),
  }).sync([partOf(createSource(sourceName, source, { projectDirectory: '.' }), gold, share)]);
  if (failed.length > 0) throw new Error(`${name}: ${failed.length} documents failed to sync`);
  const reader = createDocumentReader({ database });
  const documents: BenchDocument[] = [];
  for (const { documentId } of await reader.list(localOwner)) {
    const document = await reader.read(documentId, localOwner);
    // A title that was parsed from the text stands in it already.
    if (document)
      documents.push({
        id: documentId,
        title: document.title && !document.text.includes(document.title) ? document.title : '',
        text: document.text,
      });
  }
  return {
    documents,
    chunks,
    retriever: createRetriever(options),
    async close() {
      await store.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A source without most of the documents that nobody looks for. */
function partOf(source: Source, gold: ReadonlySet<string>, share: number): Source {
  const isIn = (key: string): boolean =>
    gold.has(`${source.name}:${key}`) || Number.parseInt(sha256(key).slice(0, 8), 16) / 2 ** 32 < share;
  return {
    ...source,
    async *list(options) {
      for await (const listing of source.list(options))
        if (!listing.ok || isIn(listing.item.key)) yield listing;
    },
    read: (item, options) => source.read(item, options),
  };
}

/** Search by one arm, or by both at a weight (the default one where none is given). */
export function ours(
  name: string,
  { retriever }: OurIndex,
  arm: ArmName,
  settings: RetrieveOptions = {},
): Contestant {
  return {
    name,
    async search(query) {
      const { hits } = await retriever.retrieve(query, localOwner, {
        ...settings,
        arm,
        limit: passagesAsked,
      });
      return hits.map(
        ({ documentId, start, end, text }): RankedPassage => ({
          ...{ documentId, start, end, tokens: estimateTokens(text) },
        }),
      );
    },
  };
}

/** What `fulcrum tune retrieval` chooses on questions that are not judged. */
export function tuneOn(index: OurIndex, questions: readonly JudgedQuestion[]): Promise<TuningReport> {
  const present: TunedSettings = {
    ...{ weight: 0.8, 'chunk-size': 200, neighbours: 0, k: null, rerank: null },
    'near-duplicates': 'keep',
  };
  const dimensions = ['weight'] as const;
  return tuneRetrieval({
    dataset: 'bench',
    questions,
    testQuestions: [],
    objective: objectiveFor(questions, 1000),
    present,
    dimensions,
    space: tuningSpace({ present, dimensions, chunkSizes: [], rerankers: [] }),
    margin: 0.05,
    retrieve: createTunedSearch({
      ...{ retrieverFor: async () => index.retriever, configured: {}, hitsToBudget: 100 },
    }),
  });
}

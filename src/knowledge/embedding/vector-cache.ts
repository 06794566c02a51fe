import { sha256, type WorkOptions } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { inTransaction, type KnowledgeHandle, knowledgeTables } from '../migrations.ts';

/** Texts embedded between two writes; at most these are embedded again after a crash. */
const textsPerWrite = 64;
const keysPerQuery = 500;

/** What embedding took: texts that the model was asked for, its tokens, and seconds of waiting for it. */
export interface EmbedFigures {
  readonly texts: number;
  readonly tokens: number;
  readonly seconds: number;
}

/**
 * Vectors of texts, embedding only those that this model has not embedded before; each is kept in the database
 * as soon as it is made.
 * @param texts by the sha256 of the text.
 */
export async function embedCached(
  database: Database,
  model: EmbeddingModel,
  texts: ReadonlyMap<string, string>,
  options: WorkOptions = {},
): Promise<{ vectors: Map<string, Float32Array>; made: EmbedFigures }> {
  const vectors = await readVectors(knowledgeTables(database), model.fingerprint, [...texts.keys()]);
  const missing = [...texts].filter(([hash]) => !vectors.has(hash));
  let tokens = 0;
  let seconds = 0;
  for (let start = 0; start < missing.length; start += textsPerWrite) {
    options.signal?.throwIfAborted();
    const startedAt = performance.now();
    const part = missing.slice(start, start + textsPerWrite);
    const result = await model.embedDocuments(
      part.map(([, text]) => text),
      { signal: options.signal, onNotice: options.onNotice },
    );
    tokens += result.tokens;
    seconds += (performance.now() - startedAt) / 1000;
    const rows = part.map(([indexed_hash], index) => {
      const vector = result.vectors[index]!;
      vectors.set(indexed_hash, vector);
      const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
      return { fingerprint: model.fingerprint, indexed_hash, vector: bytes };
    });
    await inTransaction(database, async (tables) => {
      await tables
        .insertInto('embeddings')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['fingerprint', 'indexed_hash']).doNothing())
        .execute();
    });
    options.onProgress?.({ phase: 'embedding', done: vectors.size, total: texts.size, unit: 'chunks' });
  }
  return { vectors, made: { texts: missing.length, tokens, seconds } };
}

/**
 * The model, asked only for documents whose vector by it is not in the database yet; nothing is written there. For a second
 * index that shares most of its texts with the first.
 */
export function reuseVectors(model: EmbeddingModel, database: Database): EmbeddingModel {
  return {
    ...model,
    async embedDocuments(texts, work) {
      const hashes = texts.map(sha256);
      const known = await readVectors(knowledgeTables(database), model.fingerprint, [...new Set(hashes)]);
      const missing = texts.filter((_, index) => !known.has(hashes[index]!));
      const made = await model.embedDocuments(missing, work);
      for (const [index, text] of missing.entries()) known.set(sha256(text), made.vectors[index]!);
      return { ...made, vectors: hashes.map((hash) => known.get(hash)!) };
    },
    embedQueries: (texts, work) => model.embedQueries(texts, work),
    close: () => model.close(),
  };
}

async function readVectors(
  tables: KnowledgeHandle,
  fingerprint: string,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  for (let start = 0; start < hashes.length; start += keysPerQuery) {
    const rows = await tables
      .selectFrom('embeddings')
      .select(['indexed_hash', 'vector'])
      .where('fingerprint', '=', fingerprint)
      .where('indexed_hash', 'in', hashes.slice(start, start + keysPerQuery))
      .execute();
    // A copy, because the bytes of a row need not lie where four-byte numbers may.
    for (const row of rows) vectors.set(row.indexed_hash, new Float32Array(row.vector.slice().buffer));
  }
  return vectors;
}

/** Forgets the vectors of texts that are in no kept state of a document, and those of models that no kept version was made with. */
export async function pruneVectors(database: Database): Promise<void> {
  await inTransaction(database, async (tables) => {
    await tables
      .deleteFrom('embeddings')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('chunks')
              .select('chunks.ordinal')
              .whereRef('chunks.indexed_hash', '=', 'embeddings.indexed_hash'),
          ),
        ),
      )
      .execute();
    const models = await tables
      .selectFrom('index_versions')
      .select('embedding_fingerprint as fingerprint')
      .union(tables.selectFrom('index_state').select('embedding_fingerprint as fingerprint'))
      .execute();
    const used = models.flatMap(({ fingerprint }) => fingerprint ?? []);
    await tables
      .deleteFrom('embeddings')
      .$if(used.length > 0, (query) => query.where('fingerprint', 'not in', used))
      .execute();
  });
}

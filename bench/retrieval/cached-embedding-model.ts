import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EmbeddingModel, Embeddings } from '../../src/models/index.ts';

/** Texts embedded between two writes; at most these are embedded again after a kill. */
const textsPerWrite = 32;

export interface CachedEmbeddingModel extends EmbeddingModel {
  /** Texts that the model itself was asked for. */
  readonly made: number;
}

/**
 * A model whose vectors are kept on disk by the hash of what was embedded, so that all tools of a comparison share them
 * and a second run embeds nothing.
 */
export function cacheEmbeddings(model: EmbeddingModel, file: string): CachedEmbeddingModel {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 60000; create table if not exists vectors (key text primary key, vector blob) without rowid',
  );
  const select = database.prepare('select vector from vectors where key = ?');
  const insert = database.prepare('insert or ignore into vectors (key, vector) values (?, ?)');
  const keyOf = (kind: string, text: string): string =>
    createHash('sha256').update(`${model.fingerprint}\n${kind}\n${text}`).digest('hex');
  let made = 0;

  const embed = async (
    kind: 'documents' | 'queries',
    texts: readonly string[],
    work?: Parameters<EmbeddingModel['embedDocuments']>[1],
  ): Promise<Embeddings> => {
    const keys = texts.map((text) => keyOf(kind, text));
    const known = new Map<string, Float32Array>();
    const missing = new Map<string, string>();
    for (const [index, key] of keys.entries()) {
      const row = select.get(key) as { vector: Uint8Array } | undefined;
      if (row) known.set(key, new Float32Array(row.vector.slice().buffer));
      else missing.set(key, texts[index]!);
    }
    const open = [...missing];
    let tokens = 0;
    let coreSeconds = 0;
    let cost: Embeddings['cost'] = { usd: 0, source: 'none', priceDate: null, basis: 'kept on disk' };
    for (let start = 0; start < open.length; start += textsPerWrite) {
      const part = open.slice(start, start + textsPerWrite);
      const asked = part.map(([, text]) => text);
      const result =
        kind === 'documents'
          ? await model.embedDocuments(asked, work)
          : await model.embedQueries(asked, work);
      database.exec('begin');
      for (const [index, [key]] of part.entries()) {
        const vector = result.vectors[index]!;
        known.set(key, vector);
        insert.run(key, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
      }
      database.exec('commit');
      made += part.length;
      tokens += result.tokens;
      coreSeconds += result.coreSeconds;
      cost = result.cost;
    }
    return { vectors: keys.map((key) => known.get(key)!), tokens, coreSeconds, cost };
  };

  return {
    id: model.id,
    fingerprint: model.fingerprint,
    dimensions: model.dimensions,
    maxTokens: model.maxTokens,
    local: model.local,
    get made() {
      return made;
    },
    embedDocuments: (texts, work) => embed('documents', texts, work),
    embedQueries: (texts, work) => embed('queries', texts, work),
    async close() {
      database.close();
      await model.close();
    },
  };
}

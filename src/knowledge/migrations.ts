import type { Kysely } from 'kysely';
import { type Database, type Migrations, tablesOf } from '../database/index.ts';
import {
  type DeletionTables,
  deletionMigrations,
  hasUnfinishedDeletions,
} from './deletion/deletion-migrations.ts';
import { versionMigration } from './version-migration.ts';

/** Tables of the knowledge room. Members that hold JSON are texts; the room parses them itself. */
export interface KnowledgeTables extends DeletionTables {
  /** Documents that can be found; `live_revision` is the one state that searches show. */
  documents: {
    tenant: string;
    /** `SOURCE:KEY`. */
    id: string;
    source: string;
    key: string;
    uri: string;
    title: string | null;
    /** sha256 of the canonical text. */
    live_version: string;
    live_revision: string;
    /** Hash of what the source gave and of the settings: while it stays, nothing is parsed. */
    input_hash: string;
    /** Hash of the version that the source declares and of the settings; null where it declares none. */
    source_version: string | null;
    /** JSON array of reader tokens. */
    readers: string;
    /** BCP 47; null where nobody says. */
    language: string | null;
    /** ISO 8601 day or instant that the content is from. */
    date: string | null;
    /** JSON object: name to text or array of texts. */
    metadata: string;
    created_at: string;
    updated_at: string;
  };
  /**
   * States of documents with all that is needed to show them and to make them live again. A state is written before it is live
   * and kept as long as a kept version of the index has it (`version_documents`).
   */
  document_revisions: {
    tenant: string;
    document_id: string;
    /** Text, cuts, indexed texts and access list in one hash; the `version` of the chunk store. */
    revision: string;
    version: string;
    text: string;
    chunk_count: number;
    /** Of a live revision: 1 when the vectors of all its chunks are in the index. Means nothing otherwise. */
    embedded: number;
    source: string;
    key: string;
    uri: string;
    title: string | null;
    input_hash: string;
    source_version: string | null;
    /** JSON array of reader tokens. */
    readers: string;
    language: string | null;
    date: string | null;
    /** JSON object: name to text or array of texts. */
    metadata: string;
    /** JSON array of `Place`. */
    places: string;
    created_at: string;
  };
  /** Versions of a tenant's index: what could be found between two changes. Numbers start at 1 and are never used again. */
  index_versions: {
    tenant: string;
    number: number;
    created_at: string;
    /** Null while the sync that makes it is running, or when it was interrupted: the next one goes on with it. */
    completed_at: string | null;
    /** What made it: `sync`, `rollback`, `deletion`, or `settings` for another embedding model or other cuts. */
    reason: string;
    /** Said by who made it; null where nothing was. */
    note: string | null;
    /** 1: kept whatever the rule of retention says. */
    pinned: number;
    corpus_hash: string;
    documents: number;
    chunks: number;
    added: number;
    changed: number;
    removed: number;
    renamed: number;
    /** Texts that the embedding model was asked for, their estimated tokens, and the time it took. */
    embedded: number;
    embedded_tokens: number;
    embed_seconds: number;
    embedding_model: string | null;
    embedding_fingerprint: string | null;
    /** JSON of what the cuts depend on. */
    settings: string | null;
  };
  /**
   * Which documents a version holds: those whose row has `from_version` <= it and `to_version` above it or null. A change costs a
   * row, an unchanged document none, however many versions there are.
   */
  version_documents: {
    tenant: string;
    document_id: string;
    revision: string;
    from_version: number;
    /** First version that no longer has it; null while it is live. */
    to_version: number | null;
  };
  /** States that become live together when a second index replaces the live one. */
  staged_documents: {
    tenant: string;
    document_id: string;
    revision: string;
  };
  chunks: {
    tenant: string;
    document_id: string;
    revision: string;
    ordinal: number;
    start_offset: number;
    end_offset: number;
    /** JSON array. */
    title_path: string;
    indexed_text: string;
    /** sha256 of `indexed_text`, the key of its vector in `embeddings`. */
    indexed_hash: string;
  };
  /** Vectors by what was embedded, so that the same text is never embedded twice. */
  embeddings: {
    fingerprint: string;
    indexed_hash: string;
    /** Float32, little-endian. */
    vector: Uint8Array;
  };
  index_state: {
    tenant: string;
    /** XOR of the hashes of all live revisions: the same corpus has the same value in whatever order it came. */
    corpus_hash: string;
    documents: number;
    chunks: number;
    embedded_chunks: number;
    /** Model whose vectors the index holds; null while there are none. */
    embedding_fingerprint: string | null;
    /** Id of that model, so that it can still be asked when the config names another. */
    embedding_model: string | null;
    /** JSON of what the cuts of the live documents depend on; null where a database of before does not say. */
    settings: string | null;
    /** Newest version of the index; null before the first change. */
    version: number | null;
    /** Which tables of the store are searched. */
    generation: number;
    /** Tables that are being built to replace them; null when there are none. */
    next_generation: number | null;
    /** 1 when all documents of `next_generation` are staged, so that only vectors are missing; 2 when some have cuts of before. */
    staged: number;
    /** Tables that were replaced and are to be dropped. */
    retired_generation: number | null;
  };
}

/** The handle of this room's tables. */
export type KnowledgeHandle = Kysely<KnowledgeTables>;

/** This room's tables, read as they are stored: a document that looks like JSON stays text. */
export function knowledgeTables(database: Parameters<typeof tablesOf>[0]): KnowledgeHandle {
  return tablesOf<KnowledgeTables>(database).withoutPlugins();
}

/** One transaction over this room's tables. */
export function inTransaction<T>(
  database: Database,
  work: (tables: KnowledgeHandle) => Promise<T>,
): Promise<T> {
  return database.transaction((transaction) => work(knowledgeTables(transaction)));
}

export const knowledgeMigrations: Migrations = {
  'knowledge-001-documents': {
    up: async (handle) => {
      const { schema } = handle;
      await schema
        .createTable('documents')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('uri', 'text', (column) => column.notNull())
        .addColumn('title', 'text')
        .addColumn('live_version', 'text', (column) => column.notNull())
        .addColumn('live_revision', 'text', (column) => column.notNull())
        .addColumn('input_hash', 'text', (column) => column.notNull())
        .addColumn('readers', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('documents_key', ['tenant', 'id'])
        .execute();
      await schema
        .createTable('document_revisions')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('document_id', 'text', (column) => column.notNull())
        .addColumn('revision', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('chunk_count', 'integer', (column) => column.notNull())
        .addColumn('embedded', 'integer', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('document_revisions_key', ['tenant', 'document_id', 'revision'])
        .execute();
      await schema
        .createTable('chunks')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('document_id', 'text', (column) => column.notNull())
        .addColumn('revision', 'text', (column) => column.notNull())
        .addColumn('ordinal', 'integer', (column) => column.notNull())
        .addColumn('start_offset', 'integer', (column) => column.notNull())
        .addColumn('end_offset', 'integer', (column) => column.notNull())
        .addColumn('title_path', 'text', (column) => column.notNull())
        .addColumn('indexed_text', 'text', (column) => column.notNull())
        .addColumn('indexed_hash', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('chunks_key', ['tenant', 'document_id', 'revision', 'ordinal'])
        .execute();
      await schema.createIndex('chunks_by_indexed_hash').on('chunks').column('indexed_hash').execute();
      await schema
        .createTable('embeddings')
        .addColumn('fingerprint', 'text', (column) => column.notNull())
        .addColumn('indexed_hash', 'text', (column) => column.notNull())
        // Postgres has no "blob"; SQLite stores bytes as they are under any name of a type.
        .addColumn('vector', 'bytea', (column) => column.notNull())
        .addPrimaryKeyConstraint('embeddings_key', ['fingerprint', 'indexed_hash'])
        .execute();
      await schema
        .createTable('index_state')
        .addColumn('tenant', 'text', (column) => column.primaryKey())
        .addColumn('corpus_hash', 'text', (column) => column.notNull())
        .addColumn('documents', 'integer', (column) => column.notNull())
        .addColumn('chunks', 'integer', (column) => column.notNull())
        .addColumn('embedded_chunks', 'integer', (column) => column.notNull())
        .addColumn('embedding_fingerprint', 'text')
        .execute();
    },
  },
  'knowledge-002-versions': versionMigration,
  ...deletionMigrations,
  // Counting what is live and what is embedded, at each batch of a sync, would otherwise read a page for each document's text.
  'knowledge-011-revision-counts': {
    up: (handle) =>
      handle.schema
        .createIndex('revision_counts')
        .on('document_revisions')
        .columns(['tenant', 'document_id', 'revision', 'chunk_count', 'embedded'])
        .execute(),
  },
};

export { hasUnfinishedDeletions };

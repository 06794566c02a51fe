import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Migrations } from '../database/index.ts';

/** Columns that a state of a document has as well, so that it can be read without the live row. */
const copied = ['source', 'key', 'uri', 'title', 'input_hash', 'readers'] as const;

/** Versions of the index. What is live in an older database becomes its version 1. */
export const versionMigration: Migrations[string] = {
  up: async (handle) => {
    await addColumns(handle);
    await createTables(handle);
    await fillRevisions(handle);
    await recordFirstVersions(handle);
  },
};

async function addColumns({ schema }: Kysely<unknown>): Promise<void> {
  const add = async (table: string, nullable: readonly string[], defaults: Record<string, string>) => {
    for (const name of nullable) await schema.alterTable(table).addColumn(name, 'text').execute();
    for (const [name, value] of Object.entries(defaults))
      await schema
        .alterTable(table)
        .addColumn(name, 'text', (column) => column.notNull().defaultTo(value))
        .execute();
  };
  await add('documents', ['source_version', 'language', 'date'], { metadata: '{}' });
  await add('document_revisions', ['title', 'source_version', 'language', 'date'], {
    source: '',
    key: '',
    uri: '',
    input_hash: '',
    readers: '[]',
    metadata: '{}',
    places: '[]',
    created_at: '',
  });
  await add('index_state', ['embedding_model', 'settings'], {});
  for (const name of ['version', 'next_generation', 'retired_generation'])
    await schema.alterTable('index_state').addColumn(name, 'integer').execute();
  for (const name of ['generation', 'staged'])
    await schema
      .alterTable('index_state')
      .addColumn(name, 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
}

async function createTables({ schema }: Kysely<unknown>): Promise<void> {
  let versions: CreateTableBuilder<string, string> = schema.createTable('index_versions');
  for (const name of ['tenant', 'created_at', 'reason', 'corpus_hash'])
    versions = versions.addColumn(name, 'text', (column) => column.notNull());
  for (const name of ['completed_at', 'note', 'embedding_model', 'embedding_fingerprint', 'settings'])
    versions = versions.addColumn(name, 'text');
  for (const name of ['number', 'pinned', 'documents', 'chunks', 'embedded', 'embedded_tokens'])
    versions = versions.addColumn(name, 'integer', (column) => column.notNull());
  for (const name of ['added', 'changed', 'removed', 'renamed'])
    versions = versions.addColumn(name, 'integer', (column) => column.notNull());
  await versions
    .addColumn('embed_seconds', sql`double precision`, (column) => column.notNull())
    .addPrimaryKeyConstraint('index_versions_key', ['tenant', 'number'])
    .execute();
  await schema
    .createTable('version_documents')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('from_version', 'integer', (column) => column.notNull())
    .addColumn('to_version', 'integer')
    .addPrimaryKeyConstraint('version_documents_key', ['tenant', 'document_id', 'from_version'])
    .execute();
  await schema
    .createIndex('version_documents_from')
    .on('version_documents')
    .columns(['tenant', 'from_version'])
    .execute();
  await schema
    .createIndex('version_documents_to')
    .on('version_documents')
    .columns(['tenant', 'to_version'])
    .execute();
  await schema
    .createTable('staged_documents')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('revision', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('staged_documents_key', ['tenant', 'document_id'])
    .execute();
}

/** Old rows have their place and readers from the live row; a state that never became live is removed by the next sync. */
async function fillRevisions(handle: Kysely<unknown>): Promise<void> {
  const columns = [...copied.map((name) => [name, name]), ['title', 'title'], ['created_at', 'updated_at']];
  for (const [name = '', from = ''] of columns)
    await sql`
      update document_revisions set ${sql.ref(name)} = (
        select ${sql.ref(`d.${from}`)} from documents d
        where d.tenant = document_revisions.tenant and d.id = document_revisions.document_id)
      where exists (
        select 1 from documents d
        where d.tenant = document_revisions.tenant and d.id = document_revisions.document_id)`.execute(
      handle,
    );
}

async function recordFirstVersions(handle: Kysely<unknown>): Promise<void> {
  const now = new Date().toISOString();
  await sql`
    insert into index_versions (tenant, number, created_at, completed_at, reason, pinned, corpus_hash, documents, chunks,
      added, changed, removed, renamed, embedded, embedded_tokens, embed_seconds, embedding_fingerprint)
    select tenant, 1, ${now}, ${now}, 'sync', 0, corpus_hash, documents, chunks, documents, 0, 0, 0, embedded_chunks, 0, 0,
      embedding_fingerprint
    from index_state where documents > 0`.execute(handle);
  await sql`
    insert into version_documents (tenant, document_id, revision, from_version)
    select tenant, id, live_revision, 1 from documents`.execute(handle);
  await sql`update index_state set version = 1 where documents > 0`.execute(handle);
}

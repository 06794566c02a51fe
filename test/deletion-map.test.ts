import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../src/database/index.ts';
import { decisionMigrations, usageMigrations } from '../src/decision/migrations.ts';
import { evaluationMigrations } from '../src/evaluation/index.ts';
import { jobMigrations } from '../src/jobs/index.ts';
import { knowledgeMigrations } from '../src/knowledge/index.ts';
import { monitoringMigrations } from '../src/monitoring/migrations.ts';
import { servingMigrations } from '../src/serving/migrations.ts';
import { tuningMigrations } from '../src/tuning/migrations.ts';

/**
 * Columns whose content may come from a document, by table. A deletion for good takes it from each of them: see
 * `takeOut`, `eraseFromEvaluation`, `eraseFromJobs`, `eraseFromDecisions` and the table in docs/deletion.md.
 */
const erased: Readonly<Record<string, readonly string[]>> = {
  documents: ['title', 'uri', 'metadata'],
  document_revisions: ['text', 'title', 'uri', 'metadata', 'places'],
  chunks: ['indexed_text', 'title_path'],
  embeddings: ['vector'],
  index_versions: ['note'],
  evaluation_samples: ['sample'],
  evaluation_erased_samples: ['rest'],
  evaluation_answers: ['answer'],
  evaluation_results: ['scores', 'error'],
  evaluation_runs: ['definition'],
  evaluation_run_scorers: ['definition'],
  evaluation_judge_calls: ['reply'],
  evaluation_claim_cells: ['reason'],
  generation_calls: ['text'],
  generation_candidates: ['candidate'],
  fact_proposals: ['facts'],
  sample_reviews: ['edit', 'note'],
  jobs: ['progress', 'result', 'error'],
  decision_records: ['decision', 'settings'],
  decision_seals: ['content'],
  tuning_row_contents: ['content'],
  tuning_events: ['message'],
  tuning_jobs: ['status', 'failure'],
  tuned_models: ['model'],
  monitoring_traces: ['content'],
  monitoring_feedback: ['feedback'],
};

/** Columns that hold ids, hashes, names, settings, counts and times only. */
const harmless: Readonly<Record<string, string>> = {
  documents:
    'tenant id source key live_version live_revision input_hash readers created_at updated_at source_version language date',
  document_revisions:
    'tenant document_id revision version source_version language date source key input_hash readers created_at',
  document_deletions:
    'id tenant state documents requested_at requested_by reason receipt salt finished_at receipt_hash',
  document_tombstones: 'tenant kind hash deletion created_at',
  chunks: 'tenant document_id revision indexed_hash',
  embeddings: 'fingerprint indexed_hash',
  index_state: 'tenant corpus_hash embedding_fingerprint embedding_model settings',
  index_versions:
    'tenant created_at reason corpus_hash completed_at embedding_model embedding_fingerprint settings',
  version_documents: 'tenant document_id revision',
  staged_documents: 'tenant document_id revision',
  evaluation_datasets: 'name hash origin imported_at',
  evaluation_samples: 'dataset id split seeded_order',
  evaluation_erased_samples: 'dataset id split deletion erased_at',
  evaluation_erased_answers: 'run sample deletion erased_at',
  evaluation_erased_documents: 'document_hash deletion erased_at',
  evaluation_answers: 'key variant sample created_at',
  evaluation_results: 'run sample cluster tags answer_key output_hash refusal usage cost',
  evaluation_runs:
    'id plan dataset dataset_hash split variant kind definition_hash metrics origin version node started_at finished_at',
  evaluation_run_scorers: 'run metric',
  evaluation_judge_calls: 'key judge usage cost created_at',
  evaluation_claim_cells: 'claim evidence judge verdict source created_at',
  evaluation_claims: 'work token host claimed_at seen_at',
  evaluation_frozen_splits: 'dataset hash method frozen_at',
  evaluation_test_looks: 'id dataset hash reason detail taken_at',
  evaluation_looks: 'comparison samples_hash taken_at',
  evaluation_look_plans: 'comparison spending declared_at',
  evaluation_sequences: 'comparison sample scores_hash',
  answer_labels: 'run sample rater answer label stratum decided_at',
  generation_calls: 'key model usage cost made_at',
  generation_candidates: 'plan made_at',
  fact_proposals: 'dataset sample sample_hash proposer made_at',
  sample_reviews: 'dataset sample rater decision sample_hash decided_at',
  jobs: 'id kind input state heartbeat_at created_at updated_at',
  decision_records: 'id decided_at corpus',
  decision_seals: 'hash dataset sealed_at',
  decision_usage: 'set_name key content format kind at until provider model',
  decision_usage_imports: 'set_name file format imported_at',
  tuning_data: 'name hash split_hash origin split_method created_at',
  tuning_rows: 'data id row_hash split',
  tuning_row_contents: 'hash',
  tuning_jobs:
    'id name provider provider_job method base data state provider_state request product model estimate created_at updated_at',
  tuning_events: 'job at level metrics',
  tuned_models: 'id name stage created_at removed_at',
  serving_keys: 'id secret_hash key created_at expires_at revoked_at',
  serving_spend: 'key day',
  serving_audit: 'at actor action subject detail',
  serving_routes: 'name route at actor reason',
  monitoring_traces: 'id tenant user at conversation variant status trace erased',
  monitoring_feedback: 'trace author signal tenant at',
  kysely_migration: 'name timestamp',
  kysely_migration_lock: 'id',
};

async function columnsOfTables(): Promise<Map<string, string[]>> {
  const rooms = [
    knowledgeMigrations,
    jobMigrations,
    evaluationMigrations,
    usageMigrations,
    decisionMigrations,
    tuningMigrations,
    servingMigrations,
    monitoringMigrations,
  ];
  const database = await openDatabase(':memory:', rooms);
  const found = new Map<string, string[]>();
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite_%'
  `.execute(database.handle);
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ name: string; type: string }>`
      select name, type from pragma_table_info(${name})
    `.execute(database.handle);
    const holding = rows.filter(({ type }) => !/int|double/i.test(type)).map((column) => column.name);
    if (holding.length > 0) found.set(name, holding);
  }
  await database.close();
  return found;
}

it('every column that can hold a text is on the map of deletion', async () => {
  const actual = await columnsOfTables();
  const mapped = Object.fromEntries(
    [...new Set([...Object.keys(erased), ...Object.keys(harmless)])].map((table) => [
      table,
      [...(erased[table] ?? []), ...(harmless[table]?.split(' ') ?? [])].sort(),
    ]),
  );
  // A new column: decide whether a document's text can get there. If so, erase it and name it in docs/deletion.md.
  expect(Object.fromEntries([...actual].map(([table, columns]) => [table, columns.sort()]))).toEqual(mapped);
});

it('docs/deletion.md names every table that a deletion takes something from', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/deletion.md'), 'utf8');
  const unnamed = Object.keys(erased).filter((table) => !page.includes(`\`${table}\``));
  expect(unnamed).toEqual([]);
});

/**
 * Quality and speed of search on public judged sets, beside a brute-force scan of the same vectors in the same
 * run. Usage: node bench/retrieval.ts [--only scifact|xquad-en] [--keyword-only]
 * Data: FULCRUM_SHARED_DATA (default ../shared/data). Synced state is kept in the temporary folder, so that a
 * second run embeds nothing.
 */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { localOwner } from '../src/core/index.ts';
import { openDatabase } from '../src/database/index.ts';
import {
  type ArmName,
  createDocumentPipeline,
  createLanceStore,
  createRetriever,
  createSource,
  createSynchroniser,
  knowledgeMigrations,
  type Retriever,
} from '../src/knowledge/index.ts';
import { type EmbeddingModel, resolveEmbeddingModel } from '../src/models/index.ts';

/** Chunks asked for per query, from which the ten best documents are taken: a document counts by its best chunk. */
const chunksAsked = 50;
const cut = 10;

const sets = [
  { name: 'scifact', folder: 'scifact', queries: 'queries.dev.jsonl', qrels: 'qrels.dev.tsv' },
  { name: 'xquad-en', folder: 'xquad-en/beir', queries: 'queries.jsonl', qrels: 'qrels.tsv' },
] as const;
type JudgedSet = (typeof sets)[number];

interface Query {
  readonly id: string;
  readonly text: string;
  /** Grade by document key; only judged documents are there. */
  readonly grades: ReadonlyMap<string, number>;
}

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');

function readQueries(set: JudgedSet): Query[] {
  const folder = join(shared, set.folder);
  const grades = new Map<string, Map<string, number>>();
  for (const line of readFileSync(join(folder, set.qrels), 'utf8').trim().split('\n').slice(1)) {
    const [query = '', document = '', grade = '0'] = line.split('\t');
    if (!grades.has(query)) grades.set(query, new Map());
    if (Number(grade) > 0) grades.get(query)?.set(document, Number(grade));
  }
  return readFileSync(join(folder, set.queries), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { _id: string; text: string })
    .filter(({ _id }) => (grades.get(_id)?.size ?? 0) > 0)
    .map(({ _id, text }) => ({ id: _id, text, grades: grades.get(_id)! }));
}

/** nDCG with linear gain as trec_eval computes it, recall, and hit at rank 1, of one ranked list. */
function judge(ranked: readonly string[], grades: ReadonlyMap<string, number>) {
  const gain = (grade: number, rank: number): number => grade / Math.log2(rank + 2);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const top = ranked.slice(0, cut).map((key) => grades.get(key) ?? 0);
  const ideal = [...grades.values()].sort((a, b) => b - a).slice(0, cut);
  return {
    ndcg: sum(top.map(gain)) / sum(ideal.map(gain)),
    recall: top.filter((grade) => grade > 0).length / grades.size,
    hit1: (top[0] ?? 0) > 0 ? 1 : 0,
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function measureArm(retriever: Retriever, queries: readonly Query[], arm: ArmName) {
  for (const query of queries.slice(0, 10)) await retriever.retrieve(query.text, localOwner, { arm });
  const milliseconds: number[] = [];
  const scores: ReturnType<typeof judge>[] = [];
  for (const query of queries) {
    const startedAt = performance.now();
    await retriever.retrieve(query.text, localOwner, { arm });
    milliseconds.push(performance.now() - startedAt);
    const { hits } = await retriever.retrieve(query.text, localOwner, { arm, limit: chunksAsked });
    const keys = [...new Set(hits.map((hit) => hit.documentId.slice(hit.documentId.indexOf(':') + 1)))];
    scores.push(judge(keys, query.grades));
  }
  return {
    arm,
    'nDCG@10': mean(scores.map((score) => score.ndcg)).toFixed(3),
    'recall@10': mean(scores.map((score) => score.recall)).toFixed(3),
    'hit@1': mean(scores.map((score) => score.hit1)).toFixed(3),
    'p50 ms': quantile(milliseconds, 0.5).toFixed(1),
    'p95 ms': quantile(milliseconds, 0.95).toFixed(1),
  };
}

/** Time of an exact scan over all vectors in plain arrays, with the embedding of the query. */
async function measureScan(
  vectors: readonly Float32Array[],
  model: EmbeddingModel,
  queries: readonly Query[],
) {
  const milliseconds: number[] = [];
  for (const query of queries) {
    const startedAt = performance.now();
    const [point] = (await model.embedQueries([query.text])).vectors;
    const scores = vectors.map((vector, index) => {
      let product = 0;
      for (let i = 0; i < vector.length; i++) product += vector[i]! * point![i]!;
      return { index, product };
    });
    scores.sort((a, b) => b.product - a.product).slice(0, cut);
    milliseconds.push(performance.now() - startedAt);
  }
  return {
    arm: 'brute force',
    'p50 ms': quantile(milliseconds, 0.5).toFixed(1),
    'p95 ms': quantile(milliseconds, 0.95).toFixed(1),
  };
}

async function measureSet(set: JudgedSet, model: EmbeddingModel | null): Promise<void> {
  const state = join(tmpdir(), 'fulcrum-bench', set.name);
  const database = await openDatabase(join(state, 'fulcrum.db'), [knowledgeMigrations]);
  const store = createLanceStore({ directory: join(state, 'index') });
  const embeddingModel = async (): Promise<EmbeddingModel | null> => model;
  const synchroniser = createSynchroniser({
    tenant: localOwner.tenant,
    database,
    store,
    embeddingModel,
    pipeline: createDocumentPipeline(),
    lockFile: join(state, 'sync.lock'),
  });
  const source = createSource(
    set.name,
    { type: 'beir', directory: join(shared, set.folder) },
    { projectDirectory: '.' },
  );
  const report = await synchroniser.sync([source]);
  console.log(
    `\n${set.name}: ${report.chunks} chunks, ${report.embedded} embedded now, sync ${report.seconds.toFixed(1)} s`,
  );
  const queries = readQueries(set);
  const retriever = createRetriever({ database, store, embeddingModel });
  const rows: Record<string, unknown>[] = [];
  for (const arm of model ? (['keyword', 'vector', 'hybrid'] as const) : (['keyword'] as const))
    rows.push(await measureArm(retriever, queries, arm));
  if (model) {
    const stored = await sql<{ vector: Uint8Array }>`select vector from embeddings`.execute(database.handle);
    const vectors = stored.rows.map((row) => new Float32Array(row.vector.slice().buffer));
    rows.push(await measureScan(vectors, model, queries));
  }
  console.log(`${queries.length} queries, documents ranked by their best chunk`);
  console.table(rows);
  await store.close();
  await database.close();
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, 'keyword-only': { type: 'boolean', default: false } },
});
const model = values['keyword-only']
  ? null
  : await resolveEmbeddingModel('local/bge-small-en-v1.5', {
      providers: {},
      prices: {},
      onNotice: (notice: string) => console.error(notice),
    });
for (const set of sets)
  if (values.only === undefined || values.only === set.name) await measureSet(set, model);
await model?.close();

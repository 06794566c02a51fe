import { canonicalJson, sha256, type WorkOptions } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { estimateTokens } from '../chunking/token-counter.ts';
import type { Source } from '../document.ts';
import { type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import { type IndexState, readIndexState } from './index-state.ts';
import { isMassDeletion, type MassDeletion } from './mass-delete.ts';
import type { DocumentPipeline } from './prepare-document.ts';
import { readSources } from './read-sources.ts';
import { reasonForSecondIndex } from './second-index-reason.ts';
import { noCounts, type SyncFailure } from './sync-source.ts';
import type { Replacement } from './write-batch.ts';

const hashesPerQuery = 500;
/** Texts that are handed out to measure how fast they are embedded. */
const sampleTexts = 16;
/** A sync that embedded fewer tokens mostly waited for the model to start. */
const telling = 5_000;

/** What a sync would do; figures count documents, but for `chunks`, `texts` and `tokens`. */
export interface SyncPlan {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly renamed: number;
  /** Left out since they were deleted for good. */
  readonly suppressed: number;
  readonly failed: readonly SyncFailure[];
  /** Ids, each list in the order in which documents were met. */
  readonly documents: {
    readonly added: readonly string[];
    readonly changed: readonly string[];
    readonly removed: readonly string[];
    readonly renamed: readonly { readonly from: string; readonly to: string }[];
  };
  /** Chunks of the documents that would be written. */
  readonly chunks: number;
  /** Texts that the model would be asked for, and their estimated tokens. */
  readonly texts: number;
  readonly tokens: number;
  /** Why a second index would be built beside the live one; null where that is changed in place. */
  readonly secondIndex: string | null;
  /** Losses at which the sync would stop and ask. */
  readonly massDeletions: readonly MassDeletion[];
  /** Tokens a second of the newest version for which enough was embedded with this model here; null where there is none. */
  readonly tokensPerSecond: number | null;
  /** Some of the texts, the first that were met. */
  readonly sample: readonly string[];
}

export interface PlanOptions {
  readonly tenant: string;
  readonly database: Database;
  readonly pipeline: DocumentPipeline;
  /** Id of the embedding model of the config; null for keyword search only. */
  readonly embeddingModel: string | null;
  readonly allSources: boolean;
}

/**
 * Reads the sources as a sync would and says what it would do; writes nothing and takes no lock, so that it may be off while another
 * sync runs. Throws what listing the only source throws.
 */
export async function planSync(
  options: PlanOptions,
  sources: readonly Source[],
  work: WorkOptions = {},
): Promise<SyncPlan> {
  const { tenant, database, pipeline, embeddingModel } = options;
  const tables = knowledgeTables(database);
  const state = await readIndexState(tables, tenant);
  const fingerprint = await knownFingerprint(tables, state, embeddingModel);
  const model = embeddingModel === null ? null : { id: embeddingModel, fingerprint: fingerprint ?? '' };
  const secondIndex = reasonForSecondIndex(state, canonicalJson(pipeline.settings), model);
  const lacking = createLacking(tables, model === null ? null : fingerprint);
  const counts = noCounts();
  const added: string[] = [];
  const changed: string[] = [];
  const removed = new Set<string>();
  const renamed: { from: string; to: string }[] = [];
  const massDeletions: MassDeletion[] = [];
  const touched = new Set<string>();
  let chunks = 0;
  const sink = {
    async write(batch: readonly Replacement[]) {
      for (const { document, before } of batch) {
        if (before === document.revision) continue;
        touched.add(document.id);
        (before === null ? added : changed).push(document.id);
        chunks += document.chunks.length;
        if (model !== null) await lacking.add(document.chunks.map(({ indexedText }) => indexedText));
      }
    },
    async remove(documents: readonly { id: string }[]) {
      for (const { id } of documents) removed.add(id);
    },
    async mayRemove(loss: MassDeletion) {
      if (isMassDeletion(loss)) massDeletions.push(loss);
      return true;
    },
    rename(before: { id: string }, after: { id: string }) {
      renamed.push({ from: before.id, to: after.id });
    },
  };
  const reading = { corpus: { tenant, database }, pipeline, counts, sink };
  await readSources(reading, sources, { ...work, allSources: options.allSources });
  if (model !== null) {
    const except = new Set([...touched, ...removed]);
    await addLiveTexts(tables, tenant, { all: secondIndex !== null, except }, lacking);
  }
  const gone = new Set(renamed.map(({ from }) => from));
  const arrived = new Set(renamed.map(({ to }) => to));
  return {
    ...counts,
    documents: {
      added: added.filter((id) => !arrived.has(id)),
      changed,
      removed: [...removed].filter((id) => !gone.has(id)),
      renamed,
    },
    chunks,
    ...lacking.figures(),
    secondIndex,
    massDeletions,
    tokensPerSecond: await measuredRate(tables, tenant, embeddingModel),
  };
}

/** Fingerprint of the vectors that the model of that name made here before; null where it made none. */
async function knownFingerprint(
  tables: KnowledgeHandle,
  state: IndexState,
  model: string | null,
): Promise<string | null> {
  // An older database does not say which model it was.
  if (state.embedding_model === null || state.embedding_model === model) return state.embedding_fingerprint;
  const row = await tables
    .selectFrom('index_versions')
    .select('embedding_fingerprint as fingerprint')
    .where('tenant', '=', state.tenant)
    .where('embedding_model', '=', model)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.fingerprint ?? null;
}

async function measuredRate(
  tables: KnowledgeHandle,
  tenant: string,
  model: string | null,
): Promise<number | null> {
  const row = await tables
    .selectFrom('index_versions')
    .select(['embedded_tokens as tokens', 'embed_seconds as seconds'])
    .where('tenant', '=', tenant)
    .where('embedding_model', '=', model)
    .where('embedded_tokens', '>=', telling)
    .where('embed_seconds', '>', 0)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? row.tokens / row.seconds : null;
}

/** Counts texts that have no vector yet, each once. */
function createLacking(tables: KnowledgeHandle, fingerprint: string | null) {
  const seen = new Set<string>();
  const sample: string[] = [];
  let texts = 0;
  let tokens = 0;
  const known = async (hashes: readonly string[]): Promise<Set<string>> => {
    if (fingerprint === null || hashes.length === 0) return new Set();
    const rows = await tables
      .selectFrom('embeddings')
      .select('indexed_hash')
      .where('fingerprint', '=', fingerprint)
      .where('indexed_hash', 'in', hashes)
      .execute();
    return new Set(rows.map((row) => row.indexed_hash));
  };
  return {
    figures: () => ({ texts, tokens, sample }),
    async add(all: readonly string[]): Promise<void> {
      const fresh = new Map(all.map((text) => [sha256(text), text]));
      for (const hash of [...fresh.keys()]) {
        if (seen.has(hash)) fresh.delete(hash);
        else seen.add(hash);
      }
      const entries = [...fresh];
      for (let start = 0; start < entries.length; start += hashesPerQuery) {
        const part = entries.slice(start, start + hashesPerQuery);
        const there = await known(part.map(([hash]) => hash));
        for (const [hash, text] of part) {
          if (there.has(hash)) continue;
          texts++;
          tokens += estimateTokens(text);
          if (sample.length < sampleTexts) sample.push(text);
        }
      }
    },
  };
}

/** Texts of live documents that an earlier sync left without vectors; with `all` those of every one. */
async function addLiveTexts(
  tables: KnowledgeHandle,
  tenant: string,
  { all, except }: { all: boolean; except: ReadonlySet<string> },
  lacking: { add(texts: readonly string[]): Promise<void> },
): Promise<void> {
  const live = await tables
    .selectFrom('documents as d')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'd.tenant')
        .onRef('r.document_id', '=', 'd.id')
        .onRef('r.revision', '=', 'd.live_revision'),
    )
    .where('d.tenant', '=', tenant)
    .$if(!all, (query) => query.where('r.embedded', '=', 0))
    .select(['d.id', 'r.revision'])
    .orderBy('d.id')
    .execute();
  for (const { id, revision } of live) {
    if (except.has(id)) continue;
    const rows = await tables
      .selectFrom('chunks')
      .select('indexed_text')
      .where('tenant', '=', tenant)
      .where('document_id', '=', id)
      .where('revision', '=', revision)
      .execute();
    await lacking.add(rows.map((row) => row.indexed_text));
  }
}

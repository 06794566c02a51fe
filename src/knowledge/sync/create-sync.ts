import { type FulcrumError, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import { lockProject } from '../../database/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import type { Source } from '../document.ts';
import { type EmbedReport, embedPending } from '../embedding/embed-pending.ts';
import { pruneVectors } from '../embedding/vector-cache.ts';
import { knowledgeTables } from '../migrations.ts';
import { completeVersion } from '../versions/complete-version.ts';
import { applyRetention, defaultRetention, type Retention } from '../versions/retention.ts';
import { readIndexState } from './index-state.ts';
import type { DocumentPipeline } from './prepare-document.ts';
import { repairIndex } from './repair-index.ts';
import { type SyncFailure, syncSource } from './sync-source.ts';
import { type Corpus, removeDocuments } from './write-batch.ts';

/** What a sync did. Figures count documents, but for `chunks` and `embedded`. */
export interface SyncReport {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly failed: readonly SyncFailure[];
  /** Chunks in the index afterwards. */
  readonly chunks: number;
  /** Texts that the embedding model was asked for; 0 when nothing changed. */
  readonly embedded: number;
  readonly seconds: number;
}

export interface SyncOptions extends WorkOptions {
  /** Whether documents of sources that are not among the given ones are removed. False by default. */
  readonly allSources?: boolean | undefined;
  /** Returns as soon as the text is searchable; the vectors are left to `embedPending`. */
  readonly background?: boolean | undefined;
  /** Drops the index first and makes it anew from the database; nothing is embedded again. */
  readonly rebuild?: boolean | undefined;
}

/** Brings sources into the index of one tenant. */
export interface Synchroniser {
  /**
   * Reads the sources and makes the index agree with them, document by document: each is found in its old or its
   * new state at every moment, whatever happens. Unchanged documents are not even parsed. A source that cannot be
   * listed loses no document; when none can be listed its error is thrown.
   * Throws `project-locked`, `index-damaged`, `disk-full` or `cancelled`; what was done until then is kept.
   */
  sync(sources: readonly Source[], options?: SyncOptions): Promise<SyncReport>;
  /** Embeds what `sync` left; resumable. Throws as `sync` does, and what the model throws. */
  embedPending(options?: WorkOptions): Promise<EmbedReport>;
}

export interface SynchroniserOptions extends Corpus {
  readonly pipeline: DocumentPipeline;
  /** File of the project's lock for index writes. */
  readonly lockFile: string;
  /** Asked when there is something to embed. Null: keyword search only. */
  readonly embeddingModel: () => Promise<EmbeddingModel | null>;
  /** Which older versions of the index are kept; `defaultRetention` by default. */
  readonly retention?: Retention | undefined;
}

/** Failures of a model that leave keyword search as it is; anything else is reported as an error. */
const modelAbsent = new Set(['model-file-unavailable', 'model-unreachable', 'package-missing']);

export function createSynchroniser(options: SynchroniserOptions): Synchroniser {
  const { tenant, database, store, retention = defaultRetention } = options;

  const locked = async <T>(purpose: string, work: () => Promise<T>): Promise<T> => {
    const release = lockProject(options.lockFile, purpose);
    try {
      return await work();
    } catch (error) {
      throw toFulcrumError(error);
    } finally {
      release();
    }
  };

  const embed = async (work: WorkOptions): Promise<EmbedReport> => {
    const state = await readIndexState(knowledgeTables(database), tenant);
    if (state.chunks === 0) return { embedded: 0, chunks: 0 };
    let model: EmbeddingModel | null;
    try {
      model = await options.embeddingModel();
    } catch (error) {
      const known = toFulcrumError(error);
      if (!modelAbsent.has(known.code)) throw known;
      work.onNotice?.(`Keyword search only: ${known.message} ${known.hint}`);
      return { embedded: 0, chunks: 0 };
    }
    return model ? embedPending(options, model, work) : { embedded: 0, chunks: 0 };
  };

  return {
    sync: (sources, work = {}) =>
      locked('sync', async () => {
        const startedAt = performance.now();
        await repairIndex(options, { rebuild: work.rebuild === true });
        const counts = { added: 0, changed: 0, unchanged: 0, removed: 0, failed: [] as SyncFailure[] };
        const sourceErrors: FulcrumError[] = [];
        for (const source of sources) {
          const error = await syncSource(options, source, counts, work);
          if (error) sourceErrors.push(error);
        }
        const [first] = sourceErrors;
        if (first && sourceErrors.length === sources.length) throw first;
        if (work.allSources) counts.removed += await removeOtherSources(options, sources);
        const written = counts.added + counts.changed + counts.removed > 0;
        if (written || work.rebuild) await store.optimize(tenant);
        const vectors = work.background ? { embedded: 0, chunks: 0 } : await embed(work);
        const version = await completeVersion(database, tenant, { reason: 'sync' });
        if (version !== null) {
          const removed = await applyRetention(database, tenant, retention);
          if (removed.revisions > 0) await pruneVectors(database);
        }
        if (vectors.chunks > 0) await store.optimize(tenant);
        const { chunks } = await readIndexState(knowledgeTables(database), tenant);
        const seconds = Math.round(performance.now() - startedAt) / 1000;
        return { ...counts, chunks, embedded: vectors.embedded, seconds };
      }),
    embedPending: (work = {}) =>
      locked('embedding', async () => {
        await repairIndex(options, { rebuild: false });
        const report = await embed(work);
        if (report.chunks > 0) await store.optimize(tenant);
        return report;
      }),
  };
}

/** Documents of sources that are no longer configured. */
async function removeOtherSources(corpus: Corpus, sources: readonly Source[]): Promise<number> {
  const names = sources.map((source) => source.name);
  const documents = await knowledgeTables(corpus.database)
    .selectFrom('documents')
    .select(['id', 'live_revision'])
    .where('tenant', '=', corpus.tenant)
    .$if(names.length > 0, (query) => query.where('source', 'not in', names))
    .execute();
  await removeDocuments(corpus, documents);
  return documents.length;
}

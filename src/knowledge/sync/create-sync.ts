import { canonicalJson, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import { lockProject, scrubDatabase } from '../../database/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import type { ChunkStore } from '../chunk-store.ts';
import type { Source } from '../document.ts';
import { createCachedModel } from '../embedding/cached-model.ts';
import { type EmbedReport, embedPending } from '../embedding/embed-pending.ts';
import { pruneVectors } from '../embedding/vector-cache.ts';
import { inTransaction, knowledgeTables } from '../migrations.ts';
import { completeVersion } from '../versions/complete-version.ts';
import { withGenerations } from '../versions/generations.ts';
import { applyRetention, defaultRetention, type Retention } from '../versions/retention.ts';
import { readRollback, restoreDocuments } from '../versions/roll-back.ts';
import { type IndexState, readIndexState, updateIndexState } from './index-state.ts';
import { createMassDeleteGuard, type MassDeletion, massDeletionError } from './mass-delete.ts';
import type { DocumentPipeline } from './prepare-document.ts';
import { readSources } from './read-sources.ts';
import { repairIndex } from './repair-index.ts';
import { beginSecondIndex, discardSecondIndex, embedSecondIndex } from './second-index.ts';
import { hasOtherModel, reasonForSecondIndex } from './second-index-reason.ts';
import { swapIndex } from './swap-index.ts';
import {
  type ChangeSink,
  type KnownDocument,
  noCounts,
  type SyncCounts,
  type SyncFailure,
} from './sync-source.ts';
import {
  type Corpus,
  type Replacement,
  removeDocuments,
  type SyncCorpus,
  writeBatch,
} from './write-batch.ts';

/** What a sync did. Figures count documents, but for `chunks` and `embedded`. */
export interface SyncReport {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  /** The same text under another id of the same source; neither added nor removed. */
  readonly renamed: number;
  /** Left out since they were deleted for good; see `Deleter`. */
  readonly suppressed: number;
  readonly failed: readonly SyncFailure[];
  /** Chunks in the index afterwards. */
  readonly chunks: number;
  /** Texts that the embedding model was asked for; 0 when nothing changed. */
  readonly embedded: number;
  /** Version of the index that this sync made; null when nothing changed, or when it is left to `embedPending`. */
  readonly version: number | null;
  readonly seconds: number;
}

/** What a rollback did, in documents. */
export interface RollbackReport {
  /** Version that it went back to, and the one that it made; null where nothing differed. */
  readonly to: number;
  readonly version: number | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly renamed: number;
  /** Texts that had to be embedded after all; 0 unless their vectors had been lost. */
  readonly embedded: number;
}

export interface SyncOptions extends WorkOptions {
  /** Whether documents of sources that are not among the given ones are removed. False by default. */
  readonly allSources?: boolean | undefined;
  /** Returns as soon as the text is searchable; the vectors are left to `embedPending`. */
  readonly background?: boolean | undefined;
  /** Drops the index first and makes it anew from the database; nothing is embedded again. */
  readonly rebuild?: boolean | undefined;
  /** Lets a source lose most of its documents; see `isMassDeletion`. */
  readonly allowMassDelete?: boolean | undefined;
  /** Asked before a source loses most of its documents; without it they stay. */
  readonly confirmMassDelete?: ((loss: MassDeletion) => Promise<boolean>) | undefined;
  /** Removes all that the rule of retention does not keep, also where this sync changed nothing. */
  readonly prune?: boolean | undefined;
}

/** Brings sources into the index of one tenant. */
export interface Synchroniser {
  /**
   * Reads the sources and makes the index agree with them, document by document: each is found in its old or its
   * new state at every moment, whatever happens. Unchanged documents are not even parsed. A source that cannot be
   * listed loses no document; when none can be listed its error is thrown. Another embedding model or other cuts build a second
   * index, which replaces the live one at once when it is complete.
   * Throws `project-locked`, `index-damaged`, `disk-full` or `cancelled`; what was done until then is kept. Throws
   * `sync-mass-delete` after everything else is done.
   */
  sync(sources: readonly Source[], options?: SyncOptions): Promise<SyncReport>;
  /**
   * Makes the documents of an older version live again, from what is kept of them; this makes a new version. Nothing is embedded while
   * their vectors are kept, which they are. As in a sync each document is found in one of its two states at every moment; where the
   * version had vectors of another model, all change at once. The next sync brings in what the sources hold then.
   * Throws `version-unknown`, and as `sync` does.
   */
  rollback(version: number, options?: WorkOptions): Promise<RollbackReport>;
  /** Embeds what `sync` left; resumable. Throws as `sync` does, and what the model throws. */
  embedPending(options?: WorkOptions): Promise<EmbedReport>;
}

export interface SynchroniserOptions extends Omit<Corpus, 'store'> {
  readonly store: ChunkStore;
  readonly pipeline: DocumentPipeline;
  /** File of the project's lock for index writes. */
  readonly lockFile: string;
  /** Asked when there is something to embed; with an id by a rollback that lacks vectors. Null: keyword search only. */
  readonly embeddingModel: (id?: string) => Promise<EmbeddingModel | null>;
  /** Which older versions of the index are kept; `defaultRetention` by default. */
  readonly retention?: Retention | undefined;
}

/** Failures of a model that leave keyword search as it is; anything else is reported as an error. */
const modelAbsent = new Set(['model-file-unavailable', 'model-unreachable', 'package-missing']);

export function createSynchroniser(options: SynchroniserOptions): Synchroniser {
  const { tenant, database, pipeline, retention = defaultRetention } = options;
  const corpus: SyncCorpus = { tenant, database, store: withGenerations(options.store, database) };
  const settings = canonicalJson(pipeline.settings);
  const readState = (): Promise<IndexState> => readIndexState(knowledgeTables(database), tenant);

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

  /** Null, with a notice, where the model cannot be had. */
  const findModel = async (work: WorkOptions): Promise<EmbeddingModel | null> => {
    try {
      return await options.embeddingModel();
    } catch (error) {
      const known = toFulcrumError(error);
      if (!modelAbsent.has(known.code)) throw known;
      work.onNotice?.(`Keyword search only: ${known.message} ${known.hint}`);
      return null;
    }
  };

  /** Whether no document is live of a source that is not among these. */
  const coversAll = async (sources: readonly Source[]): Promise<boolean> => {
    const rows = await knowledgeTables(database)
      .selectFrom('documents')
      .select('source')
      .distinct()
      .where('tenant', '=', tenant)
      .execute();
    return rows.every((row) => sources.some(({ name }) => name === row.source));
  };

  const read = async (
    sources: readonly Source[],
    sink: ChangeSink,
    work: SyncOptions,
  ): Promise<SyncCounts> => {
    const counts = noCounts();
    await readSources({ corpus, pipeline, counts, sink }, sources, work);
    return counts;
  };

  const liveSink = {
    write: (batch: readonly Replacement[]) => writeBatch(corpus, batch),
    remove: (documents: readonly KnownDocument[]) => removeDocuments(corpus, documents),
  };

  /** Document by document in the live index. */
  const syncInPlace = async (
    sources: readonly Source[],
    mayRemove: ChangeSink['mayRemove'],
    work: SyncOptions,
    model: EmbeddingModel | null | undefined,
  ): Promise<{ counts: SyncCounts; embedded: number; version: number | null }> => {
    const counts = await read(sources, { ...liveSink, mayRemove }, work);
    const written = counts.added + counts.changed + counts.removed + counts.renamed > 0;
    if (written || work.rebuild) await corpus.store.optimize(tenant);
    const { chunks, settings: before } = await readState();
    if (before !== settings && (before !== null || (await coversAll(sources))))
      await inTransaction(database, (tables) => updateIndexState(tables, tenant, [], { settings }));
    const pending = chunks > 0 && !work.background;
    const embedder = pending ? (model === undefined ? await findModel(work) : model) : null;
    const vectors = embedder ? await embedPending(corpus, embedder, work) : { embedded: 0, chunks: 0 };
    if (vectors.chunks > 0) await corpus.store.optimize(tenant);
    const version = await completeVersion(database, tenant, { reason: 'sync' });
    return { counts, embedded: vectors.embedded, version };
  };

  /** Beside the live index; what was made is swapped in, or left complete for `embedPending`. */
  const syncBeside = async (
    sources: readonly Source[],
    mayRemove: ChangeSink['mayRemove'],
    work: SyncOptions,
    model: EmbeddingModel | null,
  ): Promise<{ counts: SyncCounts; embedded: number; version: number | null }> => {
    await completeVersion(database, tenant, { reason: 'sync' });
    const second = await beginSecondIndex(corpus);
    const counts = await read(sources, { ...second, mayRemove }, work);
    await second.complete(work, { mixed: !(await coversAll(sources)) });
    if (work.background) return { counts, embedded: 0, version: null };
    const { embedded, version } = await finishSecond(model, work);
    return { counts, embedded, version };
  };

  const finishSecond = async (
    model: EmbeddingModel | null,
    work: WorkOptions,
  ): Promise<EmbedReport & { version: number }> => {
    const state = await readState();
    const note = reasonForSecondIndex(state, settings, model) ?? 'index built anew';
    const none = { texts: 0, tokens: 0, seconds: 0, chunks: 0 };
    const figures = model ? await embedSecondIndex(corpus, model, work) : none;
    const version = await swapIndex(corpus, {
      model,
      settings: state.staged === 2 ? state.settings : settings,
      figures,
      origin: { reason: 'settings', note },
    });
    return { embedded: figures.texts, chunks: figures.chunks, version };
  };

  const rollback = async (number: number, work: WorkOptions): Promise<RollbackReport> => {
    const target = await readRollback(corpus, number);
    const state = await readState();
    const { added, changed, removed, renamed } = target.difference;
    const counts = {
      to: number,
      added: added.length,
      changed: changed.length,
      removed: removed.length,
      renamed: renamed.length,
    };
    const model = target.model && createCachedModel(target.model, options.embeddingModel);
    const origin = { reason: 'rollback' as const, note: `to version ${number}` };
    if (model && hasOtherModel(state, model)) {
      await completeVersion(database, tenant, { reason: 'sync' });
      const second = await beginSecondIndex(corpus);
      await restoreDocuments(corpus, target, second, work);
      await second.complete(work);
      const figures = await embedSecondIndex(corpus, model, work);
      const version = await swapIndex(corpus, { model, settings: target.settings, figures, origin });
      return { ...counts, version, embedded: figures.texts };
    }
    await restoreDocuments(corpus, target, liveSink, work);
    await inTransaction(database, (tables) =>
      updateIndexState(tables, tenant, [], { settings: target.settings }),
    );
    const vectors = model ? await embedPending(corpus, model, work) : { embedded: 0, chunks: 0 };
    await corpus.store.optimize(tenant);
    const version = await completeVersion(database, tenant, origin);
    return { ...counts, version, embedded: vectors.embedded };
  };

  const prune = async (all: boolean): Promise<void> => {
    const removed = await applyRetention(database, tenant, retention);
    if (removed.revisions > 0 || all) await pruneVectors(database);
    if (!all) return;
    // Also from the bytes of the files, which keep what was removed for a while otherwise.
    await corpus.store.scrub(tenant);
    await scrubDatabase(database);
  };

  return {
    sync: (sources, work = {}) =>
      locked('sync', async () => {
        const startedAt = performance.now();
        await discardSecondIndex(corpus);
        await repairIndex(corpus, { rebuild: work.rebuild === true });
        const state = await readState();
        const model = state.embedded_chunks > 0 ? await findModel(work) : undefined;
        const { losses, mayRemove } = createMassDeleteGuard(work);
        const beside = reasonForSecondIndex(state, settings, model ?? null) !== null;
        const done = beside
          ? await syncBeside(
              sources,
              mayRemove,
              work,
              // Where there are vectors, an index without any is no replacement: a model that cannot be had is an error.
              await options.embeddingModel(),
            )
          : await syncInPlace(sources, mayRemove, work, model);
        if (done.version !== null || work.prune) await prune(work.prune === true);
        if (losses.length > 0) throw massDeletionError(losses);
        const { chunks } = await readState();
        const seconds = Math.round(performance.now() - startedAt) / 1000;
        return { ...done.counts, chunks, embedded: done.embedded, version: done.version, seconds };
      }),
    rollback: (number, work = {}) =>
      locked('rollback', async () => {
        await discardSecondIndex(corpus);
        await repairIndex(corpus, { rebuild: false });
        const report = await rollback(number, work);
        if (report.version !== null) await prune(false);
        return report;
      }),
    embedPending: (work = {}) =>
      locked('embedding', async () => {
        const state = await readState();
        if (state.staged === 0) await discardSecondIndex(corpus);
        await repairIndex(corpus, { rebuild: false });
        const { chunks, staged } = await readState();
        const model = chunks > 0 ? await findModel(work) : null;
        if (staged > 0 || (model && hasOtherModel(await readState(), model))) {
          if (staged === 0) await (await beginSecondIndex(corpus)).complete(work, { mixed: true });
          const { embedded, chunks: added } = await finishSecond(model, work);
          await prune(false);
          return { embedded, chunks: added };
        }
        const report = model ? await embedPending(corpus, model, work) : { embedded: 0, chunks: 0 };
        if (report.chunks > 0) await corpus.store.optimize(tenant);
        return report;
      }),
  };
}

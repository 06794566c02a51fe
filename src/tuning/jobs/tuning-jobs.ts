import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FulcrumError, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import type { TuningDataStore } from '../data/tuning-data-store.ts';
import type { TunedModel } from '../registry/tuned-model.ts';
import type {
  TuningEstimate,
  TuningEvent,
  TuningProvider,
  TuningRequest,
  TuningState,
} from '../tuning-provider.ts';
import { hasEnded, type TuningJob, type TuningJobRequest } from './tuning-job.ts';
import type { TuningJobStore } from './tuning-job-store.ts';

/** The tuning jobs of a project, whoever runs them. */
export interface TuningJobs {
  /** What a job would take. Nothing is stored, started or sent. */
  estimate(request: TuningJobRequest, options?: WorkOptions): Promise<TuningEstimate>;
  /** Keeps the job and starts it; returns as soon as the provider has it. Throws what cannot be started, with nothing paid. */
  start(request: TuningJobRequest, options?: WorkOptions): Promise<TuningJob>;
  /**
   * Follows a job to its end and registers its model. A job whose start was cut short by a crash is started again, which makes no second
   * one at the provider. A paused one is handed back as it is. Aborting the signal leaves the job running.
   */
  watch(id: string, options?: WatchOptions): Promise<TuningJob>;
  /** Brings what the project knows of a job up to date. */
  refresh(id: string, options?: WorkOptions): Promise<TuningJob>;
  /** Goes on with a paused job. Throws `tuning-not-resumable`. */
  resume(id: string, options?: WorkOptions): Promise<TuningJob>;
  cancel(id: string, options?: WorkOptions): Promise<TuningJob>;
  /** Keeps the job and writes it as a folder for another machine; nothing is started. Throws `tuning-not-portable`. */
  pack(request: TuningJobRequest, to: string, options?: WorkOptions): Promise<TuningJob>;
  /** Takes the results of a packed job from its folder, and registers its model where it is done. */
  collect(
    id: string,
    from: string,
    options?: WorkOptions & { readonly usd?: number | undefined },
  ): Promise<TuningJob>;
  list(): Promise<TuningJob[]>;
  get(id: string): Promise<TuningJob>;
  events(id: string, after?: number): Promise<TuningEvent[]>;
}

export interface WatchOptions extends WorkOptions {
  readonly onEvent?: ((event: TuningEvent) => void) | undefined;
}

export interface TuningJobsOptions {
  readonly store: TuningJobStore;
  readonly data: TuningDataStore;
  /** Folder under which every job has one of its own. */
  readonly directory: string;
  /** Throws `tuning-provider-unknown`. */
  provider(name: string): Promise<TuningProvider>;
  /** Puts what a job made into the registry; a second call for a job gives the model of the first. */
  register(job: TuningJob): Promise<TunedModel>;
  /** Milliseconds between two looks at a job. */
  readonly pollMs?: number | undefined;
}

/** Providers that do the work elsewhere are asked less and less often, at last so: what is refused shows at once, a training takes long. */
const remotePollMs = 15_000;
const localPollMs = 500;

export function createTuningJobs(options: TuningJobsOptions): TuningJobs {
  const { store, data } = options;

  const requestOf = async (key: string, job: TuningJobRequest): Promise<TuningRequest> => {
    const reference = `${job.data.name}@${job.data.version}`;
    const rows = await data.get(reference);
    const isSplit = rows.splitHash !== null;
    return {
      key,
      name: job.name,
      method: job.method,
      base: job.base,
      settings: job.settings,
      dataHash: rows.hash,
      train: () => data.rows(reference, isSplit ? { split: 'train' } : {}),
      validation: () => (isSplit ? data.rows(reference, { split: 'validation' }) : none()),
      directory: join(options.directory, key),
    };
  };

  const checked = async (job: TuningJobRequest): Promise<TuningProvider> => {
    const provider = await options.provider(job.provider);
    const { methods, minimumRows } = provider.capabilities;
    if (!methods.includes(job.method))
      throw new FulcrumError('tuning-method-unsupported', {
        provider: job.provider,
        method: job.method,
        methods: methods.join(', '),
      });
    const found = await data.get(`${job.data.name}@${job.data.version}`);
    const rows = found.splitHash === null ? found.rows : (found.splits.train ?? 0);
    if (rows < minimumRows)
      throw new FulcrumError('tuning-rows-too-few', { rows, provider: job.provider, minimum: minimumRows });
    return provider;
  };

  const launch = async (job: TuningJob, work: WorkOptions = {}): Promise<void> => {
    const provider = await options.provider(job.provider);
    const { providerJob } = await provider.start(await requestOf(job.id, job), work);
    await store.setProviderJob(job.id, providerJob);
  };

  /** Keeps a job before anything is done for it, and what kept it from beginning. */
  const begin = async (
    request: TuningJobRequest,
    work: WorkOptions | undefined,
    hand: (job: TuningJob) => Promise<void>,
  ): Promise<TuningJob> => {
    const provider = await options.provider(request.provider);
    const estimate = await provider.estimate(await requestOf('estimate', request), work);
    const job = await store.create(request, estimate);
    try {
      await hand(job);
    } catch (error) {
      const known = toFulcrumError(error);
      // A lost connection leaves open whether the provider has the job: the next look finds out, with the same key.
      if (!isUncertain(known))
        await store.setStatus(job.id, {
          state: 'failed',
          providerState: 'not started',
          failure: known.toJSON(),
        });
      throw known;
    }
    return store.get(job.id);
  };

  const refresh = async (id: string, work: WorkOptions = {}): Promise<TuningJob> => {
    const job = await store.get(id);
    if (
      job.providerJob === null ||
      (hasEnded(job.state) && (job.state !== 'succeeded' || job.model !== null))
    )
      return job;
    const provider = await options.provider(job.provider);
    const known = (await store.events(id)).at(-1)?.sequence ?? 0;
    await store.addEvents(id, await provider.events(job.providerJob, known, work));
    await store.setStatus(id, await provider.status(job.providerJob, work));
    const now = await store.get(id);
    if (now.state !== 'succeeded' || now.model !== null) return now;
    const model = await options.register(now);
    await store.setModel(id, model.id);
    return store.get(id);
  };

  return {
    list: store.list,
    get: store.get,
    events: store.events,
    refresh,
    async estimate(request, work) {
      const provider = await checked(request);
      return provider.estimate(await requestOf('estimate', request), work);
    },
    async start(request, work) {
      await checked(request);
      return begin(request, work, (job) => launch(job, work));
    },
    async pack(request, to, work) {
      const { elsewhere } = await checked(request);
      if (!elsewhere) throw new FulcrumError('tuning-not-portable', { provider: request.provider });
      const { id } = await begin(request, work, async (job) => {
        const { providerJob } = await elsewhere.pack(await requestOf(job.id, request), to, work);
        await store.setProviderJob(job.id, providerJob);
      });
      return refresh(id, work);
    },
    async collect(id, from, work = {}) {
      const job = await store.get(id);
      const { elsewhere } = await options.provider(job.provider);
      if (!elsewhere || job.providerJob === null)
        throw new FulcrumError('tuning-not-portable', { provider: job.provider });
      await elsewhere.collect(job.providerJob, from, work.usd ?? null);
      // A job that had failed there may have been started again.
      const provider = await options.provider(job.provider);
      await store.setStatus(id, await provider.status(job.providerJob, work));
      return refresh(id, work);
    },
    async watch(id, { onEvent, onProgress, onNotice, signal } = {}) {
      const work = { onNotice, onProgress, signal };
      let seen = 0;
      for (let looks = 0; ; looks++) {
        signal?.throwIfAborted();
        const before = await store.get(id);
        if (before.providerJob === null && before.state === 'created') await launch(before, work);
        const job = await refresh(id, work);
        for (const event of await store.events(id, seen)) {
          seen = event.sequence;
          onEvent?.(event);
        }
        const { step, steps } = job.status ?? {};
        if (step !== undefined && steps !== undefined)
          onProgress?.({ phase: 'tuning', done: step, total: steps, unit: 'steps' });
        if (hasEnded(job.state) || job.state === 'paused') return job;
        const provider = await options.provider(job.provider);
        const remote = Math.min(remotePollMs, localPollMs * 2 ** looks);
        const every = options.pollMs ?? (provider.capabilities.sendsRows ? remote : localPollMs);
        await wait(every, undefined, { signal });
      }
    },
    async resume(id, work) {
      const job = await refresh(id, work);
      const provider = await options.provider(job.provider);
      if (job.state === 'created') await launch(job, work);
      else if (canResume(job.state) && job.providerJob !== null && provider.capabilities.resume)
        await provider.resume(job.providerJob, work);
      else throw new FulcrumError('tuning-not-resumable', { job: id, state: job.state });
      const providerJob = (await store.get(id)).providerJob!;
      await store.setStatus(id, await provider.status(providerJob, work));
      return store.get(id);
    },
    async cancel(id, work) {
      const job = await refresh(id, work);
      if (hasEnded(job.state)) return job;
      if (job.providerJob === null) {
        await store.setStatus(id, { state: 'cancelled', providerState: 'not started' });
        return store.get(id);
      }
      const provider = await options.provider(job.provider);
      await provider.cancel(job.providerJob, work);
      return refresh(id, work);
    },
  };
}

/** A failed job may be resumed as well: the cause (memory, disk) may be gone, and its checkpoints are there. */
function canResume(state: TuningState): boolean {
  return state === 'paused' || state === 'failed' || state === 'cancelled';
}

function isUncertain({ retryable, code }: FulcrumError): boolean {
  return retryable || code === 'cancelled';
}

async function* none(): AsyncGenerator<never> {}

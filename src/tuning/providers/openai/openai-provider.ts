import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cost, FulcrumError, type WorkOptions } from '../../../core/index.ts';
import type { RetryLimits } from '../../../models/index.ts';
import type {
  TuningEstimate,
  TuningEvent,
  TuningProduct,
  TuningProvider,
  TuningRequest,
  TuningState,
  TuningStatus,
} from '../../tuning-provider.ts';
import { createOpenAiClient, type OpenAiClient } from './openai-client.ts';
import { createRowCounter, writeOpenAiRows } from './openai-rows.ts';
import type { VendorEvent, VendorFile, VendorJob } from './openai-schema.ts';

export interface OpenAiProviderOptions {
  /** `openai`, or the name that the config gives the service. */
  readonly name: string;
  readonly baseUrl: string;
  readonly auth?: 'bearer' | 'api-key' | undefined;
  /** Name of the variable that holds the key, for messages, and how to read it. */
  readonly keyVariable: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits?: RetryLimits | undefined;
  /** When `verify-provider` last passed for this service; null: never. */
  readonly verifiedLive: string | null;
  /** USD a million training tokens on a base, with the source of the price; null where unknown. */
  priceOf(
    base: string,
  ): Promise<{ readonly usd: number; readonly source: string; readonly date: string | null } | null>;
}

/** Member of a job's metadata that carries our own id. */
const keyName = 'fulcrum_job';
const defaultEpochs = 3;
const mostFileWaits = 60;

/** OpenAI's fine-tuning API, and what others offer in its shape (Azure, and compatible servers). */
export function createOpenAiProvider(options: OpenAiProviderOptions): TuningProvider {
  const { name } = options;
  const client = createOpenAiClient({
    provider: name,
    baseUrl: options.baseUrl,
    auth: options.auth,
    limits: options.limits,
    key: () => {
      const key = options.environment[options.keyVariable];
      if (key) return key;
      throw new FulcrumError('tuning-key-missing', { provider: name, variable: options.keyVariable });
    },
  });
  return {
    name,
    capabilities: {
      methods: ['sft', 'dpo'],
      sendsRows: true,
      checkpoints: true,
      resume: false,
      tools: true,
      minimumRows: 10,
      selectsTurns: true,
      verifiedLive: options.verifiedLive,
    },
    estimate: (request) => estimateJob(request, options),
    start: (request, work) => startJob(client, name, request, work),
    async resume(job) {
      throw new FulcrumError('tuning-not-resumable', {
        job,
        state: `run by ${name}, which goes on by itself`,
      });
    },
    status: async (job, work) => statusOf(await client.getJob(job, work), options),
    async events(job, after, work) {
      const all: VendorEvent[] = [];
      for await (const event of client.listEvents(job, work)) all.push(event);
      return all
        .reverse()
        .map(toEvent)
        .filter(({ sequence }) => sequence > after);
    },
    async checkpoints(job, work) {
      const found = [];
      for await (const each of client.listCheckpoints(job, work)) {
        const { train_loss, full_valid_loss, valid_loss } = each.metrics ?? {};
        const validationLoss = full_valid_loss ?? valid_loss;
        found.push({
          id: each.fine_tuned_model_checkpoint,
          step: each.step_number,
          at: toIso(each.created_at),
          metrics: {
            step: each.step_number,
            steps: each.step_number,
            ...(typeof train_loss === 'number' && { loss: train_loss }),
            ...(typeof validationLoss === 'number' && { validationLoss }),
          },
        });
      }
      return found.sort((a, b) => a.step - b.step);
    },
    async cancel(job, work) {
      const { status } = await client.getJob(job, work);
      if (stateOf(status) !== 'succeeded' && stateOf(status) !== 'failed' && stateOf(status) !== 'cancelled')
        await client.cancelJob(job, work);
    },
  };
}

/** What a start has done so far, in the folder of the job. */
interface Progress {
  readonly trainingFile?: string;
  readonly validationFile?: string;
  readonly job?: string;
}

/** Each step is found again before it is done again: first in the folder, then at the service by our own id. */
async function startJob(
  client: OpenAiClient,
  provider: string,
  request: TuningRequest,
  work: WorkOptions = {},
): Promise<{ providerJob: string }> {
  const { directory, key } = request;
  await mkdir(directory, { recursive: true });
  let progress = await readProgress(directory);
  const note = async (more: Progress): Promise<void> => {
    progress = { ...progress, ...more };
    const file = join(directory, 'provider.json');
    await writeFile(`${file}.tmp`, JSON.stringify(progress));
    await rename(`${file}.tmp`, file);
  };
  if (progress.job !== undefined) return { providerJob: progress.job };
  const known = await findJob(client, key, work);
  if (known) {
    await note({ job: known.id });
    return { providerJob: known.id };
  }
  const train = join(directory, 'train.jsonl');
  const validation = join(directory, 'validation.jsonl');
  const trainSize = await writeOpenAiRows(train, request.train(), request.method);
  const validationSize = await writeOpenAiRows(validation, request.validation(), request.method);
  if (progress.trainingFile === undefined)
    await note({
      trainingFile: await ensureFile(client, provider, train, `${key}-train.jsonl`, trainSize.bytes, work),
    });
  if (progress.validationFile === undefined && validationSize.rows > 0)
    await note({
      validationFile: await ensureFile(
        client,
        provider,
        validation,
        `${key}-validation.jsonl`,
        validationSize.bytes,
        work,
      ),
    });
  const body = jobBody(request, progress);
  let job: VendorJob;
  try {
    job = await client.createJob(body, key, work);
  } catch (error) {
    if (!(error instanceof FulcrumError) || error.code !== 'tuning-provider-unreachable') throw error;
    // The reply was lost: the job may be there all the same.
    const made = await findJob(client, key, work);
    if (!made) throw error;
    job = made;
  }
  await note({ job: job.id });
  return { providerJob: job.id };
}

async function readProgress(directory: string): Promise<Progress> {
  const file = join(directory, 'provider.json');
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Progress) : {};
}

async function findJob(client: OpenAiClient, key: string, work: WorkOptions): Promise<VendorJob | null> {
  for await (const job of client.listJobs(work)) if (job.metadata?.[keyName] === key) return job;
  return null;
}

/** The file of that name and size at the service, uploaded where it is not there; one that was cut off is taken away. */
async function ensureFile(
  client: OpenAiClient,
  provider: string,
  path: string,
  filename: string,
  bytes: number,
  work: WorkOptions,
): Promise<string> {
  for await (const file of client.listFiles(work)) {
    if (file.filename !== filename) continue;
    if (file.bytes === bytes && file.status !== 'error') return waitForFile(client, provider, file, work);
    await client.deleteFile(file.id, work);
  }
  const file = await client.uploadFile(path, filename, work);
  if (typeof file.bytes === 'number' && file.bytes !== bytes) {
    await client.deleteFile(file.id, work);
    throw new FulcrumError('tuning-provider-unreachable', {
      provider,
      problem: `only ${file.bytes} of ${bytes} bytes of the rows arrived`,
    });
  }
  return waitForFile(client, provider, file, work);
}

async function waitForFile(
  client: OpenAiClient,
  provider: string,
  file: VendorFile,
  work: WorkOptions,
): Promise<string> {
  const { setTimeout: wait } = await import('node:timers/promises');
  let now = file;
  for (
    let tries = 0;
    now.status === 'uploaded' || now.status === 'pending' || now.status === 'running';
    tries++
  ) {
    // Services that never call a file processed check it when the job begins.
    if (tries >= mostFileWaits || (tries > 2 && now.status === 'uploaded')) break;
    await wait(Math.min(2000, 100 * 2 ** tries), undefined, { signal: work.signal });
    now = await client.getFile(file.id, work);
  }
  if (now.status === 'error')
    throw new FulcrumError('tuning-provider-refused', {
      provider,
      problem: `it did not take the file ${file.id}`,
    });
  return file.id;
}

function jobBody(
  request: TuningRequest,
  { trainingFile, validationFile }: Progress,
): Record<string, unknown> {
  const { settings, method } = request;
  const own = settings.own ?? {};
  const hyperparameters = {
    n_epochs: settings.epochs ?? defaultEpochs,
    ...(settings.batchSize !== undefined && { batch_size: settings.batchSize }),
    ...(typeof own.learning_rate_multiplier === 'number' && {
      learning_rate_multiplier: own.learning_rate_multiplier,
    }),
    ...(method === 'dpo' && typeof own.beta === 'number' && { beta: own.beta }),
  };
  const type = method === 'dpo' ? 'dpo' : 'supervised';
  return {
    model: vendorBase(request.base),
    training_file: trainingFile,
    ...(validationFile !== undefined && { validation_file: validationFile }),
    suffix: request.name.replace(/[^a-zA-Z0-9-]/g, '-').slice(0, 40),
    ...(settings.seed !== undefined && { seed: settings.seed }),
    metadata: { [keyName]: request.key, fulcrum_data: request.dataHash.slice(0, 64) },
    method: { type, [type]: { hyperparameters } },
  };
}

/** The part of `provider/model` that the service knows. */
function vendorBase(base: string): string {
  return base.split('/').slice(1).join('/');
}

async function estimateJob(
  request: TuningRequest,
  { name, priceOf }: OpenAiProviderOptions,
): Promise<TuningEstimate> {
  if (!request.base.startsWith(`${name}/`) || vendorBase(request.base) === '')
    throw new FulcrumError('tuning-base-unknown', {
      provider: name,
      base: request.base,
      problem: `its bases are named ${name}/MODEL`,
    });
  const count = await createRowCounter();
  let rows = 0;
  let tokens = 0;
  let trained = 0;
  for await (const row of request.train()) {
    rows++;
    const own = count(row);
    tokens += own.tokens;
    trained += own.trained;
  }
  const epochs = request.settings.epochs ?? defaultEpochs;
  const price = await priceOf(request.base);
  return {
    rows,
    tokensPerEpoch: tokens,
    trainedTokensPerEpoch: trained,
    epochs,
    tokensCounted: false,
    cost: costOf(price, tokens * epochs),
    hostingUsdPerHour: 0,
    seconds: null,
    notes: [`The rows are sent to ${name}, which keeps the weights; they cannot be taken away.`],
  };
}

function costOf(price: Awaited<ReturnType<OpenAiProviderOptions['priceOf']>>, tokens: number): Cost {
  if (!price)
    return {
      usd: null,
      source: 'none',
      priceDate: null,
      basis: 'no price of training on this base is known',
    };
  return {
    usd: (tokens / 1e6) * price.usd,
    source: 'overlay',
    priceDate: price.date,
    basis: `$${price.usd} a million training tokens, ${price.source}`,
  } as Cost;
}

const states: ReadonlyMap<string, TuningState> = new Map([
  ['validating_files', 'validating'],
  ['queued', 'queued'],
  ['pending', 'queued'],
  ['running', 'running'],
  ['paused', 'paused'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['expired', 'failed'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);

/** An unknown word counts as running: the next look may tell more. */
function stateOf(status: string): TuningState {
  return states.get(status.toLowerCase()) ?? 'running';
}

async function statusOf(job: VendorJob, options: OpenAiProviderOptions): Promise<TuningStatus> {
  const state = stateOf(job.status);
  if (state === 'failed') {
    const said =
      [job.error?.code, job.error?.message].filter(Boolean).join(': ') || `the job is ${job.status}`;
    const error = new FulcrumError('tuning-vendor-failed', {
      provider: options.name,
      problem: said.slice(0, 500),
    });
    return { state, providerState: job.status, failure: error.toJSON() };
  }
  if (state !== 'succeeded') return { state, providerState: job.status };
  if (!job.fine_tuned_model) return { state: 'running', providerState: `${job.status}, without a model yet` };
  return { state, providerState: job.status, product: await productOf(job, options) };
}

async function productOf(job: VendorJob, { name, priceOf }: OpenAiProviderOptions): Promise<TuningProduct> {
  const base = `${name}/${job.model}`;
  const flat = Object.entries({ ...job.hyperparameters, ...flatMethod(job.method) }).filter(
    (entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return {
    providerModel: job.fine_tuned_model!,
    artifacts: [],
    base: { id: base, revision: job.model, license: 'terms of the provider' },
    templateHash: null,
    trainer: `${name}, job ${job.id}`,
    config: { ...Object.fromEntries(flat), ...(typeof job.seed === 'number' && { seed: job.seed }) },
    trainedTokens: job.trained_tokens ?? null,
    cost: job.trained_tokens == null ? costOf(null, 0) : costOf(await priceOf(base), job.trained_tokens),
    portability: 'none',
  };
}

function flatMethod(method: VendorJob['method']): Record<string, unknown> {
  const type = (method as { type?: unknown } | null | undefined)?.type;
  const inner =
    typeof type === 'string'
      ? (method as Record<string, { hyperparameters?: Record<string, unknown> }>)[type]
      : undefined;
  return { ...(typeof type === 'string' && { method: type }), ...inner?.hyperparameters };
}

function toEvent(event: VendorEvent, index: number): TuningEvent {
  const data = (event.data ?? {}) as Record<string, unknown>;
  const number = (...names: string[]): number | undefined =>
    names.map((each) => data[each]).find((value) => typeof value === 'number') as number | undefined;
  const step = number('step');
  const loss = number('train_loss');
  const validationLoss = number('full_valid_loss', 'valid_loss');
  const level =
    event.level === 'error'
      ? 'error'
      : event.level === 'warn' || event.level === 'warning'
        ? 'warning'
        : 'info';
  return {
    sequence: index + 1,
    at: toIso(event.created_at),
    level,
    message: event.message.slice(0, 2000),
    ...(step !== undefined && {
      metrics: {
        step,
        steps: number('total_steps') ?? step,
        ...(loss !== undefined && { loss }),
        ...(validationLoss !== undefined && { validationLoss }),
      },
    }),
  };
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

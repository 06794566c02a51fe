import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FulcrumError, sha256, type WorkOptions } from '../core/index.ts';
import type { CurveRun, LearningCurve } from '../experiments/index.ts';
import type {
  TuningMethod,
  TuningProvider,
  TuningRow,
  TuningSettings,
  TuningStatus,
} from '../tuning/index.ts';
import type { Project } from './project.ts';

export interface CurveRequest extends WorkOptions {
  readonly data: string;
  readonly provider: string;
  readonly base: string;
  readonly method: TuningMethod;
  readonly settings: TuningSettings;
  /** Shares of the training rows, the last one 1. */
  readonly shares: readonly number[];
  /** Seeds at every share but the last. */
  readonly seeds: number;
  /** Test rows that are asked at most. */
  readonly most?: number | undefined;
  readonly onRun?: ((run: CurveRun) => void) | undefined;
}

/**
 * Trains on growing, nested parts of the rows and measures each on the same validation rows, or test rows where there are none: shares of exactly right answers. The models
 * are thrown away. Throws where the provider sends rows away, which would be paid for each point.
 */
export async function learningCurve(project: Project, request: CurveRequest): Promise<LearningCurve> {
  const { judgeCurve } = await import('../experiments/index.ts');
  const { data: store, provider: providerOf } = await project.tuning();
  const data = await store.get(request.data);
  const reference = `${data.name}@${data.version}`;
  const provider = await providerOf(request.provider);
  if (provider.capabilities.sendsRows)
    throw new FulcrumError('tuning-method-unsupported', {
      provider: provider.name,
      method: 'a learning curve',
      methods: 'single jobs, which are paid; draw the curve with heads or a local model first',
    });
  const train = await Array.fromAsync(store.rows(reference, { split: 'train' }));
  const validation = await Array.fromAsync(store.rows(reference, { split: 'validation' }));
  // The curve steers what is done next, so that it must not look at the test where there are other rows.
  const asked = (
    validation.length >= 50
      ? validation
      : [...validation, ...(await Array.fromAsync(store.rows(reference, { split: 'test' })))]
  ).slice(0, request.most);
  if (train.length < 40 || asked.length < 20)
    throw new FulcrumError('tuning-rows-too-few', {
      rows: train.length,
      provider: provider.name,
      minimum: 40,
    });
  const runs: CurveRun[] = [];
  for (const share of request.shares)
    for (let seed = 0; seed < (share === 1 ? 1 : request.seeds); seed++) {
      request.signal?.throwIfAborted();
      const rows = nested(train, share, seed);
      request.onProgress?.({
        phase: `curve ${share * 100} %`,
        done: runs.length,
        total: request.shares.length * request.seeds,
        unit: 'models',
      });
      const right = await trainAndAsk(project, provider, request, { rows, validation: asked, seed });
      const run = { share, rows: rows.length, seed, right };
      runs.push(run);
      request.onRun?.(run);
    }
  return judgeCurve(
    runs,
    asked.map(({ id, group }) => group ?? id),
  );
}

/** The first rows in an order of the seed, so that a larger part holds the smaller one. */
function nested(rows: readonly TuningRow[], share: number, seed: number): TuningRow[] {
  const ordered = rows
    .map((row) => ({ row, order: sha256(`${seed} ${row.group ?? row.id}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  return ordered.slice(0, Math.max(1, Math.round(share * rows.length))).map(({ row }) => row);
}

interface Part {
  readonly rows: readonly TuningRow[];
  readonly validation: readonly TuningRow[];
  readonly seed: number;
}

async function trainAndAsk(
  project: Project,
  provider: TuningProvider,
  request: CurveRequest,
  { rows, validation, seed }: Part,
): Promise<number[]> {
  const directory = await mkdtemp(join(tmpdir(), 'fulcrum-curve-'));
  try {
    const { providerJob } = await provider.start(
      {
        key: directory,
        name: 'curve',
        method: request.method,
        base: request.base,
        settings: { ...request.settings, seed },
        dataHash: sha256(rows.map(({ id }) => id).join('\n')),
        train: () => streamOf(rows),
        // A tenth of the part itself calibrates; what is asked must not.
        validation: () => streamOf([]),
        directory,
      },
      request,
    );
    const status = await ended(provider, providerJob, request);
    return await askRows(project, directory, request, status, validation);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function* streamOf<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}

async function ended(provider: TuningProvider, job: string, { signal }: WorkOptions): Promise<TuningStatus> {
  for (;;) {
    if (signal?.aborted) {
      await provider.cancel(job);
      throw new FulcrumError('cancelled');
    }
    const status = await provider.status(job);
    if (status.state === 'succeeded') return status;
    if (status.state === 'failed' || status.state === 'paused' || status.state === 'cancelled')
      throw new FulcrumError('trainer-failed', {
        problem: status.failure?.message ?? `the job is ${status.state}`,
      });
    await wait(200);
  }
}

/** 1 for each row whose answer is exactly right: the class, or the text after blanks are made one. */
async function askRows(
  project: Project,
  directory: string,
  request: CurveRequest,
  { product }: TuningStatus,
  rows: readonly TuningRow[],
): Promise<number[]> {
  const { createHeadClassifier, inputOf, readHead, targetOf } = await import('../tuning/index.ts');
  const head = product!.artifacts.find(({ format }) => format === 'head');
  const wanted = (row: TuningRow): string => normal(row.label ?? targetOf(row)?.content ?? '');
  if (head) {
    const model = await project.embeddingModel(request.base);
    const classify = createHeadClassifier(await readHead(join(directory, head.path)), model!);
    const { vectors } = await model!.embedDocuments(rows.map(inputOf), request);
    return classify(vectors).map(({ label }, index) => Number(normal(label) === wanted(rows[index]!)));
  }
  const adapter = product!.artifacts.find(({ format }) => format === 'gguf-lora')!;
  const { resolveLanguageModel } = await import('../models/index.ts');
  const model = await resolveLanguageModel(request.base, {
    lora: join(directory, adapter.path),
    signal: request.signal,
  });
  try {
    const right: number[] = [];
    for (const row of rows) {
      const messages = row.messages
        .slice(0, -1)
        .map(({ role, content }) => ({ role: role === 'tool' ? ('user' as const) : role, content }));
      const { text } = await model.generate({
        messages,
        maxOutputTokens: Math.max(40, wanted(row).length),
        temperature: 0,
        signal: request.signal,
      });
      right.push(Number(normal(text) === wanted(row)));
    }
    return right;
  } finally {
    await model.close();
  }
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

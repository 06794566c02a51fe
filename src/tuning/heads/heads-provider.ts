import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cost, FulcrumError, sha256, type WorkOptions } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { inputOf, type TuningRow, targetOf } from '../data/tuning-row.ts';
import type { FolderEvent } from '../folder/folder-events.ts';
import { createFolderProvider } from '../folder/folder-provider.ts';
import type { TuningEstimate, TuningProduct, TuningProvider, TuningRequest } from '../tuning-provider.ts';
import type { HeadJob } from './head-job.ts';
import { projectionDefaults } from './query-projection.ts';

export interface HeadsProviderOptions {
  /** Throws where the model cannot be had; null where there is none of that name. */
  embeddingModel(id: string): Promise<EmbeddingModel | null>;
  priceCoreSeconds(coreSeconds: number): Cost;
}

/** Texts that are embedded at once. */
const textsAtOnce = 256;

/** Heads on frozen embeddings, in a Node process of their own: classifiers and projections of queries. */
export function createHeadsProvider(options: HeadsProviderOptions): TuningProvider {
  return createFolderProvider({
    name: 'heads',
    capabilities: {
      methods: ['classifier', 'query-projection'],
      sendsRows: false,
      checkpoints: false,
      resume: true,
      tools: false,
      minimumRows: 20,
      selectsTurns: false,
      verifiedLive: null,
    },
    estimate: (request) => estimateHead(request, options),
    prepare: (request, work) => prepareFolder(request, options, work),
    async command(folder) {
      const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
      return {
        program: process.execPath,
        arguments: [fileURLToPath(new URL(`./train-head.${extension}`, import.meta.url)), folder],
      };
    },
    product: (folder, events) => productOf(folder, events, options),
  });
}

/** Core-seconds that embedding a short text takes here, roughly, and that fitting takes for each row. */
const secondsEach = { embed: 0.006, fit: 0.003 };

async function estimateHead(
  request: TuningRequest,
  { embeddingModel, priceCoreSeconds }: HeadsProviderOptions,
): Promise<TuningEstimate> {
  const model = await baseOf(request.base, embeddingModel);
  let rows = 0;
  let tokens = 0;
  for await (const row of request.train()) {
    rows++;
    tokens += Math.ceil(inputOf(row).length / 4);
  }
  const seconds = rows * (secondsEach.embed + secondsEach.fit);
  return {
    rows,
    tokensPerEpoch: tokens,
    trainedTokensPerEpoch: 0,
    epochs: 1,
    tokensCounted: false,
    cost: model.local
      ? priceCoreSeconds(seconds)
      : { usd: null, source: 'none', priceDate: null, basis: `embedding by ${model.id}` },
    hostingUsdPerHour: 0,
    seconds: { low: seconds / availableParallelism(), high: 3 * seconds },
    notes: model.local
      ? ['Nothing leaves this machine.']
      : [`The inputs are embedded by ${model.id}, so they are sent there.`],
  };
}

async function baseOf(
  base: string,
  embeddingModel: HeadsProviderOptions['embeddingModel'],
): Promise<EmbeddingModel> {
  const model = await embeddingModel(base);
  if (model) return model;
  throw new FulcrumError('tuning-base-unknown', {
    provider: 'heads',
    base,
    problem: 'heads need an embedding model',
  });
}

async function prepareFolder(
  request: TuningRequest,
  options: HeadsProviderOptions,
  work: WorkOptions = {},
): Promise<void> {
  const model = await baseOf(request.base, options.embeddingModel);
  const { directory: folder, method, settings } = request;
  const own = settings.own ?? {};
  const number = (name: string, otherwise: number): number =>
    typeof own[name] === 'number' ? own[name] : otherwise;
  const outside = typeof own.outside === 'string' ? own.outside : null;
  const train = await collect(request.train());
  const { fitted, validation } = validationOf(train, await collect(request.validation()), {
    classifier: method === 'classifier',
  });
  const labels = [...new Set([...fitted, ...validation].map(({ label }) => label))].sort();
  if (method === 'classifier') {
    requireLabels(fitted, labels, outside);
    for (const [name, rows] of [
      ['train', fitted],
      ['validation', validation],
    ] as const) {
      await writeVectors(
        folder,
        name,
        rows.map(({ input }) => input),
        model,
        work,
      );
      await writeFile(
        join(folder, `${name}.labels.json`),
        JSON.stringify(rows.map(({ label }) => labels.indexOf(label))),
      );
    }
  } else
    for (const [name, rows] of [
      ['train', fitted],
      ['validation', validation],
    ] as const) {
      await writeVectors(
        folder,
        `${name}-queries`,
        rows.map(({ input }) => input),
        model,
        work,
        true,
      );
      await writeVectors(
        folder,
        `${name}-passages`,
        rows.map(({ target }) => target),
        model,
        work,
      );
    }
  const job: HeadJob = {
    v: 1,
    method: method === 'classifier' ? 'classifier' : 'query-projection',
    embedding: { model: model.id, fingerprint: model.fingerprint, dimensions: model.dimensions },
    labels: method === 'classifier' ? labels : [],
    outside,
    l2: typeof own.l2 === 'number' ? [own.l2] : [1, 0.1, 0.03],
    maxIterations: number('maxIterations', 300),
    outsideRecall: number('outsideRecall', 0.8),
    acceptedAccuracy: number('acceptedAccuracy', 0.95),
    epochs: settings.epochs ?? projectionDefaults.epochs,
    learningRate: settings.learningRate ?? projectionDefaults.learningRate,
    batchSize: settings.batchSize ?? projectionDefaults.batchSize,
    seed: settings.seed ?? 0,
  };
  await writeFile(join(folder, 'job.json'), JSON.stringify(job, null, 2));
}

interface HeadRow {
  readonly id: string;
  readonly group: string;
  readonly input: string;
  readonly target: string;
  readonly label: string;
}

async function collect(rows: AsyncIterable<TuningRow>): Promise<HeadRow[]> {
  const found: HeadRow[] = [];
  for await (const row of rows) {
    const target = targetOf(row)?.content ?? '';
    found.push({
      id: row.id,
      group: row.group ?? row.id,
      input: inputOf(row),
      target,
      label: row.label ?? target,
    });
  }
  return found;
}

/**
 * Rows for calibration and thresholds: those of the split, or a tenth of the training groups where it has none. Of every class at least half
 * of the rows stay to be fitted on.
 */
function validationOf(
  train: readonly HeadRow[],
  given: readonly HeadRow[],
  { classifier }: { classifier: boolean },
): { fitted: readonly HeadRow[]; validation: readonly HeadRow[] } {
  if (given.length > 0) return { fitted: train, validation: given };
  const labelOf = ({ label }: HeadRow): string => (classifier ? label : '');
  const spare = new Map(
    [...countsOf(train, labelOf)].map(([label, count]) => [label, Math.floor(count / 2)]),
  );
  const held = new Set<string>();
  for (const [group, members] of Map.groupBy(train, (row) => row.group)) {
    if (Number.parseInt(sha256(`validation ${group}`).slice(0, 8), 16) % 10 !== 0) continue;
    const taken = [...countsOf(members, labelOf)];
    if (taken.some(([label, count]) => count > spare.get(label)!)) continue;
    for (const [label, count] of taken) spare.set(label, spare.get(label)! - count);
    held.add(group);
  }
  return {
    fitted: train.filter(({ group }) => !held.has(group)),
    validation: train.filter(({ group }) => held.has(group)),
  };
}

function countsOf(rows: readonly HeadRow[], labelOf: (row: HeadRow) => string): Map<string, number> {
  return new Map([...Map.groupBy(rows, labelOf)].map(([label, members]) => [label, members.length]));
}

function requireLabels(rows: readonly HeadRow[], labels: readonly string[], outside: string | null): void {
  const problem = (text: string): FulcrumError => new FulcrumError('trainer-data', { problem: text });
  if (labels.length < 2) throw problem(`all rows have the same class "${labels[0] ?? ''}"`);
  if (labels.length > 2000)
    throw problem(
      `there are ${labels.length} different targets, which are no classes; --provider local learns to write text`,
    );
  if (outside !== null && !labels.includes(outside))
    throw problem(`no row has the class "${outside}" that --own outside names`);
  const seen = new Set(rows.map(({ label }) => label));
  const missing = labels.find((label) => !seen.has(label));
  if (missing !== undefined) throw problem(`the class "${missing}" stands in validation rows only`);
}

async function writeVectors(
  folder: string,
  name: string,
  texts: readonly string[],
  model: EmbeddingModel,
  work: WorkOptions,
  asQueries = false,
): Promise<void> {
  const all = new Float32Array(texts.length * model.dimensions);
  for (let at = 0; at < texts.length; at += textsAtOnce) {
    work.onProgress?.({ phase: `embedding ${name}`, done: at, total: texts.length, unit: 'texts' });
    const part = texts.slice(at, at + textsAtOnce);
    const { vectors } = asQueries
      ? await model.embedQueries(part, work)
      : await model.embedDocuments(part, work);
    for (const [index, vector] of vectors.entries()) all.set(vector, (at + index) * model.dimensions);
  }
  await writeFile(join(folder, `${name}.f32`), Buffer.from(all.buffer));
}

async function productOf(
  folder: string,
  events: readonly FolderEvent[],
  { priceCoreSeconds }: HeadsProviderOptions,
): Promise<TuningProduct> {
  const job = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')) as HeadJob;
  const path = 'artifacts/head.bin';
  const bytes = await readFile(join(folder, path));
  const done = events.findLast(({ type }) => type === 'done');
  const figures = (done?.figures ?? {}) as Record<string, number | boolean | null>;
  const known = Object.entries(figures).filter(([, value]) => value !== null) as [string, number | boolean][];
  return {
    providerModel: null,
    artifacts: [
      {
        format: 'head',
        path,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: (await stat(join(folder, path))).size,
      },
    ],
    base: { id: job.embedding.model, revision: job.embedding.fingerprint, license: 'as the embedding model' },
    templateHash: null,
    trainer: `fulcrum heads 1, node ${process.versions.node}`,
    config: { ...Object.fromEntries(known), seed: job.seed, maxIterations: job.maxIterations },
    trainedTokens: null,
    cost: priceCoreSeconds(Number(done?.cpuSeconds ?? 0)),
    portability: 'full',
  };
}

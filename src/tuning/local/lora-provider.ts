import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Cost, FulcrumError, type WorkOptions } from '../../core/index.ts';
import { type ChatTemplate, renderConversation } from '../../models/index.ts';
import type { TuningRow } from '../data/tuning-row.ts';
import type { FolderEvent } from '../folder/folder-events.ts';
import { createFolderProvider } from '../folder/folder-provider.ts';
import { isElsewhere, paidElsewhere } from '../folder/packed-folder.ts';
import type {
  TuningArtifact,
  TuningEstimate,
  TuningProduct,
  TuningProvider,
  TuningRequest,
} from '../tuning-provider.ts';
import { type BaseCheckpoint, describeBase, ensureBaseCheckpoint } from './base-checkpoint.ts';
import { type LoraSettings, loraSettings } from './lora-settings.ts';
import { packJob } from './packed-job.ts';
import { requirePythonEnvironment, trainerDirectory } from './python-environment.ts';

export interface LoraProviderOptions {
  /** Tokens of a text by the base's own tokenizer. */
  countTokens(base: string, text: string): Promise<number>;
  priceCoreSeconds(coreSeconds: number): Cost;
}

/** What the folder keeps of the request beside what the trainer reads. */
interface LoraJob {
  readonly v: 1;
  readonly job: string;
  readonly method: 'sft' | 'dpo';
  readonly base: BaseCheckpoint;
  readonly settings: LoraSettings;
  readonly dataHash: string;
  readonly trainer: string;
}

/** LoRA adapters on this machine, by the Python trainer in `trainer/`. */
export function createLoraProvider(options: LoraProviderOptions): TuningProvider {
  return createFolderProvider({
    name: 'local',
    capabilities: {
      methods: ['sft', 'dpo'],
      sendsRows: false,
      checkpoints: true,
      resume: true,
      tools: false,
      minimumRows: 10,
      selectsTurns: true,
      verifiedLive: null,
    },
    estimate: (request) => estimateLora(request, options),
    prepare: prepareFolder,
    async command(folder) {
      const { python } = await requirePythonEnvironment();
      return {
        program: python,
        arguments: [join(trainerDirectory, 'train.py'), folder],
        environment: { PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
      };
    },
    pack: packJob,
    product: (folder, events) => productOf(folder, events, options),
    failure: ({ code, message }) => {
      const problem = String(message ?? '').slice(0, 500);
      const known = [
        'trainer-memory',
        'trainer-diverged',
        'trainer-data',
        'trainer-resume',
        'trainer-export',
      ] as const;
      const found = known.find((each) => each === code);
      return found ? { code: found, data: { problem } } : null;
    },
  });
}

/** Floating-point operations a second that two to sixteen cores reach at this; wide on purpose. */
const operationsPerSecond = { low: 3e10, high: 4e11 };

async function estimateLora(
  request: TuningRequest,
  { countTokens, priceCoreSeconds }: LoraProviderOptions,
): Promise<TuningEstimate> {
  const base = describeBase(request.base);
  let rows = 0;
  let tokens = 0;
  let trained = 0;
  const tooLong: string[] = [];
  for await (const row of request.train()) {
    rows++;
    const pieces = piecesOf(row, base.template, 'id' in row ? row.id : '');
    let own = 0;
    for (const piece of pieces) {
      const count = 'text' in piece ? await countTokens(request.base, piece.text) : 1;
      own += count;
      if (piece.trained) trained += count;
    }
    tokens += own;
    if (own > (request.settings.maxTokens ?? 1024)) tooLong.push(row.id);
  }
  const settings = loraSettings(request.settings, rows, request.method === 'dpo' ? 'dpo' : 'sft');
  const epochs =
    settings.maxSteps === null
      ? settings.epochs
      : Math.min(settings.epochs, (settings.maxSteps * settings.batchSize) / Math.max(1, rows));
  const operations = base.parametersMillion === null ? null : tokens * epochs * 4e6 * base.parametersMillion;
  const seconds =
    operations === null
      ? null
      : {
          low: operations / operationsPerSecond.high,
          high: operations / operationsPerSecond.low,
        };
  return {
    rows,
    tokensPerEpoch: tokens,
    trainedTokensPerEpoch: trained,
    epochs,
    tokensCounted: true,
    cost: priceCoreSeconds((seconds?.high ?? 0) * settings.threads),
    hostingUsdPerHour: 0,
    seconds,
    notes: [
      ...(tooLong.length > 0
        ? [
            `${tooLong.length} rows are longer than ${settings.maxTokens} tokens and would be left out, the first is "${tooLong[0]}".`,
          ]
        : []),
      'Trained here, nothing leaves this machine; the adapter is yours.',
    ],
  };
}

async function prepareFolder(request: TuningRequest, work: WorkOptions = {}): Promise<void> {
  const { python, lock } = await requirePythonEnvironment();
  const base = await ensureBaseCheckpoint(request.base, python, work);
  const method = request.method === 'dpo' ? 'dpo' : 'sft';
  const rows = await writeRows(
    join(request.directory, 'train.jsonl'),
    request.train(),
    base.template,
    method,
  );
  await writeRows(join(request.directory, 'validation.jsonl'), request.validation(), base.template, method);
  const job: LoraJob = {
    v: 1,
    job: request.key,
    method,
    base,
    settings: loraSettings(request.settings, rows, method),
    dataHash: request.dataHash,
    trainer: lock,
  };
  await writeFile(join(request.directory, 'job.json'), JSON.stringify(job, null, 2));
}

async function writeRows(
  path: string,
  rows: AsyncIterable<TuningRow>,
  template: ChatTemplate,
  method: 'sft' | 'dpo',
): Promise<number> {
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const row of rows) {
      count++;
      const line = {
        id: row.id,
        pieces: piecesOf(row, template, row.id),
        ...(method === 'dpo' && { rejected: rejectedPieces(row, template) }),
      };
      yield `${JSON.stringify(line)}\n`;
    }
  }
  await pipeline(lines, createWriteStream(path));
  return count;
}

/** A row as the trainer reads it. Throws `trainer-data` for what a local template cannot write. */
function piecesOf(row: TuningRow, template: ChatTemplate, id: string) {
  if (row.messages.at(-1)?.role !== 'assistant')
    throw new FulcrumError('trainer-data', {
      problem: `the last turn of the row "${id}" is not the assistant's`,
    });
  return renderConversation(
    row.messages.map((message) => textTurn(message, id)),
    template,
  );
}

function rejectedPieces(row: TuningRow, template: ChatTemplate) {
  if (row.rejected === undefined)
    throw new FulcrumError('trainer-data', { problem: `the row "${row.id}" has no rejected answer` });
  const messages = [...row.messages.slice(0, -1), { role: 'assistant' as const, content: row.rejected }];
  return renderConversation(
    messages.map((message) => textTurn(message, row.id)),
    template,
  );
}

function textTurn({ role, content, toolCalls, trained }: TuningRow['messages'][number], id: string) {
  if (role === 'tool' || toolCalls)
    throw new FulcrumError('trainer-data', {
      problem: `the row "${id}" calls tools, which local models here do not`,
    });
  return { role, content, trained };
}

async function productOf(
  folder: string,
  events: readonly FolderEvent[],
  { priceCoreSeconds }: LoraProviderOptions,
): Promise<TuningProduct> {
  const job = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')) as LoraJob;
  const done = events.findLast(({ type }) => type === 'done');
  // A job that was resumed has used the time of all its processes.
  const cpuSeconds = events.reduce(
    (sum, event) =>
      sum + (event.type === 'done' || event.type === 'interrupted' ? Number(event.cpuSeconds ?? 0) : 0),
    0,
  );
  const { settings } = job;
  return {
    providerModel: null,
    artifacts: [
      await artifact(folder, 'peft', 'artifacts/peft/adapter_model.safetensors'),
      await artifact(folder, 'gguf-lora', 'artifacts/adapter.gguf'),
    ],
    base: { id: job.base.id, revision: job.base.revision, license: job.base.license },
    templateHash: createHash('sha256')
      .update(
        JSON.stringify(
          renderConversation(
            [
              { role: 'user', content: 'a' },
              { role: 'assistant', content: 'b' },
            ],
            job.base.template,
          ),
        ),
      )
      .digest('hex'),
    trainer: job.trainer,
    config: Object.fromEntries(
      Object.entries({
        ...settings,
        precision: done?.precision === 'fp32' ? 'fp32' : 'bf16',
      }).filter(([, value]) => value !== null),
    ) as TuningProduct['config'],
    trainedTokens: typeof done?.tokens === 'number' ? done.tokens : null,
    cost: isElsewhere(folder) ? await rentedCost(folder) : priceCoreSeconds(cpuSeconds),
    portability: 'adapter',
  };
}

async function rentedCost(folder: string): Promise<Cost> {
  const usd = await paidElsewhere(folder);
  return usd === null
    ? {
        usd,
        source: 'none',
        priceDate: null,
        basis: 'trained elsewhere; "tune collect --usd" says what it cost',
      }
    : { usd, source: 'reported', priceDate: null, basis: 'trained elsewhere, as entered' };
}

async function artifact(
  folder: string,
  format: TuningArtifact['format'],
  path: string,
): Promise<TuningArtifact> {
  const file = join(folder, path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { format, path, sha256: hash.digest('hex'), bytes: (await stat(file)).size };
}

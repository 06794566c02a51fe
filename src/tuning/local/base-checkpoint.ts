import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { FulcrumError, sha256, type WorkOptions } from '../../core/index.ts';
import {
  type ChatTemplate,
  ensureModelFiles,
  findLocalModel,
  modelCacheDirectory,
} from '../../models/index.ts';
import { trainerDirectory } from './python-environment.ts';

/** A base that can be trained on, as a Hugging Face folder on this machine. */
export interface BaseCheckpoint {
  readonly path: string;
  readonly id: string;
  /** sha256 of the weights that it was made from, or of the folder's config and index. */
  readonly revision: string;
  readonly license: string;
  readonly template: ChatTemplate;
}

/** What is known of a base before anything is fetched. */
export interface BaseDescription {
  readonly id: string;
  readonly template: ChatTemplate;
  /** Millions of weights; null where unknown. */
  readonly parametersMillion: number | null;
  readonly trainedTokens: number;
}

/** Weights of the models of the catalogue, in millions. */
const parametersMillion: ReadonlyMap<string, number> = new Map([
  ['local/smollm2-135m-instruct', 135],
  ['local/gemma-3-270m', 268],
]);

/** Throws `tuning-base-unknown`. */
export function describeBase(base: string): BaseDescription {
  if (isAbsolute(base)) {
    if (!existsSync(join(base, 'config.json')))
      throw unknownBase(base, 'the folder has no config.json, so it is no Hugging Face checkpoint');
    return { id: base, template: 'chatml', parametersMillion: null, trainedTokens: 8192 };
  }
  if (!base.startsWith('local/'))
    throw unknownBase(base, 'it is neither local/… nor the absolute path of a Hugging Face folder');
  const entry = findLocalModel(base);
  if (entry.kind !== 'language')
    throw unknownBase(base, 'it is an embedding model; heads are trained on those');
  const { template, trainedTokens } = entry.settings;
  return { id: base, template, trainedTokens, parametersMillion: parametersMillion.get(base) ?? null };
}

/** Fetches the base and writes it as a checkpoint, once for each content of its weights. Throws what fetching and the trainer throw. */
export async function ensureBaseCheckpoint(
  base: string,
  python: string,
  options: WorkOptions = {},
): Promise<BaseCheckpoint> {
  const { template } = describeBase(base);
  if (isAbsolute(base)) {
    const revision = sha256(await readFile(join(base, 'config.json')));
    return { path: base, id: base, revision, license: 'see the folder', template };
  }
  const entry = findLocalModel(base);
  const files = await ensureModelFiles(base, options);
  const weights = entry.files.find(({ role }) => role === 'weights')!;
  const path = join(dirname(modelCacheDirectory()), 'checkpoints', weights.sha256.slice(0, 16));
  if (!existsSync(join(path, 'config.json'))) {
    options.onNotice?.(`Writing ${base} as a checkpoint that can be trained on (once, about a minute).`);
    await dequantise(files.weights!, path, python, options);
  }
  return { path, id: base, revision: weights.sha256, license: entry.license, template };
}

async function dequantise(
  weights: string,
  path: string,
  python: string,
  { signal }: WorkOptions,
): Promise<void> {
  const { execa } = await import('execa');
  const draft = `${path}.${process.pid}.tmp`;
  await mkdir(draft, { recursive: true });
  try {
    const outcome = await execa(python, [join(trainerDirectory, 'dequantise.py'), weights, draft], {
      reject: false,
      all: true,
      stdin: 'ignore',
      ...(signal ? { cancelSignal: signal } : {}),
    });
    if (outcome.isCanceled) throw new FulcrumError('cancelled');
    if (outcome.exitCode !== 0) {
      const problem = (outcome.all ?? '').trim().split('\n').slice(-2).join(' ').slice(0, 400);
      throw new FulcrumError('trainer-failed', { problem });
    }
    await rename(draft, path).catch((error: NodeJS.ErrnoException) => {
      // Another process wrote the same one meanwhile.
      if (!existsSync(join(path, 'config.json'))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function unknownBase(base: string, problem: string): FulcrumError {
  return new FulcrumError('tuning-base-unknown', { provider: 'local', base, problem });
}

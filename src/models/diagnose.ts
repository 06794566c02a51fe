import { mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { type LocalModelStatus, listLocalModels, modelCacheDirectory } from './files/index.ts';
import { keyVariables } from './hosted-models.ts';

/** A library that models need, and whether it loads. */
export interface RuntimePackage {
  readonly name: string;
  readonly neededFor: string;
  readonly present: boolean;
}

/** What this machine offers to Fulcrum. */
export interface Diagnosis {
  readonly node: { readonly version: string; readonly needed: string; readonly ok: boolean };
  readonly cores: number;
  readonly memoryBytes: number;
  readonly cacheDirectory: string;
  /** Free for the user on the disk of the cache folder; null where it cannot be found out. */
  readonly diskFreeBytes: number | null;
  readonly models: readonly LocalModelStatus[];
  /** Names of environment variables with whether they are set; never their values. */
  readonly keys: readonly { readonly variable: string; readonly set: boolean }[];
  readonly packages: readonly RuntimePackage[];
  /** One sentence for each gap: what is missing and what to do. */
  readonly advice: readonly string[];
}

const neededNode = 24;
const neededMemoryBytes = 2e9;
const neededDiskBytes = 1e9;

/**
 * Looks at Node, cores, memory, disk, model files, keys and libraries.
 * @param moreKeys environment variables that the config names for its own providers.
 */
export async function diagnose(moreKeys: readonly string[] = []): Promise<Diagnosis> {
  const cacheDirectory = modelCacheDirectory();
  const found = {
    node: {
      version: process.versions.node,
      needed: `>=${neededNode}`,
      ok: Number(process.versions.node.split('.')[0]) >= neededNode,
    },
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    cacheDirectory,
    diskFreeBytes: await freeBytes(cacheDirectory),
    models: await listLocalModels(),
    keys: [...new Set([...Object.values(keyVariables), ...moreKeys])].map((variable) => ({
      variable,
      set: Boolean(process.env[variable]),
    })),
    packages: await findPackages(),
  };
  return { ...found, advice: advise(found) };
}

async function freeBytes(directory: string): Promise<number | null> {
  try {
    await mkdir(directory, { recursive: true });
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}

async function findPackages(): Promise<RuntimePackage[]> {
  const loads = (load: Promise<unknown>): Promise<boolean> =>
    load.then(
      () => true,
      () => false,
    );
  const { loadEmbeddingRuntime } = await import('./local/embedding-runtime.ts');
  const { loadLlamaRuntime } = await import('./local/llama-runtime.ts');
  return [
    {
      name: 'onnxruntime-node',
      neededFor: 'local embedding models',
      present: await loads(loadEmbeddingRuntime()),
    },
    {
      name: 'node-llama-cpp',
      neededFor: 'local language models',
      present: await loads(loadLlamaRuntime('local models')),
    },
  ];
}

function advise(found: Omit<Diagnosis, 'advice'>): string[] {
  const { cacheDirectory, diskFreeBytes, keys, memoryBytes, models, node, packages } = found;
  const advice: string[] = [];
  if (!node.ok)
    advice.push(
      `Node ${node.version} runs this; install Node ${neededNode} or run "npm install" in Fulcrum.`,
    );
  if (memoryBytes < neededMemoryBytes)
    advice.push('Less than 2 GB of memory: choose a hosted model, or search by keywords only.');
  if (diskFreeBytes === null)
    advice.push(`${cacheDirectory} cannot be written: set FULCRUM_CACHE to a folder that can.`);
  else if (diskFreeBytes < neededDiskBytes)
    advice.push(`Less than 1 GB free in ${cacheDirectory}: free some, or set FULCRUM_CACHE to another disk.`);
  for (const model of models.filter((entry) => entry.preselected && !entry.present))
    advice.push(`${model.id} is not in the cache: run "fulcrum models pull ${model.id}".`);
  for (const missing of packages.filter((entry) => !entry.present))
    advice.push(`${missing.neededFor} need ${missing.name}: run "npm install ${missing.name}".`);
  if (keys.every((key) => !key.set))
    advice.push(`No key is set: local models only. For hosted ones set ${keys[0]?.variable} or another.`);
  return advice;
}

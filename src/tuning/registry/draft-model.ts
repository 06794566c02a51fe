import { canonicalJson } from '../../core/index.ts';
import { retirementsOf } from '../../models/index.ts';
import type { TuningDataStore } from '../data/tuning-data-store.ts';
import { type TuningRow, targetOf } from '../data/tuning-row.ts';
import type { TuningJob } from '../jobs/tuning-job.ts';
import { readersOfRows } from './model-access.ts';
import type { TunedModelDraft } from './tuned-model-store.ts';

/**
 * What the registry keeps of a job that succeeded: its product, and of its rows who may read them, the system prompt and schema that
 * they share, and how long they are, which is how long a prompt and an answer may be.
 * @param folder of the job, relative to the project's state folder.
 */
export async function draftModel(
  job: TuningJob,
  data: TuningDataStore,
  folder: string,
): Promise<TunedModelDraft> {
  const reference = `${job.data.name}@${job.data.version}`;
  const found = await data.get(reference);
  const product = job.product!;
  const shared = await sharedOf(trainedRows(data, reference, found.splitHash !== null));
  const end = retirementsOf(job.base).find(({ ends }) => ends === 'inference');
  return {
    name: job.name,
    job: job.id,
    provider: job.provider,
    method: job.method,
    base: product.base,
    providerModel: product.providerModel,
    artifacts: product.artifacts.map((artifact) => ({ ...artifact, path: `${folder}/${artifact.path}` })),
    data: {
      name: found.name,
      version: found.version,
      hash: found.hash,
      splitHash: found.splitHash ?? found.hash,
      trainRows: shared.rows,
    },
    instructions: shared.instructions,
    outputSchema: (job.outputSchema ?? shared.schema) as TunedModelDraft['outputSchema'],
    templateHash: product.templateHash,
    trainer: product.trainer,
    config: { ...product.config, longestPrompt: shared.longestPrompt, longestTarget: shared.longestTarget },
    seed: typeof product.config.seed === 'number' ? product.config.seed : 0,
    cost: product.cost,
    retiresAt: end?.date ?? null,
    readers: await readersOfRows(trainedRows(data, reference, found.splitHash !== null)),
    portability: product.portability,
  };
}

/** Rows that a model may have learnt something of: all but the test. */
export async function* trainedRows(
  data: TuningDataStore,
  reference: string,
  isSplit: boolean,
): AsyncGenerator<TuningRow> {
  for await (const row of data.rows(reference)) if (!isSplit || row.split !== 'test') yield row;
}

async function sharedOf(rows: AsyncIterable<TuningRow>) {
  let count = 0;
  let longestPrompt = 0;
  let longestTarget = 0;
  const prompts = new Set<string>();
  const schemas = new Map<string, unknown>();
  for await (const row of rows) {
    count++;
    const [first] = row.messages;
    prompts.add(first?.role === 'system' ? first.content : '');
    schemas.set(canonicalJson(row.schema ?? null), row.schema ?? null);
    const target = targetOf(row)?.content.length ?? 0;
    const all = row.messages.reduce((sum, { content }) => sum + content.length, 0);
    longestPrompt = Math.max(longestPrompt, all - target);
    longestTarget = Math.max(longestTarget, target);
  }
  const [instructions = null] = prompts.size === 1 ? prompts : [];
  const [schema = null] = schemas.size === 1 ? schemas.values() : [];
  return { rows: count, longestPrompt, longestTarget, instructions, schema };
}

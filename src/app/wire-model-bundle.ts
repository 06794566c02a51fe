import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FulcrumError } from '../core/index.ts';
import type { TunedModel } from '../tuning/index.ts';
import type { Project } from './project.ts';
import { checkArtifact } from './wire-tuned-models.ts';

const recordFile = 'model.json';

/**
 * Writes a tuned model as a folder: its record and what serving needs of its files. The rows stay behind. Throws `tuned-model-unservable` where the weights are with
 * a provider, and `tuned-model-damaged`.
 */
export async function exportModel(project: Project, reference: string, folder: string): Promise<TunedModel> {
  const { models } = await project.tuning();
  const model = await models.get(reference);
  const served = model.artifacts.filter(({ format }) => format !== 'peft');
  if (served.length === 0)
    throw new FulcrumError('tuned-model-unservable', {
      model: model.id,
      problem: `its weights are with ${model.provider}`,
    });
  await mkdir(folder, { recursive: true });
  const artifacts = [];
  for (const artifact of served) {
    const path = join(project.stateDirectory, artifact.path);
    await checkArtifact(model.id, path, artifact.sha256);
    await copyFile(path, join(folder, basename(path)));
    artifacts.push({ ...artifact, path: basename(path) });
  }
  await writeFile(join(folder, recordFile), `${JSON.stringify({ ...model, artifacts }, null, 2)}\n`);
  return model;
}

/**
 * Takes a model of `exportModel` into a project, as a candidate with the gates that it brings. The same folder again gives the same model.
 * Throws `file-not-found`, `file-unreadable` and `tuned-model-damaged`.
 */
export async function importModel(project: Project, folder: string): Promise<TunedModel> {
  const { tunedModelSchema } = await import('../tuning/index.ts');
  const path = join(folder, recordFile);
  if (!existsSync(path)) throw new FulcrumError('file-not-found', { path });
  let record: TunedModel;
  try {
    record = tunedModelSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new FulcrumError(
      'file-unreadable',
      { path, problem: 'it is no record of a tuned model' },
      { cause },
    );
  }
  const artifacts = [];
  for (const artifact of record.artifacts) {
    const from = join(folder, basename(artifact.path));
    await checkArtifact(record.id, from, artifact.sha256);
    const to = join('tuning', record.job, basename(artifact.path));
    await mkdir(dirname(join(project.stateDirectory, to)), { recursive: true });
    await copyFile(from, join(project.stateDirectory, to));
    artifacts.push({ ...artifact, path: to });
  }
  const { models } = await project.tuning();
  const {
    id: _id,
    stage: _stage,
    createdAt: _createdAt,
    evaluations: _evaluations,
    gates,
    flags,
    ...draft
  } = record;
  const registered = await models.register({ ...draft, artifacts });
  return models.update(registered.id, (model) => ({ ...model, gates, flags }));
}

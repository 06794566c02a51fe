import { FulcrumError, suggest } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import type { RemovedDataset } from '../evaluation/index.ts';
import { type Config, editConfig } from './config.ts';

/** The parts of a project that something is removed from. */
export interface EditedProject {
  readonly directory: string;
  readonly config: Config;
  database(): Promise<Database>;
}

/**
 * Takes a variant out of the config. Throws `variant-unknown`, and `variant-in-use` while a cascade is made of it or, unless
 * `force` is given, runs are of it; these keep their scores.
 * @returns the number of its runs.
 */
export async function removeVariant(
  { directory, config, database }: EditedProject,
  variant: string,
  { force = false }: { readonly force?: boolean | undefined } = {},
): Promise<number> {
  const names = Object.keys(config.variants);
  if (!names.includes(variant))
    throw new FulcrumError('variant-unknown', { variant, suggestion: suggest(variant, names) });
  const refuse = (problem: string): never => {
    throw new FulcrumError('variant-in-use', { variant, problem });
  };
  for (const [name, definition] of Object.entries(config.variants))
    if ('cascade' in definition && [definition.cascade.first, definition.cascade.then].includes(variant))
      refuse(`the cascade "${name}" asks it.`);
  const { createRunStore } = await import('../evaluation/index.ts');
  const runs = (await createRunStore(await database()).list()).filter((run) => run.variant === variant);
  if (runs.length > 0 && !force) refuse(`it has runs, ${runs.length} in all, ${runs[0]?.id} the newest.`);
  await editConfig(
    directory,
    (raw) => {
      delete raw.variants?.[variant];
    },
    `remove ${JSON.stringify(variant)} from variants`,
  );
  return runs.length;
}

/** Removes a dataset as `removeDataset` does. Throws also `dataset-in-use`, always, while a variant shows samples of it. */
export async function removeProjectDataset(
  { config, database }: EditedProject,
  dataset: string,
  options: { readonly force?: boolean | undefined } = {},
): Promise<RemovedDataset> {
  for (const [name, definition] of Object.entries(config.variants))
    if ('fewShot' in definition && definition.fewShot?.dataset === dataset)
      throw new FulcrumError('dataset-in-use', {
        dataset,
        problem: `the variant "${name}" shows samples of it.`,
      });
  const { removeDataset } = await import('../evaluation/index.ts');
  return removeDataset(await database(), dataset, options);
}

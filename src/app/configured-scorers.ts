import type { Scorer } from '../evaluation/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import type { Config } from './config.ts';

/** The scorers in the config of a project but for those in which a judge judges. Opens nothing. */
export async function configuredScorers(
  project: {
    readonly directory: string;
    readonly config: Config;
    embeddingModel(): Promise<EmbeddingModel | null>;
  },
  present: readonly Scorer[],
): Promise<Scorer[]> {
  const { createConfiguredScorers } = await import('../evaluation/index.ts');
  const { config, directory } = project;
  const embed = async (texts: readonly string[]) => {
    const model = await project.embeddingModel();
    return (await model?.embedDocuments(texts))?.vectors ?? [];
  };
  return createConfiguredScorers(config.scorers, {
    directory,
    present,
    embed: config.embedding === false ? undefined : embed,
  });
}

import type { Scorer, ScoringSpending } from '../evaluation/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import type { Config } from './config.ts';
import { embedTexts } from './embed-texts.ts';

/** The scorers in the config of a project but for those in which a judge judges. Opens nothing. */
export async function configuredScorers(
  project: {
    readonly directory: string;
    readonly config: Config;
    embeddingModel(): Promise<EmbeddingModel | null>;
  },
  present: readonly Scorer[],
  spending?: ScoringSpending,
): Promise<Scorer[]> {
  const { createConfiguredScorers } = await import('../evaluation/index.ts');
  const { config, directory } = project;
  const embed = embedTexts(project, spending);
  return createConfiguredScorers(config.scorers, {
    directory,
    present,
    embed: config.embedding === false ? undefined : embed,
  });
}

import type { WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import type { EmbeddingModel, LanguageModel, ProviderGates } from '../models/index.ts';
import type { Config } from './config.ts';
import type { TunedModels } from './tuned-models.ts';
import type { ProjectPrices } from './wire-prices.ts';

/** The ground that the rooms of a project are wired on. */
export interface ProjectParts {
  readonly directory: string;
  /** `.fulcrum/` beside the config: database, index, locks. Nothing is written elsewhere but the model cache. */
  readonly stateDirectory: string;
  readonly config: Config;
  database(): Promise<Database>;
  /**
   * The model of the config, or another by its id. Null when the config turns embedding off. Throws `model-file-unavailable` when its
   * files cannot be had.
   */
  embeddingModel(id?: string): Promise<EmbeddingModel | null>;
  languageModel(id: string): Promise<LanguageModel>;
  /** Tuned models as variants and language models; null where nothing was ever tuned. */
  tunedModels(): Promise<TunedModels | null>;
  /** Doors to the providers: rate limits and circuit breakers that all models and pipelines share. */
  gates(): Promise<ProviderGates>;
  /** The price list and what the project entered. Throws `price-list-invalid` for a damaged file. */
  prices(): Promise<ProjectPrices>;
}

/** Listeners and signal that every room of an opened project uses. */
export interface ProjectOptions extends WorkOptions {
  /** Sources in place of those that the config has under these names, such as an older state of the same documents. */
  readonly sources?: Config['sources'] | undefined;
}

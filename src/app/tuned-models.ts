import type { Principal } from '../core/index.ts';
import type { LanguageModel } from '../models/index.ts';
import type { Classifier, Variant, VariantConfig } from '../variants/index.ts';

/** Tuned models as the rest of a project uses them: as language models and as variants. */
export interface TunedModels {
  /** Variants `tuned:ID` and `hybrid:ID` of the models that are not archived. */
  variants(retrieves: boolean): Promise<Record<string, VariantConfig>>;
  /** The model behind `tuned/ID`; its adapter is checked against the registry. */
  languageModel(id: string, resolve: ResolveTuned): Promise<LanguageModel>;
  /** Throws `tuned-model-forbidden`. */
  requireAccess(id: string, principal: Principal): Promise<void>;
  learnedFrom(id: string): Promise<Variant['learnedFrom']>;
  /** The classifier behind `tuned/ID`. */
  classifier(id: string): Promise<Classifier>;
  /** The projection of queries behind `tuned/ID`. */
  projection(id: string): Promise<(vector: Float32Array) => Float32Array>;
}

/** Opens a model by its own id, with an adapter for local ones. */
export type ResolveTuned = (
  id: string,
  options: { lora?: string; contextTokens?: number },
) => Promise<LanguageModel>;

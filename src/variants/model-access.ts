import { FulcrumError, type Principal } from '../core/index.ts';
import type { VariantConfig } from './config.ts';
import { isTuned } from './kind-of.ts';
import type { Question, Variant } from './variant.ts';

/** Throws where a principal may not ask a tuned model. Supplied by `app`. */
export type RequireModelAccess = (model: string, principal: Principal) => Promise<void>;

/** Tuned models that a variant asks: its own and those that its retriever rewrites questions with. */
export function tunedModelsIn(entry: VariantConfig): string[] {
  if (!('reader' in entry)) return [];
  const retriever = 'retriever' in entry && typeof entry.retriever === 'object' ? entry.retriever : {};
  const named = ['model' in entry ? entry.model : undefined, retriever.condense, retriever.decompose];
  return named.filter((model) => typeof model === 'string').filter(isTuned);
}

/**
 * A variant that answers only those who may read everything that its tuned models were trained on. Nothing of a question reaches a model
 * before that is known; without a way to know, nobody is answered.
 */
export function withModelAccess(
  variant: Variant,
  models: readonly string[],
  require: RequireModelAccess | undefined,
): Variant {
  if (models.length === 0) return variant;
  const check = async (principal: Principal): Promise<void> => {
    for (const model of models) {
      if (!require) throw new FulcrumError('tuned-model-unknown', { model, suggestion: '' });
      await require(model, principal);
    }
  };
  const { prompt } = variant;
  return {
    ...variant,
    async cannotRun(principal) {
      try {
        await check(principal);
      } catch (error) {
        if (error instanceof FulcrumError && error.code === 'tuned-model-forbidden') return error.message;
        throw error;
      }
      return (await variant.cannotRun?.(principal)) ?? null;
    },
    ...(prompt && {
      prompt: async (question: Question) => {
        await check(question.principal);
        return prompt.call(variant, question);
      },
    }),
    async answer(question) {
      await check(question.principal);
      return variant.answer(question);
    },
  };
}

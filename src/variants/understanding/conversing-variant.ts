import { addCost, addUsage, contentHash, FulcrumError } from '../../core/index.ts';
import type { LanguageModel } from '../../models/index.ts';
import type { RetrieverConfig } from '../config.ts';
import type { Question, Variant } from '../variant.ts';
import {
  condenseByModel,
  condenseByRules,
  condenseInstructions,
  condensePrompt,
  type StandaloneQuestion,
} from './condense.ts';

/** Tokens of a rewritten question, for an upper bound of what a rewrite costs. */
const mostOutputTokens = 120;

/**
 * A variant that is asked in a conversation: the question is made to stand by itself first, then answered as ever. A
 * question without earlier turns goes through untouched, and nothing is asked of the model.
 */
export function createConversingVariant(
  inner: Variant,
  condense: RetrieverConfig['condense'],
  languageModel: (id: string) => Promise<LanguageModel>,
): Variant {
  if (condense === false) return inner;
  const byModel = condense !== undefined && condense !== 'rules' ? condense : null;
  const standalone = async (question: Question): Promise<StandaloneQuestion> => {
    const { input, turns = [], signal } = question;
    if (byModel === null) return condenseByRules(input, turns);
    return condenseByModel(input, turns, await languageModel(byModel), signal);
  };
  return {
    ...inner,
    definition:
      byModel === null
        ? inner.definition
        : { ...inner.definition, condense: { model: byModel, prompt: contentHash(condenseInstructions) } },
    async estimate(question) {
      const estimate = await inner.estimate(question);
      if (byModel === null || !question.turns?.length) return estimate;
      const model = await languageModel(byModel);
      const prompt = condensePrompt(question.input, question.turns);
      const counts = await Promise.all(prompt.map(({ content }) => model.countTokens(content)));
      const inputTokens = counts.reduce((sum, count) => sum + count, 0);
      const { usd } = model.local
        ? { usd: 0 }
        : model.price(addUsage({ inputTokens, outputTokens: mostOutputTokens, calls: 1 }));
      return {
        inputTokens: estimate.inputTokens + inputTokens,
        outputTokens: estimate.outputTokens + mostOutputTokens,
        usd: estimate.usd === null || usd === null ? null : estimate.usd + usd,
      };
    },
    async answer(question) {
      if (!question.turns?.length) return inner.answer(question);
      if (question.signal?.aborted) throw new FulcrumError('cancelled');
      const startedAt = performance.now();
      const { text, usage, cost } = await standalone(question);
      if (text !== question.input) question.onUnderstood?.(text);
      const seconds = (performance.now() - startedAt) / 1000;
      const answer = await inner.answer({ ...question, input: text, turns: undefined });
      return {
        ...answer,
        usage: addUsage(answer.usage, usage),
        cost: addCost(answer.cost, cost),
        seconds: answer.seconds + seconds,
      };
    },
  };
}

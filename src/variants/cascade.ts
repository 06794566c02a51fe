import { addCost, addUsage, FulcrumError } from '../core/index.ts';
import type { CascadeConfig } from './config.ts';
import type { Variant } from './variant.ts';

/**
 * Answers with the first variant, and with the other one where the first refuses or is less confident than `below`.
 * Usage, cost and seconds of both add up. Throws `cascade-without-confidence` when the first answers without one: a
 * guess would decide. A failure of either is the failure of the cascade.
 */
export function createCascadeVariant(
  name: string,
  { below }: CascadeConfig,
  first: Variant,
  other: Variant,
): Variant {
  const retrieves = first.retrieves === other.retrieves ? first.retrieves : undefined;
  return {
    name,
    kind: 'cascade',
    deployable: first.deployable && other.deployable,
    retrieves,
    concurrency: Math.min(first.concurrency ?? 1, other.concurrency ?? 1),
    definition: { kind: 'cascade', below, first: first.definition, other: other.definition },
    async estimate(question) {
      const [a, b] = await Promise.all([first.estimate(question), other.estimate(question)]);
      return {
        inputTokens: a.inputTokens + b.inputTokens,
        outputTokens: a.outputTokens + b.outputTokens,
        usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
      };
    },
    async answer(question) {
      // What the first says is shown once it is kept.
      const tried = await first.answer({ ...question, onText: undefined });
      if (tried.refusal === null) {
        if (tried.confidence === null)
          throw new FulcrumError('cascade-without-confidence', { variant: name, first: first.name });
        if (tried.confidence >= below) {
          question.onText?.(tried.answer);
          return tried;
        }
      }
      const answer = await other.answer(question);
      const unmeasured = [...new Set([...(tried.unmeasured ?? []), ...(answer.unmeasured ?? [])])];
      return {
        ...answer,
        usage: addUsage(tried.usage, answer.usage),
        cost: addCost(tried.cost, answer.cost),
        seconds: tried.seconds + answer.seconds,
        ...(unmeasured.length > 0 ? { unmeasured } : {}),
      };
    },
    close: async () => {},
  };
}

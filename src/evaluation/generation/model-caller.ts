import { z } from 'zod';
import { addCost, addUsage, type Cost, contentHash, noCost, noUsage, type Usage } from '../../core/index.ts';
import { parseJsonReply } from '../json-reply.ts';
import { stopAtBudget } from '../keep-to-budget.ts';
import type { CandidateStore } from './candidate-store.ts';
import type { QuestionModel } from './generation.ts';

/** One request to the model. */
export interface ModelRequest {
  readonly system: string;
  readonly user: string;
  /** Exchanges before the question, as examples. */
  readonly examples?: readonly { readonly user: string; readonly assistant: string }[] | undefined;
  readonly schema?: z.ZodType | undefined;
  readonly maxOutputTokens: number;
}

/** Asks a model each thing once: an answer that was paid for is kept and never paid for again. */
export interface ModelCaller {
  readonly model: QuestionModel;
  ask(request: ModelRequest): Promise<string>;
  /** What the calls made now took, and how many answers were there already. */
  spent(): { usage: Usage; cost: Cost; reused: number };
}

/** Under which the answer of a model to a request is kept. */
export function callKey(
  model: QuestionModel,
  { system, user, examples = [], schema, maxOutputTokens }: ModelRequest,
): string {
  const form = schema === undefined ? null : z.toJSONSchema(schema);
  return contentHash({ model: model.id, system, examples, user, form, maxOutputTokens });
}

/** @param budget what the calls are for, and USD from which on none is made (`budget-reached`); kept answers stay free. */
export function createModelCaller(
  model: QuestionModel,
  store: CandidateStore,
  signal: AbortSignal | undefined,
  budget: { readonly work: string; readonly limit: number | null },
): ModelCaller {
  let usage = noUsage;
  let cost = noCost;
  let reused = 0;
  return {
    model,
    spent: () => ({ usage, cost, reused }),
    async ask(request) {
      signal?.throwIfAborted();
      const { system, user, examples = [], schema, maxOutputTokens } = request;
      const key = callKey(model, request);
      const known = await store.call(key);
      if (known) {
        reused++;
        return known.text;
      }
      stopAtBudget(budget.work, cost.usd, budget.limit);
      const said = await model.generate({
        messages: [
          { role: 'system', content: system },
          ...examples.flatMap((example) => [
            { role: 'user' as const, content: example.user },
            { role: 'assistant' as const, content: example.assistant },
          ]),
          { role: 'user', content: user },
        ],
        schema,
        maxOutputTokens,
        signal,
      });
      await store.keepCall(key, model.id, { text: said.text, usage: said.usage, cost: said.cost });
      usage = addUsage(usage, said.usage);
      cost = addCost(cost, said.cost);
      return said.text;
    },
  };
}

/** Reads JSON by a schema (see `parseJsonReply`); null where the text is anything else. */
export function readJson<Value>(text: string, schema: z.ZodType<Value>): Value | null {
  try {
    const read = schema.safeParse(parseJsonReply(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

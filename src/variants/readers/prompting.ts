import type { LanguageModel, Message } from '../../models/index.ts';
import type { GenerateConfig } from '../config.ts';
import { kindOf } from '../kind-of.ts';
import type { ContextBudget } from './fit-context.ts';
import {
  closedBookInstructions,
  closedBookPrompt,
  forcedInstructions,
  groundedInstructions,
  groundedPrompt,
  localGroundedInstructions,
  type ShownPassage,
} from './prompts.ts';
import { shotTurns, structuredInstructions, withTurns } from './worked-examples.ts';

/** Window and output of models where the config does not say; small local models lose track in longer prompts. */
export const generationDefaults = {
  local: { contextTokens: 900, maxOutputTokens: 80 },
  hosted: { contextTokens: 6000, maxOutputTokens: 400 },
} as const;

/** How a variant asks its model. */
export interface Prompting {
  /** As the config has it, within what the model takes. */
  readonly budget: ContextBudget;
  readonly instructions: string;
  /** The turns of the worked examples of the config; others may be chosen by question. */
  readonly shots: readonly Message[];
  readonly structured: boolean;
  /** The budget with so many tokens of worked examples on top, within what the model takes. */
  budgetWith(exampleTokens: number): ContextBudget;
  /** @param turns worked examples that stand before the question. */
  promptFor(
    question: string,
    turns: readonly Message[],
  ): (passages: readonly ShownPassage[]) => readonly Message[];
}

/** Whether no passage comes before the model. */
export function readsNothing(config: GenerateConfig): boolean {
  const kind = kindOf(config);
  return kind === 'prompt' || kind === 'few-shot';
}

/** Reads out of a config how its model is asked. */
export function createPrompting(config: GenerateConfig, model: LanguageModel): Prompting {
  const closed = readsNothing(config);
  const defaults = model.local ? generationDefaults.local : generationDefaults.hosted;
  const limit = model.contextTokens ?? Number.POSITIVE_INFINITY;
  const budget = {
    maxOutputTokens: config.maxOutputTokens ?? defaults.maxOutputTokens,
    contextTokens: Math.min(config.contextTokens ?? defaults.contextTokens, limit),
  };
  const structured = config.structured === true;
  const grounded = model.local ? localGroundedInstructions : groundedInstructions;
  const closedBook = config.forceAnswer ? forcedInstructions : closedBookInstructions;
  const told = config.instructions ?? (closed ? closedBook : grounded);
  const instructions = structured ? `${told} ${structuredInstructions}` : told;
  return {
    budget,
    instructions,
    shots: shotTurns(config.shots ?? [], structured),
    structured,
    budgetWith: (exampleTokens) => ({
      ...budget,
      contextTokens: Math.min(budget.contextTokens + exampleTokens, limit),
    }),
    promptFor: (question, turns) => (passages) =>
      withTurns(
        closed ? closedBookPrompt(question, instructions) : groundedPrompt(question, passages, instructions),
        turns,
      ),
  };
}

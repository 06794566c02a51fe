import type { LanguageModel, Message } from '../../models/index.ts';
import type { GenerateConfig } from '../config.ts';
import { kindOf } from '../kind-of.ts';
import { type ContextBudget, countPrompt } from './fit-context.ts';
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
  /** The turns of the worked examples. */
  readonly turns: readonly Message[];
  readonly structured: boolean;
  /** The budget with room for the worked examples on top, within what the model takes. */
  fullBudget(): Promise<ContextBudget>;
  promptFor(question: string): (passages: readonly ShownPassage[]) => readonly Message[];
}

/** Reads out of a config how its model is asked. */
export function createPrompting(config: GenerateConfig, model: LanguageModel): Prompting {
  const closed = kindOf(config) === 'prompt';
  const defaults = model.local ? generationDefaults.local : generationDefaults.hosted;
  const limit = model.contextTokens ?? Number.POSITIVE_INFINITY;
  const budget = {
    maxOutputTokens: config.maxOutputTokens ?? defaults.maxOutputTokens,
    contextTokens: Math.min(config.contextTokens ?? defaults.contextTokens, limit),
  };
  const structured = config.structured === true;
  const turns = shotTurns(config.shots ?? [], structured);
  const grounded = model.local ? localGroundedInstructions : groundedInstructions;
  const closedBook = config.forceAnswer ? forcedInstructions : closedBookInstructions;
  const told = config.instructions ?? (closed ? closedBook : grounded);
  const instructions = structured ? `${told} ${structuredInstructions}` : told;
  return {
    budget,
    instructions,
    turns,
    structured,
    async fullBudget() {
      const contextTokens = budget.contextTokens + (await countPrompt(model, turns));
      return { ...budget, contextTokens: Math.min(contextTokens, limit) };
    },
    promptFor: (question) => (passages) =>
      withTurns(
        closed ? closedBookPrompt(question, instructions) : groundedPrompt(question, passages, instructions),
        turns,
      ),
  };
}

import { type Cost, noCost, noUsage, type Usage } from '../../core/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import type { GenerateConfig } from '../config.ts';
import type { FewShot } from '../few-shot.ts';
import { kindOf } from '../kind-of.ts';
import { pickInstructions, statementsInstructions, structureTokens } from './cited-statements.ts';
import { withTurns } from './few-shot-turns.ts';
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
import { structuredInstructions } from './structured-answer.ts';

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
  readonly structured: boolean;
  /** Whether the model answers from what it knows, without passages. */
  readonly readsNothing: boolean;
  /** Upper bound of the tokens of a prompt. */
  mostInputTokens(question: string): Promise<number>;
  promptFor(question: string): Promise<QuestionPrompt>;
}

/** How one question is asked. */
export interface QuestionPrompt {
  /** With room for the few-shot samples on top, within what the model takes. */
  readonly budget: ContextBudget;
  readonly prompt: (passages: readonly ShownPassage[]) => readonly Message[];
  /** By which the model picks evidence before, for `citing: "picked"`. */
  readonly pickPrompt: (passages: readonly ShownPassage[]) => readonly Message[];
  /** What choosing the few-shot samples took. */
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Characters that make up a token at least, for an upper bound of what few-shot samples take. */
const fewestCharactersPerToken = 3;

/** The instructions of a config, or those that it is given where it has none. */
export function instructionsOf(config: GenerateConfig): string {
  const kind = kindOf(config);
  if (config.instructions !== undefined) return config.instructions;
  if (kind !== 'prompt' && kind !== 'few-shot' && kind !== 'tuned')
    return config.model.startsWith('local/') ? localGroundedInstructions : groundedInstructions;
  return config.forceAnswer ? forcedInstructions : closedBookInstructions;
}

/** Reads out of a config how its model is asked. */
export function createPrompting(
  config: GenerateConfig,
  model: LanguageModel,
  fewShot: FewShot | null = null,
): Prompting {
  const readsNothing = !config.retriever && config.evidence === undefined;
  const defaults = model.local ? generationDefaults.local : generationDefaults.hosted;
  const limit = model.contextTokens ?? Number.POSITIVE_INFINITY;
  const budget = {
    maxOutputTokens:
      config.maxOutputTokens ?? defaults.maxOutputTokens + (config.citing ? structureTokens : 0),
    contextTokens: Math.min(config.contextTokens ?? defaults.contextTokens, limit),
  };
  const structured = config.structured === true;
  const told = instructionsOf(config);
  const instructions = structured
    ? `${told} ${structuredInstructions}`
    : config.citing
      ? `${told} ${statementsInstructions}`
      : told;
  const budgetWith = (fewShotTokens: number): ContextBudget => ({
    ...budget,
    contextTokens: Math.min(budget.contextTokens + fewShotTokens, limit),
  });
  const messages = (question: string, passages: readonly ShownPassage[], turns: readonly Message[]) =>
    withTurns(
      readsNothing
        ? closedBookPrompt(question, instructions)
        : groundedPrompt(question, passages, instructions),
      turns,
    );
  return {
    budget,
    instructions,
    structured,
    readsNothing,
    async mostInputTokens(question) {
      const shown = Math.ceil((fewShot?.mostCharacters ?? 0) / fewestCharactersPerToken);
      if (readsNothing) return shown + (await countPrompt(model, messages(question, [], [])));
      const { contextTokens } = budgetWith(shown);
      return contextTokens - budget.maxOutputTokens;
    },
    async promptFor(question) {
      const shown = await fewShot?.turns(question);
      const turns = shown?.messages ?? [];
      return {
        budget: budgetWith(await countPrompt(model, turns)),
        prompt: (passages) => messages(question, passages, turns),
        pickPrompt: (passages) => groundedPrompt(question, passages, pickInstructions),
        usage: shown?.usage ?? noUsage,
        cost: shown?.cost ?? noCost,
      };
    },
  };
}

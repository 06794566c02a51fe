import { type ErrorCode, FulcrumError } from '../../core/index.ts';
import { choosePrompt } from './choose-prompt.ts';
import { type MeasuredPrompt, type PairedDifference, pairedDifference } from './measured-prompt.ts';
import {
  alternatives,
  type Dimension,
  dimensions,
  nameSettings,
  type PromptSettings,
  type SearchSpace,
} from './prompt-settings.ts';

/** One step of a search: other settings against those that led then. */
export interface SearchStep {
  readonly dimension: Dimension | null;
  readonly measured: MeasuredPrompt;
  /** Against the leader at that time, for this pair alone; null for the first. */
  readonly gain: PairedDifference | null;
}

export interface SearchOptions {
  readonly start: PromptSettings;
  readonly space: SearchSpace;
  /** Most settings that are measured, the start included. */
  readonly most: number;
  /**
   * Runs settings on the dev split. A `budget-spent` or `budget-exceeded` from it ends the search with what there is; settings
   * that it has `nothing-scored` for (a model that cannot be held to a schema, say) are left out.
   */
  readonly measure: (settings: PromptSettings) => Promise<MeasuredPrompt>;
  readonly onStep?: ((step: SearchStep) => void) | undefined;
}

export interface SearchOutcome {
  readonly steps: readonly SearchStep[];
  /** Settings of which no answer got a score. */
  readonly unscored: readonly PromptSettings[];
  /** By the one-standard-error rule over all that was measured. */
  readonly chosen: MeasuredPrompt;
  /** Why it ended: everything in reach was tried, or what was allowed was used up. */
  readonly ended: 'searched' | 'budget' | 'most';
}

/**
 * Searches one dimension after the other from the settings that lead, and goes round again until a round brings no new
 * leader. Each setting is measured once. Throws what `measure` throws for the very first settings, and later anything but an
 * exhausted budget.
 */
export async function searchPrompts({
  start,
  space,
  most,
  measure,
  onStep,
}: SearchOptions): Promise<SearchOutcome> {
  const steps: SearchStep[] = [];
  const unscored: PromptSettings[] = [];
  const known = new Set<string>();
  const take = async (settings: PromptSettings, dimension: Dimension | null): Promise<void> => {
    known.add(nameSettings(settings));
    const leader = dimension === null ? null : leaderOf(steps);
    const measured = await measure(settings);
    const step = { dimension, measured, gain: leader && pairedDifference(measured.scores, leader.scores) };
    steps.push(step);
    onStep?.(step);
  };
  await take(start, null);
  let ended: SearchOutcome['ended'] = 'searched';
  try {
    for (let before: MeasuredPrompt | null = null; before !== leaderOf(steps); ) {
      before = leaderOf(steps);
      for (const dimension of dimensions) {
        for (const settings of alternatives(leaderOf(steps).settings, dimension, space)) {
          if (known.has(nameSettings(settings))) continue;
          if (known.size >= most) return { steps, unscored, chosen: leaderOf(steps), ended: 'most' };
          await take(settings, dimension).catch((error: unknown) => {
            if (!hasCode(error, 'nothing-scored')) throw error;
            unscored.push(settings);
          });
        }
      }
    }
  } catch (error) {
    if (!isBudgetUsedUp(error)) throw error;
    ended = 'budget';
  }
  return { steps, unscored, chosen: leaderOf(steps), ended };
}

/** Whether an error says that what may be spent is spent, or would be. */
export function isBudgetUsedUp(error: unknown): boolean {
  return hasCode(error, 'budget-spent', 'budget-exceeded');
}

function hasCode(error: unknown, ...codes: readonly ErrorCode[]): boolean {
  return error instanceof FulcrumError && codes.includes(error.code);
}

/** The settings that the rule chooses of what was measured so far. */
function leaderOf(steps: readonly SearchStep[]): MeasuredPrompt {
  const tried = steps.map(({ measured }) => measured);
  const chosen = choosePrompt(tried) ?? tried[0];
  if (!chosen) throw new Error('nothing was measured');
  return chosen;
}

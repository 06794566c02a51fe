import {
  alternativesIn,
  settingsKey,
  type TunedSettings,
  type TuningDimension,
  type TuningSpace,
} from './retrieval-dimensions.ts';

/** Scores of settings on all questions, in their order; each settings are measured once. */
export type MeasureSettings = (settings: TunedSettings) => Promise<ArrayLike<number>>;

/** What a search for settings is made with. */
export interface SettingsSearch {
  readonly present: TunedSettings;
  readonly space: TuningSpace;
  readonly measure: MeasureSettings;
  /** Group of each question. */
  readonly groups: readonly string[];
}

/** Passes over the dimensions at most; the second sees what the later ones changed. */
const passes = 2;

/**
 * Settings for some questions: dimension by dimension from the present ones, in each the simplest value that loses to the best
 * by no more than one standard error of their paired difference, clustered by group (the one-standard-error rule of Breiman
 * et al., 1984, on pairs); once more over all where a pass changed something.
 * @param questions indexes of those that may be looked at.
 */
export async function chooseSettings(
  search: SettingsSearch,
  dimensions: readonly TuningDimension[],
  questions: readonly number[],
): Promise<TunedSettings> {
  let chosen = search.present;
  for (let pass = 0; pass < passes; pass++) {
    const before = settingsKey(chosen);
    for (const dimension of dimensions) {
      const alternatives = alternativesIn(chosen, dimension, search.space);
      const scores: ArrayLike<number>[] = [];
      for (const settings of alternatives) scores.push(await search.measure(settings));
      chosen = alternatives[simplestGood(scores, search.groups, questions)] ?? chosen;
    }
    if (dimensions.length < 2 || settingsKey(chosen) === before) break;
  }
  return chosen;
}

/** Index of the first list whose paired loss against the best mean is at most one standard error; lists come simplest first. */
export function simplestGood(
  scores: readonly ArrayLike<number>[],
  groups: readonly string[],
  questions: readonly number[],
): number {
  const means = scores.map((each) => meanOver(each, questions));
  const best = means.reduce((leader, mean, index) => (mean > means[leader]! ? index : leader), 0);
  return scores.findIndex((each, index) => {
    if (index === best) return true;
    const { difference, standardError } = pairedLoss(scores[best]!, each, groups, questions);
    return difference <= standardError;
  });
}

/** Mean over some questions; NaN without any. */
export function meanOver(scores: ArrayLike<number>, questions: readonly number[]): number {
  return questions.reduce((sum, index) => sum + scores[index]!, 0) / questions.length;
}

/** Mean of `first` - `second` with its standard error by groups (sums of residuals, C / (C - 1)); 0 for one group. */
export function pairedLoss(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  groups: readonly string[],
  questions: readonly number[],
): { difference: number; standardError: number } {
  const difference = meanOver(first, questions) - meanOver(second, questions);
  const residuals = new Map<string, number>();
  for (const index of questions) {
    const group = groups[index]!;
    residuals.set(group, (residuals.get(group) ?? 0) + first[index]! - second[index]! - difference);
  }
  const count = residuals.size;
  if (count < 2) return { difference, standardError: 0 };
  let squares = 0;
  for (const residual of residuals.values()) squares += residual * residual;
  return { difference, standardError: Math.sqrt((count / (count - 1)) * squares) / questions.length };
}

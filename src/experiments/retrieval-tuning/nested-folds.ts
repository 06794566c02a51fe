import { dealFolds } from '../../evaluation/index.ts';
import { chooseSettings, meanOver, type SettingsSearch, simplestGood } from './choose-settings.ts';
import {
  alternativesIn,
  settingsKey,
  type TunedSettings,
  type TuningDimension,
} from './retrieval-dimensions.ts';

/** Folds of either loop, or as many as there are groups. */
const foldCount = 5;

/** Fixed starts of the hashes that deal groups to folds. */
const seeds = { outer: 'fulcrum-retrieval-outer-1', inner: 'fulcrum-retrieval-inner-1' } as const;

/** What a search by folds chose and what it is worth. */
export interface NestedChoice {
  /** Of all questions. */
  readonly chosen: TunedSettings;
  /** How many of the dimensions, from the first, the inner folds opened. */
  readonly opened: number;
  readonly outer: {
    readonly folds: number;
    /** By question: the score of what was chosen without the question's fold. */
    readonly scores: Float64Array;
    /** The same with the first n dimensions opened whatever the inner folds say; index 0 is the present settings. */
    readonly byDepth: readonly Float64Array[];
    /** What was chosen in each fold. */
    readonly chosen: readonly TunedSettings[];
    /** Mean, over the folds, of the best mean among all settings on the questions that were chosen from. */
    readonly best: number;
  };
}

/**
 * Grouped nested cross-validation. In each outer fold the settings are chosen from the questions of the others: inner folds tell
 * how many dimensions are worth opening (the fewest whose settings, chosen without an inner fold and scored on it, lose to the best by
 * no more than one standard error), then `chooseSettings` picks values from all of the outer training part. The fold scores that choice. The
 * final choice is made from all questions in the same way. Null with fewer than two groups.
 */
export async function chooseByFolds(
  search: SettingsSearch,
  dimensions: readonly TuningDimension[],
): Promise<NestedChoice | null> {
  const all = [...search.groups.keys()];
  const folds = dealTo(search.groups, all, seeds.outer);
  if (!folds) return null;
  const empty = (): Float64Array => new Float64Array(all.length);
  const scores = empty();
  const byDepth = Array.from({ length: dimensions.length + 1 }, empty);
  const chosenByFold: TunedSettings[] = [];
  let best = 0;
  for (const held of folds) {
    const heldOut = new Set(held);
    const training = all.filter((index) => !heldOut.has(index));
    const depth = await openedDepth(search, dimensions, training);
    const chosen = await chooseSettings(search, dimensions.slice(0, depth), training);
    chosenByFold.push(chosen);
    const values = await search.measure(chosen);
    for (const index of held) scores[index] = values[index]!;
    await scoreDepths(search, dimensions, training, held, byDepth);
    best += (await bestMean(search, dimensions, chosen, training)) * (held.length / all.length);
  }
  const opened = await openedDepth(search, dimensions, all);
  return {
    chosen: await chooseSettings(search, dimensions.slice(0, opened), all),
    opened,
    outer: { folds: folds.length, scores, byDepth, chosen: chosenByFold, best },
  };
}

/** The fewest dimensions whose cross-fitted scores are within one standard error of the best. */
async function openedDepth(
  search: SettingsSearch,
  dimensions: readonly TuningDimension[],
  questions: readonly number[],
): Promise<number> {
  const folds = dealTo(search.groups, questions, seeds.inner);
  if (!folds) return 0;
  const byDepth = Array.from({ length: dimensions.length + 1 }, () => new Float64Array(search.groups.length));
  for (const held of folds) {
    const heldOut = new Set(held);
    const training = questions.filter((index) => !heldOut.has(index));
    await scoreDepths(search, dimensions, training, held, byDepth);
  }
  return simplestGood(byDepth, search.groups, questions);
}

/** Chooses with the first 0, 1, 2 … dimensions and writes what each choice scores on the questions held out. */
async function scoreDepths(
  search: SettingsSearch,
  dimensions: readonly TuningDimension[],
  training: readonly number[],
  held: readonly number[],
  byDepth: readonly Float64Array[],
): Promise<void> {
  for (const [depth, scores] of byDepth.entries()) {
    const values = await search.measure(await chooseSettings(search, dimensions.slice(0, depth), training));
    for (const index of held) scores[index] = values[index]!;
  }
}

/** Best mean on the training questions among the present and the chosen settings and all that differ from either in one dimension. */
async function bestMean(
  search: SettingsSearch,
  dimensions: readonly TuningDimension[],
  chosen: TunedSettings,
  training: readonly number[],
): Promise<number> {
  let best = Number.NEGATIVE_INFINITY;
  for (const settings of settingsAround(search, dimensions, [search.present, chosen]))
    best = Math.max(best, meanOver(await search.measure(settings), training));
  return best;
}

/** Settings, and all that differ from one of them in one dimension; each once. */
export function settingsAround(
  { space }: Pick<SettingsSearch, 'space'>,
  dimensions: readonly TuningDimension[],
  centres: readonly TunedSettings[],
): TunedSettings[] {
  const around = new Map<string, TunedSettings>();
  for (const from of centres) {
    around.set(settingsKey(from), from);
    for (const dimension of dimensions)
      for (const settings of alternativesIn(from, dimension, space))
        around.set(settingsKey(settings), settings);
  }
  return [...around.values()];
}

/** Questions by fold, whole groups together; null with fewer than two groups. */
function dealTo(groups: readonly string[], questions: readonly number[], seed: string): number[][] | null {
  const dealt = dealFolds(
    questions.map((index) => groups[index]!),
    { folds: foldCount, seed },
  );
  if (!dealt) return null;
  const folds = Array.from({ length: dealt.count }, (): number[] => []);
  for (const index of questions) folds[dealt.foldOf.get(groups[index]!)!]!.push(index);
  return folds;
}

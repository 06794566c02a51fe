import type { Evidence } from '../../core/index.ts';
import {
  boundSpread,
  clusterLayout,
  clustersSuffice,
  differenceInterval,
  fewestClusters,
  samplesToSettle,
} from '../../evaluation/index.ts';
import { meanOver, type SettingsSearch } from './choose-settings.ts';
import { chooseByFolds, type NestedChoice, settingsAround } from './nested-folds.ts';
import {
  nameTunedSettings,
  settingsKey,
  type TunedSettings,
  type TuningDimension,
  type TuningSpace,
} from './retrieval-dimensions.ts';
import { documentRecall, type RankedPassage, scorePassages, type TuningObjective } from './score-passages.ts';
import type { DimensionWorth, TuningGain, TuningReport } from './tuning-report.ts';

/** Error of all bounds of one kind together. */
const alpha = 0.05;

/** A question that search is tuned on. */
export interface TuningQuestion {
  readonly id: string;
  readonly input: string;
  /** Its own id where it stands alone. */
  readonly group: string;
  readonly gold: readonly Evidence[];
  /** Documents that search must not see for it. */
  readonly hiddenDocuments?: readonly string[] | undefined;
}

export interface TuneRetrievalOptions {
  readonly dataset: string;
  readonly questions: readonly TuningQuestion[];
  /** Questions of the test split, asked once at the end, and only where something else than the present settings was chosen. */
  readonly testQuestions: readonly TuningQuestion[];
  readonly objective: TuningObjective;
  readonly present: TunedSettings;
  readonly dimensions: readonly TuningDimension[];
  readonly space: TuningSpace;
  /** Largest difference that does not matter. */
  readonly margin: number;
  /** Ranked passages of each question, in their order. */
  readonly retrieve: (
    settings: TunedSettings,
    questions: readonly TuningQuestion[],
  ) => Promise<readonly (readonly RankedPassage[])[]>;
  /** Called right before the test questions are asked. */
  readonly beforeTest?: (() => Promise<void>) | undefined;
  readonly onMeasured?: ((settings: TunedSettings, mean: number) => void) | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** Tunes settings of search on questions with gold evidence; see docs/tune-retrieval.md for how it chooses and what it reports. */
export async function tuneRetrieval(options: TuneRetrievalOptions): Promise<TuningReport> {
  const { questions, objective, present, dimensions, space, margin } = options;
  const measured = new Map<string, Promise<Measured>>();
  const measure = (settings: TunedSettings): Promise<Measured> => {
    const key = settingsKey(settings);
    const known = measured.get(key) ?? measureSettings(options, settings, questions);
    measured.set(key, known);
    return known;
  };
  const groups = questions.map(({ group }) => group);
  const layout = clusterLayout(groups);
  const search: SettingsSearch = {
    ...{ present, space, groups },
    measure: async (settings) => (await measure(settings)).scores,
  };
  const found = await chooseByFolds(search, dimensions);
  const enough = clustersSuffice(layout);
  const chosen = enough && found ? found.chosen : present;
  const start = await measure(present);
  const tried: Measured[] = [];
  for (const settings of settingsAround(search, dimensions, [present, chosen]))
    tried.push(await measure(settings));
  const gainOf = (a: ArrayLike<number>, b: ArrayLike<number>, statements: number): TuningGain =>
    differenceInterval(differences(a, b), layout, alpha / 2 / statements);
  const couldBeShown = statementsOf(space, dimensions);
  const best = tried.reduce((leader, each) => (each.mean > leader.mean ? each : leader), start);
  const test = settingsKey(chosen) === settingsKey(present) ? null : await lookAtTest(options, chosen);
  const lost = test !== null && test.gain.high < 0;
  return {
    dataset: options.dataset,
    objective,
    questions: questions.length,
    groups: layout.count,
    margin,
    present,
    chosen,
    outcome: !enough
      ? 'too-few-questions'
      : lost
        ? 'lost-on-test'
        : settingsKey(chosen) === settingsKey(present)
          ? 'kept'
          : 'changed',
    dimensions: found ? worthOfDimensions(found, options, gainOf, layout) : [],
    tried: tried.map((each) => ({
      name: nameTunedSettings(each.settings, dimensions),
      settings: each.settings,
      mean: each.mean,
      recall10: each.recall10,
      gain: each === start ? null : gainOf(each.scores, start.scores, couldBeShown),
      chosen: settingsKey(each.settings) === settingsKey(chosen),
    })),
    outer: found && outerEstimate(found, start, gainOf),
    test,
    needed: enough
      ? null
      : { groups: fewestClusters, questions: questionsToSettle(best.scores, start.scores, layout, margin) },
    notes: [...(options.notes ?? [])],
  };
}

/**
 * Settings that could be shown beside the present ones. Those around the chosen settings are shown because the data chose them, so the
 * intervals must hold for all that could have been chosen.
 */
function statementsOf(space: TuningSpace, dimensions: readonly TuningDimension[]): number {
  const sizes = dimensions.map((dimension) => space[dimension]?.length ?? 1);
  return Math.max(1, sizes.reduce((product, size) => product * size, 1) - 1);
}

interface Measured {
  readonly settings: TunedSettings;
  readonly scores: Float64Array;
  readonly mean: number;
  /** Mean recall of documents at 10; null where the objective is another. */
  readonly recall10: number | null;
}

async function measureSettings(
  { retrieve, objective, onMeasured }: TuneRetrievalOptions,
  settings: TunedSettings,
  questions: readonly TuningQuestion[],
): Promise<Measured> {
  const lists = await retrieve(settings, questions);
  const scores = Float64Array.from(lists, (passages, index) =>
    scorePassages(passages, questions[index]!.gold, objective),
  );
  const all = [...questions.keys()];
  const mean = meanOver(scores, all);
  onMeasured?.(settings, mean);
  const recalls = lists.map((passages, index) => documentRecall(passages, questions[index]!.gold, 10));
  return {
    settings,
    scores,
    mean,
    recall10: objective.kind === 'document-ndcg' ? meanOver(recalls, all) : null,
  };
}

function differences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, index) => value - b[index]!);
}

type GainOf = (a: ArrayLike<number>, b: ArrayLike<number>, statements: number) => TuningGain;

/** What opening each dimension adds to those before it, on folds that had no part in the choice. */
function worthOfDimensions(
  { outer, opened }: NestedChoice,
  { dimensions, margin }: TuneRetrievalOptions,
  gainOf: GainOf,
  layout: ReturnType<typeof clusterLayout>,
): DimensionWorth[] {
  return dimensions.map((dimension, index) => {
    const [without, with_] = [outer.byDepth[index]!, outer.byDepth[index + 1]!];
    const worth = gainOf(with_, without, dimensions.length);
    const word =
      worth.low > 0
        ? 'gains'
        : worth.high < 0
          ? 'loses'
          : worth.high < margin && worth.low > -margin
            ? 'no-difference'
            : 'not-settled';
    return {
      dimension,
      worth,
      word,
      opened: index < opened,
      neededQuestions:
        word === 'not-settled' ? questionsToSettle(with_, without, layout, margin, dimensions.length) : null,
    };
  });
}

function outerEstimate(
  { outer }: NestedChoice,
  start: Measured,
  gainOf: GainOf,
): NonNullable<TuningReport['outer']> {
  const all = [...outer.scores.keys()];
  const mean = meanOver(outer.scores, all);
  return {
    folds: outer.folds,
    mean,
    present: start.mean,
    gain: gainOf(outer.scores, start.scores, 1),
    best: outer.best,
    optimism: outer.best - mean,
    chosen: [...outer.chosen],
  };
}

/** Questions of this kind that would tell a difference of the margin from none, where so many statements hold at once; null above ten million. */
function questionsToSettle(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  layout: ReturnType<typeof clusterLayout>,
  margin: number,
  statements = 1,
): number | null {
  return samplesToSettle(boundSpread(differences(a, b), layout, 1 - alpha), margin, alpha / 2 / statements);
}

/** The chosen and the present settings on the test split, once. */
async function lookAtTest(
  options: TuneRetrievalOptions,
  chosen: TunedSettings,
): Promise<TuningReport['test']> {
  const { testQuestions } = options;
  if (testQuestions.length === 0) return null;
  await options.beforeTest?.();
  const quiet = { ...options, onMeasured: undefined };
  const before = await measureSettings(quiet, options.present, testQuestions);
  const after = await measureSettings(quiet, chosen, testQuestions);
  const layout = clusterLayout(testQuestions.map(({ group }) => group));
  return {
    questions: testQuestions.length,
    mean: after.mean,
    present: before.mean,
    gain: differenceInterval(differences(after.scores, before.scores), layout, alpha / 2),
  };
}

import type { Config, Evaluation } from '../app/index.ts';
import { FulcrumError } from '../core/index.ts';
import type { PriceNote } from '../decision/index.ts';
import { countLook, isArmName, readScores, type ScoreRow } from '../evaluation/index.ts';
import type { CommandContext } from './command.ts';
import { inputPath } from './evaluation-command.ts';

/** Options that `compare` and `decide` share. */
export interface ScoresOptions {
  metric?: string;
  margin?: string;
  confidence?: string;
  scores?: string;
  withCascades?: boolean;
}

/** Scores to judge, and which look at them this is. */
export interface GivenScores {
  readonly rows: readonly ScoreRow[];
  readonly metric: string;
  readonly look: number;
  readonly runs: readonly string[];
  /** Where the prices of the runs come from; empty for scores from a file. */
  readonly prices: readonly PriceNote[];
  /** Defaults of the project; null for scores from a file outside a project. */
  readonly defaults: Config['decision'] | null;
}

/**
 * Scores from `--scores FILE`, which needs no project, or from runs of the project (the newest of each variant on
 * the newest run's dataset where none is named). For runs the look is counted.
 */
export async function gatherScores(
  context: CommandContext,
  options: ScoresOptions,
  runs: readonly string[],
): Promise<GivenScores> {
  const { findConfig, loadConfig, withProject } = await import('../app/index.ts');
  if (options.scores !== undefined) {
    if (options.withCascades)
      throw new FulcrumError('usage', {
        problem: '--with-cascades needs runs: a file of scores holds no confidence.',
      });
    const defaults = findConfig(context.projectDirectory)
      ? (await loadConfig(context.projectDirectory)).decision
      : null;
    const rows = await readScores(inputPath(context, options.scores));
    return {
      rows,
      metric: options.metric ?? defaults?.metric ?? 'correct',
      look: 1,
      runs: [],
      prices: [],
      defaults,
    };
  }
  return withProject(context.projectDirectory, { signal: context.signal }, async (project) => {
    const evaluation = await project.evaluation();
    const chosen =
      runs.length > 0
        ? [...runs]
        : newestRuns(await evaluation.listRuns(), Object.keys(project.config.variants));
    const defaults = project.config.decision;
    const metric = options.metric ?? defaults.metric;
    const rows = await evaluation.scoreRows(chosen, metric);
    if (options.withCascades) rows.push(...(await evaluation.cascades({ runs: chosen, metric })).rows);
    const [first] = chosen;
    const { run } = await evaluation.getRun(first ?? '');
    const look = await countLook(await project.database(), {
      dataset: run.dataset.hash,
      metric,
      variants: rows.map((row) => row.variant),
      samples: rows.map((row) => row.sample),
    });
    const prices = await pricesOfRuns(evaluation, chosen);
    return { rows, metric, look, runs: chosen, prices, defaults };
  });
}

/**
 * The newest finished run of each variant on the dataset of the newest run; not the arms of attributions, unless the
 * project has a variant of that name. Throws `run-unknown` without any.
 */
function newestRuns(
  runs: readonly { id: string; variant: string; dataset: { hash: string }; finishedAt: string | null }[],
  variants: readonly string[],
): string[] {
  const finished = runs.filter(
    (run) => run.finishedAt !== null && (variants.includes(run.variant) || !isArmName(run.variant)),
  );
  const dataset = finished[0]?.dataset.hash;
  if (dataset === undefined)
    throw new FulcrumError('run-unknown', { run: '', suggestion: 'There is no finished run yet.' });
  const newest = new Map<string, string>();
  for (const run of finished)
    if (run.dataset.hash === dataset && !newest.has(run.variant)) newest.set(run.variant, run.id);
  return [...newest.values()];
}

/** Where the prices of the answers of runs come from. */
export async function pricesOfRuns(evaluation: Evaluation, runs: readonly string[]): Promise<PriceNote[]> {
  const { notePrices } = await import('../decision/index.ts');
  const answers = [];
  for (const id of runs) {
    const { run, results } = await evaluation.getRun(id);
    for (const { cost } of results) answers.push({ variant: run.variant, cost });
  }
  return notePrices(answers);
}

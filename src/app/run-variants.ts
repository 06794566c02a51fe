import { localOwner, packageVersion, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type DatasetStore,
  type DatasetSummary,
  type Evaluated,
  findScorer,
  keepScorerDefinitions,
  parseSplit,
  type RunReport,
  type RunStore,
  runEvaluation,
  type Scorer,
  scorersOfDataset,
  summariseStored,
  withoutLearned,
} from '../evaluation/index.ts';
import type { Variants } from '../variants/index.ts';
import { asEvaluated } from './as-evaluated.ts';
import { chooseProjectScorers } from './optional-scorers.ts';
import type { RunRequest } from './run-request.ts';
import type { ProjectJudges } from './wire-judges.ts';

/** Logs that the test samples of a dataset are looked at; nothing where the split is another one. */
export type LogLook = (
  dataset: DatasetSummary,
  split: string | undefined,
  reason: string,
  detail: string,
) => Promise<void>;

/** What running variants needs of a project and of its evaluation. */
export interface RunnerParts {
  readonly project: { variants(): Promise<Pick<Variants, 'get' | 'make'>> };
  readonly datasets: Pick<DatasetStore, 'open'>;
  readonly scorers: readonly Scorer[];
  /** Absent where nothing judges. */
  readonly judges: ProjectJudges | undefined;
  readonly store: RunStore;
  readonly database: Database;
  readonly logLook: LogLook;
}

/** Runs variants over the samples of a dataset, with the chosen scorers. Throws what `runEvaluation` throws. */
export function createRunner(
  { project, datasets, scorers, judges, store, database, logLook }: RunnerParts,
  options: WorkOptions,
): (request: RunRequest) => Promise<RunReport[]> {
  return async ({
    dataset,
    variants,
    made = {},
    split,
    metrics,
    onlyMetrics,
    leaveOutLearned,
    ...request
  }) => {
    const chosen = await datasets.open(dataset);
    const named = await chooseProjectScorers(scorers, [...(metrics ?? []), ...(onlyMetrics ?? [])]);
    const known = await scorersOfDataset(named, chosen);
    const catalogue = await project.variants();
    const evaluated: Evaluated[] = [];
    for (const name of new Set(variants)) evaluated.push(asEvaluated(await catalogue.get(name)));
    for (const [name, config] of Object.entries(made))
      evaluated.push(asEvaluated(await catalogue.make(name, config)));
    await logLook(chosen, split, 'eval run', evaluated.map(({ name }) => name).join(', '));
    const judging = onlyMetrics ? onlyMetrics.map((name) => findScorer(known, name)) : known;
    const runs = await runEvaluation({
      ...options,
      ...request,
      dataset: leaveOutLearned ? withoutLearned(chosen, evaluated) : chosen,
      variants: evaluated,
      split: split === undefined ? undefined : parseSplit(split),
      principal: localOwner,
      scorers: judging,
      scoringSpending: judges?.spending,
      store,
      version: packageVersion(),
    });
    const ids = runs.map(({ id }) => id);
    await keepScorerDefinitions(database, ids, judging);
    for (const line of judges?.spendingLines() ?? []) options.onNotice?.(line);
    const reports: RunReport[] = [];
    for (const each of runs) reports.push(await summariseStored(each, store));
    return reports;
  };
}

import type {
  ArmInputs,
  CostMeasure,
  CostReport,
  ImportedProfile,
  Losses,
  MeasuredArm,
  MeasuredRequest,
  UnitPrices,
} from '../decision/index.ts';
import type { SampleResult } from '../evaluation/index.ts';
import type { Project } from './project.ts';

export interface CostRequest {
  /** Ids of finished runs. */
  readonly runs: readonly string[];
  /** Metric that says which answers are accepted. */
  readonly metric: string;
  /** Requests a month; the first is the one that tipping values are for. */
  readonly volumes: readonly number[];
  readonly measure: CostMeasure;
  readonly max?: number | undefined;
  /** USD that overrule the losses of the config. */
  readonly losses?: { readonly wrong?: number | undefined; readonly refused?: number | undefined };
}

/** What the variants of runs and the arms of the config cost. */
export interface ProjectCost {
  readonly report: CostReport;
  readonly arms: readonly ArmInputs[];
  readonly losses: Losses;
}

/**
 * Costs of the measured variants of a project and of the arms that its config adds. Throws `run-unknown`, `metric-unknown`, and
 * `cost-invalid` for figures that cannot be.
 */
export async function costOfProject(project: Project, request: CostRequest): Promise<ProjectCost> {
  const { buildArms, costReport, lossesOf, whatIf } = await import('../decision/index.ts');
  const { isoDay } = await import('../models/index.ts');
  const { unitPricesOf } = await import('./unit-prices.ts');
  const { config } = project;
  const { book, list } = await project.prices();
  const pricesOf: PricesOf = (model, inputTokens) =>
    unitPricesOf(model, { book, list, inputTokens, ...config });
  const entered = Object.entries(request.losses ?? {}).filter(([, usd]) => usd !== undefined);
  const { costs: given } = config.decision;
  const costs = { ...given, losses: { ...given.losses, ...Object.fromEntries(entered) } };
  const today = isoDay();
  const { measured, leftOut } = await measuredArms(project, request, pricesOf);
  const arms = buildArms({
    measured,
    costs,
    listed: new Map(
      Object.values(costs.arms).flatMap(({ model }) =>
        model === undefined ? [] : [[model, pricesOf(model)]],
      ),
    ),
    imported: await importedProfiles(project, Object.values(costs.arms)),
    today,
  });
  const losses = lossesOf(costs);
  const { volumes, measure, max } = request;
  const found = whatIf({ arms, volumes, losses, measure, max, today });
  return { report: costReport(arms, losses, found, { volumes, date: today, leftOut }), arms, losses };
}

/** Prices of a model, for prompts of so many tokens. */
type PricesOf = (model: string | null, inputTokens?: number) => UnitPrices;

/** The requests of runs, a tuned variant as what it is charged as: a head calls no language model. Those of diagnostic variants are left out, since nobody deploys them. */
async function measuredArms(
  project: Project,
  { runs, metric }: CostRequest,
  pricesOf: PricesOf,
): Promise<{ measured: MeasuredArm[]; leftOut: string[] }> {
  const evaluation = await project.evaluation();
  await evaluation.requireMetric(metric);
  const measured: MeasuredArm[] = [];
  const leftOut: string[] = [];
  for (const id of runs) {
    const run = await evaluation.getRun(id);
    if (!run.deployable) {
      leftOut.push(run.variant);
      continue;
    }
    const model = typeof run.definition.model === 'string' ? run.definition.model : null;
    const requests: MeasuredRequest[] = [];
    for await (const page of evaluation.results(id))
      for (const result of page) if (result.error === null) requests.push(requestOf(result, metric));
    const input = requests.reduce((sum, { usage }) => sum + usage.inputTokens, 0);
    const calls = requests.reduce((sum, { usage }) => sum + usage.calls, 0);
    measured.push({
      name: measured.some(({ name }) => name === run.variant) ? `${run.variant} (${run.id})` : run.variant,
      kind: run.kind === 'tuned' ? (calls === 0 ? 'local-head' : 'tuned-per-token') : run.kind,
      run: run.id,
      date: run.startedAt.slice(0, 10),
      requests,
      prices: pricesOf(model, calls > 0 ? input / calls : undefined),
    });
  }
  return { measured, leftOut };
}

/** The sets of imported usage that arms name. Throws `usage-unknown`. */
async function importedProfiles(
  project: Project,
  arms: readonly { readonly usage?: string | undefined }[],
): Promise<Map<string, ImportedProfile>> {
  const names = new Set(arms.flatMap(({ usage }) => (usage === undefined ? [] : [usage])));
  const found = new Map<string, ImportedProfile>();
  for (const name of names) found.set(name, await (await project.usage()).measured(name));
  return found;
}

function requestOf(result: SampleResult, metric: string): MeasuredRequest {
  const score = result.scores[metric];
  return {
    group: result.group,
    usage: result.usage,
    cost: result.cost,
    correct: score?.status === 'scored' ? score.value : null,
    refused: result.refusal !== null,
  };
}

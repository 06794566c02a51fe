import type { ArmInputs, CostMeasure, CostReport, Losses, MeasuredArm } from '../decision/index.ts';
import type { SampleResult } from '../evaluation/index.ts';
import type { Project } from './project.ts';
import { unitPricesOf } from './unit-prices.ts';
import { createProjectPrices } from './wire-prices.ts';

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
  const { config } = project;
  const { book } = await createProjectPrices(project.directory, config);
  const evaluation = await project.evaluation();
  await evaluation.requireMetric(request.metric);
  const pricesOf = (model: string | null) => unitPricesOf(model, { book, ...config });
  const measured: MeasuredArm[] = [];
  for (const id of request.runs) {
    const { run, results } = await evaluation.getRun(id);
    const model = typeof run.definition.model === 'string' ? run.definition.model : null;
    measured.push({
      name: measured.some(({ name }) => name === run.variant) ? `${run.variant} (${run.id})` : run.variant,
      kind: run.kind,
      run: run.id,
      date: run.startedAt.slice(0, 10),
      requests: results.flatMap((result) =>
        result.error === null ? [requestOf(result, request.metric)] : [],
      ),
      prices: pricesOf(model),
    });
  }
  const { costs: given } = config.decision;
  const entered = Object.entries(request.losses ?? {}).filter(([, usd]) => usd !== undefined);
  const costs = { ...given, losses: { ...given.losses, ...Object.fromEntries(entered) } };
  const models = Object.values(costs.arms).flatMap(({ model }) => (model === undefined ? [] : [model]));
  const today = isoDay();
  const arms = buildArms({
    measured,
    costs,
    listed: new Map(models.map((model) => [model, pricesOf(model)])),
    today,
  });
  const losses = lossesOf(costs);
  const { volumes, measure, max } = request;
  const found = whatIf({ arms, volumes, losses, measure, max, today });
  return { report: costReport(arms, losses, found, { volumes, date: today }), arms, losses };
}

function requestOf(result: SampleResult, metric: string): MeasuredArm['requests'][number] {
  const score = result.scores[metric];
  return {
    group: result.group,
    usage: result.usage,
    cost: result.cost,
    correct: score?.status === 'scored' ? score.value : null,
    refused: result.refusal !== null,
  };
}

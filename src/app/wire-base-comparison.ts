import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type { Comparison, RunDifference } from '../evaluation/index.ts';
import type { VariantConfig } from '../variants/index.ts';
import type { Project } from './project.ts';

export interface BaseComparisonRequest extends WorkOptions {
  readonly model: string;
  readonly dataset: string;
  readonly split?: string | undefined;
  readonly sample?: number | undefined;
  readonly metric?: string | undefined;
  /** Asks over retrieved passages. */
  readonly hybrid: boolean;
  readonly limit?: number | undefined;
}

/** A tuned model against its base with the same prompt: what flipped, then what it comes to. */
export interface BaseComparison {
  readonly base: string;
  readonly tuned: string;
  readonly difference: RunDifference;
  readonly comparison: Comparison;
}

/** Runs both on the same samples and keeps the tuned run with the model. Throws what a run throws, and `tuned-model-unservable` for a head, which has no base to ask. */
export async function compareWithBase(
  project: Project,
  request: BaseComparisonRequest,
): Promise<BaseComparison> {
  const { models } = await project.tuning();
  const model = await models.get(request.model);
  const name = `${request.hybrid ? 'hybrid' : 'tuned'}:${model.id}`;
  const config = (await project.variants()).list().find((listed) => listed.name === name)?.config;
  if (!config || !('reader' in config) || config.reader !== 'generate')
    throw new FulcrumError('usage', {
      problem: `"${model.id}" is a head, whose base answers nothing. Compare it with another variant: fulcrum eval run --variants tuned:${model.id},OTHER, then fulcrum compare.`,
    });
  const baseName = `base:${model.id}`;
  const evaluation = await project.evaluation();
  const metric = request.metric ?? project.config.decision.metric;
  const baseConfig = { ...config, model: model.base.id } as VariantConfig;
  const reports = await evaluation.run({
    ...request,
    split: request.split ?? 'test',
    variants: [name],
    made: { [baseName]: baseConfig },
    metrics: [metric],
  });
  const runOf = (variant: string): string => {
    const found = reports.find((report) => report.variant === variant);
    if (!found) throw new FulcrumError('variant-unsuitable', { variant });
    return found.id;
  };
  const [base, tuned] = [runOf(baseName), runOf(name)];
  await models.update(model.id, (before) => ({
    ...before,
    evaluations: [...new Set([...before.evaluations, base, tuned])],
  }));
  const { compareVariants } = await import('../evaluation/index.ts');
  const rows = await evaluation.scoreRows([base, tuned], metric);
  const { margin } = project.config.decision;
  return {
    base,
    tuned,
    difference: await evaluation.runs.diff({ before: base, after: tuned, metric, limit: request.limit }),
    comparison: compareVariants({ rows, metric, margin }),
  };
}

import { FulcrumError, localOwner, type Sample, type WorkOptions } from '../core/index.ts';
import type { RunEstimate } from '../evaluation/index.ts';
import type { Project } from './project.ts';

export interface BatteryRequest {
  readonly dataset: string;
  readonly split?: string | undefined;
  /** All variants of the project where none is named. */
  readonly variants?: readonly string[] | undefined;
}

/** What a battery of runs would ask and cost, before anything is asked. */
export interface BatteryPlan {
  /** Cheapest first; those of unknown price last. Upper bounds for all samples, in USD. */
  readonly variants: readonly { readonly name: string; readonly usd: number | null }[];
  readonly samples: number;
  /** Of all variants whose price is known. */
  readonly usd: number;
}

/** Samples whose estimates tell what the others will cost. */
const estimatedSamples = 5;

/** Plans a battery from the estimates of a few samples; answers that are there already will cost nothing. Throws `variant-unknown`. */
export async function planBattery(project: Project, request: BatteryRequest): Promise<BatteryPlan> {
  const { parseSplit, selectSamples } = await import('../evaluation/index.ts');
  const { datasets } = await project.evaluation();
  const dataset = await datasets.get(request.dataset);
  const split = request.split === undefined ? undefined : parseSplit(request.split);
  const samples = selectSamples(dataset, split);
  const names =
    request.variants && request.variants.length > 0
      ? [...new Set(request.variants)]
      : Object.keys(project.config.variants);
  if (names.length === 0)
    throw new FulcrumError('usage', { problem: 'The project has no variant: add one, or name some.' });
  const catalogue = await project.variants();
  const variants: { name: string; usd: number | null }[] = [];
  for (const name of names) {
    const variant = await catalogue.get(name);
    const usd =
      (await variant.cannotRun?.(localOwner)) == null
        ? await meanEstimate(samples.slice(0, estimatedSamples), (sample) =>
            variant.estimate({
              input: sample.input,
              sampleId: sample.id,
              evidence: sample.evidence,
              principal: localOwner,
            }),
          )
        : 0;
    variants.push({ name, usd: usd === null ? null : usd * samples.length });
  }
  const rank = (usd: number | null): number => usd ?? Number.POSITIVE_INFINITY;
  variants.sort((a, b) => (rank(a.usd) === rank(b.usd) ? 0 : rank(a.usd) - rank(b.usd)));
  return {
    variants,
    samples: samples.length,
    usd: variants.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
  };
}

async function meanEstimate(
  samples: readonly Sample[],
  estimate: (sample: Sample) => Promise<{ usd: number | null }>,
): Promise<number | null> {
  let sum = 0;
  for (const sample of samples) {
    const { usd } = await estimate(sample);
    if (usd === null) return null;
    sum += usd;
  }
  return sum / samples.length;
}

export interface BatteryStage extends BatteryRequest, Pick<WorkOptions, 'signal'> {
  readonly variants: readonly string[];
  /** Samples of this stage; all where absent. A later stage with more asks only what is missing. */
  readonly sample?: number | undefined;
  /** USD that is left. */
  readonly budget?: number | undefined;
  readonly approve?: ((estimate: RunEstimate) => Promise<boolean>) | undefined;
  readonly onEstimate?: ((estimate: RunEstimate) => void) | undefined;
  readonly onSkipped?: ((skipped: { variant: string; reason: string }) => void) | undefined;
}

/** Runs the variants in their order and gives the ids of their runs. Throws what `Evaluation.run` throws. */
export async function runBatteryStage(project: Project, stage: BatteryStage): Promise<string[]> {
  const evaluation = await project.evaluation();
  const reports = await evaluation.run(stage);
  return reports.map(({ id }) => id);
}

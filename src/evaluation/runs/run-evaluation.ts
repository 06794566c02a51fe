import {
  type Answer,
  answerSchema,
  contentHash,
  type ErrorCode,
  FulcrumError,
  type Principal,
  type SplitName,
  toFulcrumError,
  type WorkOptions,
} from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset-store.ts';
import type { Evaluated } from '../evaluated.ts';
import { prepareScorers, scorerDefinitions } from '../scorers/prepare-scorers.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { estimateRuns, type RunEstimate } from './estimate-runs.ts';
import { type PlannedQuestion, type PlannedRun, planRun, questionOf } from './planned-run.ts';
import type { Run, SampleResult } from './run.ts';
import { runPool } from './run-pool.ts';
import type { RunStore } from './run-store.ts';
import { failedResult, scoreAnswer } from './sample-result.ts';
import { selectSamples } from './select-samples.ts';

export interface EvaluationOptions extends WorkOptions {
  readonly dataset: Dataset;
  readonly variants: readonly Evaluated[];
  readonly principal: Principal;
  readonly scorers: readonly Scorer[];
  readonly store: RunStore;
  /** Version of Fulcrum, for the record. */
  readonly version: string;
  readonly split?: SplitName | undefined;
  /** Takes so many samples, in the seeded order. */
  readonly sample?: number | undefined;
  /** Answers at a time; by default what each variant can bear. */
  readonly concurrency?: number | undefined;
  /** USD that may be spent without asking; no limit by default. */
  readonly budget?: number | undefined;
  /** Asked when the estimate is above the budget; without it that is an error. */
  readonly approve?: ((estimate: RunEstimate) => Promise<boolean>) | undefined;
  /** Told what the run may cost, before anything is spent. */
  readonly onEstimate?: ((estimate: RunEstimate) => void) | undefined;
}

/** Failures that every further sample would meet too: the run stops at once and goes on after the cause is gone. */
const endsTheRun: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-unknown',
  'model-key-missing',
  'model-key-rejected',
  'model-runtime-missing',
  'model-file-unavailable',
  'model-file-corrupt',
  'embedding-mismatch',
  'index-empty',
  'index-damaged',
  'database-corrupt',
  'database-busy',
  'disk-full',
  'cancelled',
]);

/** Failures that may pass, but end a run that has met nothing else: a model that cannot be reached at all. */
const endsFromTheStart: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-unreachable',
  'model-rate-limited',
]);

/** So many of them, with no answer in between, stop a run. */
const failuresAtStart = 5;

/**
 * Runs each variant over the samples, one variant after the other. Every result is committed at once, and finished
 * answers are used again by any later run; a run that was cut short goes on where it was. A sample that fails is
 * counted as an error. Throws `budget-exceeded` before anything is spent, `cancelled`, or the failure itself when it
 * would meet every sample (a rejected key, a model that cannot be reached, a scorer that cannot work).
 */
export async function runEvaluation(options: EvaluationOptions): Promise<Run[]> {
  const { dataset, variants, principal, store, signal } = options;
  await prepareScorers(options.scorers);
  const samples = selectSamples(dataset, options.split, options.sample);
  const plans = variants.map((variant) => planRun(variant, samples, principal));
  const known = await store.knownAnswers(plans.flatMap(({ questions }) => questions.map(({ key }) => key)));
  const estimate = await estimateRuns(plans, known, principal, signal);
  options.onEstimate?.(estimate);
  await keepToBudget(estimate, options);
  const runs: Run[] = [];
  for (const plan of plans) runs.push(await runVariant(plan, options));
  return runs;
}

async function keepToBudget(estimate: RunEstimate, { budget, approve }: EvaluationOptions): Promise<void> {
  if (budget === undefined || estimate.usd <= budget) return;
  if (await approve?.(estimate)) return;
  throw new FulcrumError('budget-exceeded', { estimate: estimate.usd.toFixed(4), budget });
}

async function runVariant(plan: PlannedRun, options: EvaluationOptions): Promise<Run> {
  const { store, signal } = options;
  const concurrency = options.concurrency ?? plan.variant.concurrency ?? 1;
  const run = await beginRun(plan, options, concurrency);
  const before = await store.results(run.id);
  const done = new Set(before.filter(({ error }) => error === null).map(({ sample }) => sample));
  const open = plan.questions.filter(({ sample }) => !done.has(sample.id));
  const tally = createTally(plan, open.length, options);
  await runPool(open, concurrency, signal, async (question) => {
    const result = await answerSample(run.id, plan, question, options);
    tally.count(result);
  });
  tally.throwIfUnreachable();
  return store.finish(run.id);
}

function beginRun(plan: PlannedRun, options: EvaluationOptions, concurrency: number): Promise<Run> {
  const { variant, definitionHash } = plan;
  const identity = {
    dataset: { name: options.dataset.name, hash: options.dataset.hash },
    split: options.split ?? null,
    sampleLimit: options.sample ?? null,
    variant: variant.name,
    definitionHash,
    metrics: options.scorers.map((scorer) => scorer.name),
  };
  const scoredBy = scorerDefinitions(options.scorers);
  const judged = Object.keys(scoredBy).length === 0 ? identity : { ...identity, scoredBy };
  return options.store.begin(contentHash(judged), {
    ...identity,
    kind: variant.kind,
    deployable: variant.deployable,
    definition: { ...variant.definition },
    samples: plan.questions.length,
    concurrency,
    version: options.version,
    node: process.version,
  });
}

/** Result of one sample, from the cache or from the variant, and whether it was paid for now. */
interface SampleOutcome {
  readonly result: SampleResult;
  readonly fresh: boolean;
  readonly failure?: FulcrumError;
}

async function answerSample(
  run: string,
  { variant }: PlannedRun,
  { sample, key }: PlannedQuestion,
  { store, scorers, principal, signal }: EvaluationOptions,
): Promise<SampleOutcome> {
  const cached = await store.answer(key);
  let answer: Answer;
  try {
    answer = cached ?? answerSchema.parse(await variant.answer(questionOf(sample, principal, signal)));
  } catch (error) {
    signal?.throwIfAborted();
    const failure = toFulcrumError(error);
    if (endsTheRun.has(failure.code)) throw failure;
    const result = failedResult(sample, failure);
    await store.keep(run, result);
    return { result, fresh: true, failure };
  }
  const result = await scoreAnswer(sample, answer, scorers, variant.retrieves);
  await store.keep(run, result, { key, variant: variant.name, answer });
  return { result, fresh: cached === null };
}

/** Counts outcomes for progress, and stops a run in which nothing works. */
function createTally(plan: PlannedRun, open: number, { onProgress }: EvaluationOptions) {
  const total = plan.questions.length;
  let done = total - open;
  let answered = done;
  let spentUsd: number | null = 0;
  const failures: FulcrumError[] = [];
  const report = (): void =>
    onProgress?.({ phase: `evaluating ${plan.variant.name}`, done, total, unit: 'samples', spentUsd });
  report();
  const stopIfUnreachable = (): void => {
    const [first] = failures;
    if (first && answered === 0 && failures.every(({ code }) => endsFromTheStart.has(code))) throw first;
  };
  return {
    count({ result, fresh, failure }: SampleOutcome): void {
      done++;
      if (failure !== undefined) failures.push(failure);
      else answered++;
      if (fresh && failure === undefined)
        spentUsd = spentUsd === null || result.cost.usd === null ? null : spentUsd + result.cost.usd;
      report();
      if (failures.length >= failuresAtStart) stopIfUnreachable();
    },
    throwIfUnreachable: stopIfUnreachable,
  };
}

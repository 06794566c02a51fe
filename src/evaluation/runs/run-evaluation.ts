import {
  type Answer,
  answerSchema,
  contentHash,
  type ErrorCode,
  type Principal,
  type SplitName,
  toFulcrumError,
  type WorkOptions,
} from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type SampleSource, sampleSource } from '../datasets/sample-source.ts';
import type { Evaluated } from '../evaluated.ts';
import { keepToBudget, type SpendingOptions } from '../keep-to-budget.ts';
import { prepareScorers, scorerDefinitions } from '../scorers/prepare-scorers.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { estimateRuns, type RunEstimate } from './estimate-runs.ts';
import { type OpenQuestion, openQuestions } from './open-questions.ts';
import { planRun, questionOf } from './planned-run.ts';
import { createResultWriter } from './result-writer.ts';
import type { Run, SampleResult } from './run.ts';
import type { RunClaim } from './run-claim.ts';
import { runPool } from './run-pool.ts';
import type { RunStore } from './run-store.ts';
import { createRunTally, type SampleOutcome, type Spending } from './run-tally.ts';
import { failedResult, scoreAnswer } from './sample-result.ts';
import { noScoringCost, type ScoringSpending } from './scoring-spending.ts';

export interface EvaluationOptions extends WorkOptions, SpendingOptions<RunEstimate> {
  /** In memory, or read as it is needed (`DatasetStore.open`). */
  readonly dataset: Dataset | SampleSource;
  readonly variants: readonly Evaluated[];
  readonly principal: Principal;
  readonly scorers: readonly Scorer[];
  readonly store: RunStore;
  /** Version of Fulcrum, for the record. */
  readonly version: string;
  readonly split?: SplitName | undefined;
  /** Takes so many samples, in the seeded order. */
  readonly sample?: number | undefined;
  /** Answers to each sample, 1 by default; each is asked for by itself. */
  readonly repeats?: number | undefined;
  /** Index of the first answer in the cache, 0 by default; further answers to samples that were answered before. */
  readonly firstRepetition?: number | undefined;
  /** Answers at a time; by default what each variant can bear. */
  readonly concurrency?: number | undefined;
  /** What the scorers spend, if they do; counted with the answers against the budget, but not estimated. */
  readonly scoringSpending?: ScoringSpending | undefined;
  /** Told of each variant that cannot answer here; without it that is a notice. */
  readonly onSkipped?: ((skipped: SkippedVariant) => void) | undefined;
}

/** A variant that was left out, and why. */
export interface SkippedVariant {
  readonly variant: string;
  readonly reason: string;
}

/** Failures that every further sample would meet too: the run stops at once and goes on after the cause is gone. */
const endsTheRun: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-unknown',
  'model-key-missing',
  'model-key-rejected',
  'model-runtime-missing',
  'model-file-unavailable',
  'model-file-corrupt',
  'provider-down',
  'embedding-mismatch',
  'index-empty',
  'index-damaged',
  'database-corrupt',
  'database-busy',
  'disk-full',
  'cancelled',
]);

/**
 * Runs each variant over the samples, one variant after the other. Results are committed as they come, several in
 * one commit, and finished answers are used again by any later run; a run that was cut short goes on where it was.
 * A sample that fails is counted as an error; a variant that cannot answer at all is skipped. Throws
 * `budget-exceeded` and `sample-leaked` before anything is spent, `budget-spent` when the answers and their
 * scoring cost what was allowed, `run-busy` when another process is at the same work, `cancelled`, or the failure itself when it would meet every sample (a rejected key, a provider that is down, a
 * scorer that cannot work).
 */
export async function runEvaluation(options: EvaluationOptions): Promise<Run[]> {
  const { principal, store, signal, split, sample } = options;
  const source = sampleSource(options.dataset);
  await prepareScorers(options.scorers);
  const variants = await withoutSkipped(options);
  const { repeats = 1, firstRepetition = 0 } = options;
  const selected = { source, split, sample, principal, store, signal, repeats, firstRepetition };
  const estimate = await estimateRuns({ ...selected, variants });
  const limit = await keepToBudget(estimate, options);
  const spending: Spending = { usd: 0, limit, scoring: scoringSince(options.scoringSpending) };
  const runs: Run[] = [];
  for (const variant of variants) runs.push(await runVariant(variant, source, spending, options));
  return runs;
}

/** What scoring takes from now on. */
function scoringSince(spending: ScoringSpending | undefined): Spending['scoring'] {
  if (!spending) return () => noScoringCost;
  const before = spending.total().usd;
  return () => ({ ...spending.total(), usd: spending.total().usd - before });
}

async function withoutSkipped(options: EvaluationOptions): Promise<Evaluated[]> {
  const left: Evaluated[] = [];
  for (const variant of options.variants) {
    const reason = (await variant.cannotRun?.(options.principal)) ?? null;
    if (reason === null) left.push(variant);
    else if (options.onSkipped) options.onSkipped({ variant: variant.name, reason });
    else options.onNotice?.(`The variant "${variant.name}" is skipped: ${reason}`);
  }
  return left;
}

async function runVariant(
  variant: Evaluated,
  source: SampleSource,
  spending: Spending,
  options: EvaluationOptions,
): Promise<Run> {
  const { store, principal } = options;
  const { definitionHash } = planRun(variant, [], principal);
  // Before anything is read of what is there: what another process asks for meanwhile would be asked for again.
  const claim = await store.claim({ variant: variant.name, definitionHash, dataset: source });
  try {
    return await runClaimed(variant, source, spending, { ...options, claim });
  } finally {
    await claim.release();
  }
}

async function runClaimed(
  variant: Evaluated,
  source: SampleSource,
  spending: Spending,
  options: EvaluationOptions & { readonly claim: RunClaim },
): Promise<Run> {
  const { store, signal, split, sample, principal, claim } = options;
  const concurrency = options.concurrency ?? variant.concurrency ?? 1;
  const run = await beginRun(variant, source, options, concurrency);
  const tally = createRunTally(run, spending, options.onProgress);
  const writer = createResultWriter((results) => store.keep(run.id, results));
  const questions = openQuestions({
    ...{ run, variant, principal, source, split, sample, store },
    done: tally.found,
  });
  let failure: { error: unknown } | null = null;
  try {
    await runPool(questions, concurrency, signal, async (question) => {
      tally.throwIfSpent();
      claim.throwIfLost();
      const outcome = await answerSample(variant, question, options);
      const durable = writer.keep(outcome.kept).then(() => tally.count(outcome));
      // An answer that was paid for is safe before the next one is asked for; so is a failure, which may end the run.
      if (outcome.failure || outcome.paid) await durable;
      else {
        durable.catch(() => undefined);
        await writer.room();
      }
    });
  } catch (error) {
    failure = { error };
  }
  await writer.close();
  for (const sentence of tally.failures()) options.onNotice?.(sentence);
  if (failure) throw failure.error;
  tally.throwIfUnreachable();
  return store.finish(run.id);
}

/** Seconds under which an answer of unknown cost cannot have come from anybody else's machine. */
const leastRemoteSeconds = 0.001;

/** Whether an answer that was had now may have cost something, so that it must not be asked for again. */
function isPaid({ cost, seconds }: Answer): boolean {
  return cost.usd === null ? seconds >= leastRemoteSeconds : cost.usd > 0;
}

async function beginRun(
  variant: Evaluated,
  source: SampleSource,
  options: EvaluationOptions,
  concurrency: number,
): Promise<Run> {
  const { repeats = 1, firstRepetition = 0 } = options;
  const samples = await source.count(options.split, options.sample);
  const identity = {
    dataset: { name: source.name, hash: source.hash },
    split: options.split ?? null,
    sampleLimit: options.sample ?? null,
    variant: variant.name,
    definitionHash: planRun(variant, [], options.principal).definitionHash,
    metrics: options.scorers.map((scorer) => scorer.name),
  };
  const scoredBy = scorerDefinitions(options.scorers);
  const further = {
    ...(repeats === 1 ? {} : { repeats }),
    ...(firstRepetition === 0 ? {} : { firstRepetition }),
    ...(Object.keys(scoredBy).length === 0 ? {} : { scoredBy }),
  };
  return options.store.begin(contentHash({ ...identity, ...further }), {
    ...identity,
    kind: variant.kind,
    deployable: variant.deployable,
    definition: { ...variant.definition },
    samples,
    repeats,
    firstRepetition,
    concurrency,
    version: options.version,
    node: process.version,
  });
}

/** Result of one question, from the cache or from the variant. */
async function answerSample(
  variant: Evaluated,
  { sample, repetition, key, cached }: OpenQuestion,
  { scorers, principal, signal, store }: EvaluationOptions,
): Promise<SampleOutcome> {
  let answer: Answer;
  try {
    answer = cached ?? answerSchema.parse(await variant.answer(questionOf(sample, principal, signal)));
  } catch (error) {
    signal?.throwIfAborted();
    const failure = toFulcrumError(error);
    if (endsTheRun.has(failure.code)) throw failure;
    return { kept: { result: failedResult(sample, failure, repetition) }, fresh: true, paid: false, failure };
  }
  const kept = { key, variant: variant.name, answer };
  const paid = cached === null && isPaid(answer);
  // Judges may take long: what was paid for is safe before they begin.
  if (paid) await store.keepAnswer(sample.id, kept);
  const scored = await scoreAnswer(sample, answer, scorers, variant.retrieves);
  const result: SampleResult = { ...scored, repetition };
  return {
    kept: { result, answer: kept, cached: paid || cached !== null },
    fresh: cached === null,
    paid,
  };
}

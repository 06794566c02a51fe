import { type Answer, FulcrumError, type Sample, type Score } from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset-store.ts';
import type { Evaluated, RankedSpan, ReadDocument, RetrieveSpans } from '../evaluated.ts';
import type { SampleResult } from '../runs/run.ts';
import { type EvaluationOptions, runEvaluation } from '../runs/run-evaluation.ts';
import { runPool } from '../runs/run-pool.ts';
import { selectSamples } from '../runs/select-samples.ts';
import { findScorer } from '../scorers/scorers.ts';
import { requireConfidence } from '../statistics/require-confidence.ts';
import type { AttributionReport, Placebo } from './attribution-report.ts';
import { type ArmRun, judgeOutcomes } from './judge-outcomes.ts';
import { doubtLabel, faultOfForm, invalidBy, stockAnswers } from './label-and-form.ts';
import { createGoldLocator, type GoldLocator } from './locate-gold.ts';
import type { ArmOutcome, AttributionArm, SampleOutcome } from './sample-outcome.ts';

/** An arm to run, or why there is none. */
export type AttributionArmPlan =
  | { readonly arm: AttributionArm; readonly variant: Evaluated }
  | { readonly arm: AttributionArm; readonly name: string; readonly absent: string };

export interface AttributionOptions extends Omit<EvaluationOptions, 'variants' | 'dataset'> {
  readonly dataset: Dataset;
  /** The variant whose failures are attributed. */
  readonly base: Evaluated;
  /** Its name in the report; that of the base by default. */
  readonly variant?: string | undefined;
  readonly arms: readonly AttributionArmPlan[];
  /** Metric in which higher is better. */
  readonly metric: string;
  /** Lowest score that counts as right, 1 by default. */
  readonly rightFrom?: number | undefined;
  /** How the variant searches, and how many chunks count as candidates; null for a corpus of its own. */
  readonly search: { readonly arm: 'keyword' | 'vector' | 'hybrid'; readonly limit: number } | null;
  readonly retrieve: RetrieveSpans;
  readonly readDocument: ReadDocument;
  readonly confidence?: number | undefined;
  /** What the arm `placebo` does; `shuffled` by default. */
  readonly placebo?: Placebo | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** Questions that are searched for at once. */
const searchesAtOnce = 2;

/**
 * Runs a variant and its arms on the same samples (kept answers are not asked again) and reports where failures come
 * from and what would mend them. Throws `usage` for a metric in which lower is better, and what `runEvaluation` throws.
 */
export async function attributeFailures(options: AttributionOptions): Promise<AttributionReport> {
  const { base, dataset, metric, rightFrom = 1, scorers, search } = options;
  requireConfidence(options.confidence ?? 0.95);
  if (findScorer(scorers, metric).direction !== 'higher')
    throw new FulcrumError('usage', {
      problem: `"${metric}" is better when lower; failures need a metric that is better when higher.`,
    });
  const toRun = options.arms.flatMap((plan) => ('variant' in plan ? [plan] : []));
  const runs = await runEvaluation({ ...options, variants: [base, ...toRun.map(({ variant }) => variant)] });
  const kept = new Map<'base' | AttributionArm, KeptArm>();
  const runOf = (variant: Evaluated) => runs.find((run) => run.variant === variant.name);
  for (const { arm, variant } of [{ arm: 'base' as const, variant: base }, ...toRun]) {
    const run = runOf(variant);
    if (!run) continue;
    const results = new Map((await options.store.results(run.id)).map((result) => [result.sample, result]));
    kept.set(arm, { results, answers: await options.store.answers(run.id) });
  }
  const arms: ArmRun[] = [
    { arm: 'base', variant: base.name, run: runOf(base)?.id ?? '' },
    ...options.arms.map((plan): ArmRun => {
      if (!('variant' in plan)) return { arm: plan.arm, variant: plan.name, absent: plan.absent };
      const { name } = plan.variant;
      const run = runOf(plan.variant);
      return run
        ? { arm: plan.arm, variant: name, run: run.id }
        : { arm: plan.arm, variant: name, absent: 'it could not be run' };
    }),
  ];
  return judgeOutcomes({
    outcomes: await gatherOutcomes(options, kept, rightFrom),
    arms,
    dataset: dataset.name,
    split: options.split ?? null,
    variant: options.variant ?? base.name,
    metric,
    rightFrom,
    candidates: search?.limit ?? null,
    confidence: options.confidence,
    placebo: options.placebo,
    notes: options.notes,
  });
}

/** What a run kept, by sample. */
interface KeptArm {
  readonly results: ReadonlyMap<string, SampleResult>;
  readonly answers: ReadonlyMap<string, Answer>;
}

async function gatherOutcomes(
  options: AttributionOptions,
  kept: ReadonlyMap<'base' | AttributionArm, KeptArm>,
  rightFrom: number,
): Promise<SampleOutcome[]> {
  const samples = selectSamples(options.dataset, options.split, options.sample);
  const locator = createGoldLocator(options.readDocument);
  const stock = stockAnswers(kept.get('base')?.answers.values() ?? []);
  const outcomes: SampleOutcome[] = new Array(samples.length);
  let done = 0;
  await runPool([...samples.entries()], searchesAtOnce, options.signal, async ([index, sample]) => {
    outcomes[index] = await gatherOutcome(sample, options, kept, { rightFrom, locator, stock });
    options.onProgress?.({
      phase: 'looking for the evidence',
      done: ++done,
      total: samples.length,
      unit: 'samples',
    });
  });
  return outcomes;
}

async function gatherOutcome(
  sample: Sample,
  { metric, search, retrieve }: AttributionOptions,
  kept: ReadonlyMap<'base' | AttributionArm, KeptArm>,
  { rightFrom, locator, stock }: { rightFrom: number; locator: GoldLocator; stock: ReadonlySet<string> },
): Promise<SampleOutcome> {
  const outcomeOf = (arm: 'base' | AttributionArm): ArmOutcome =>
    armOutcome(kept.get(arm)?.results.get(sample.id), metric, rightFrom);
  const answerOf = (arm: 'base' | AttributionArm): Answer | undefined =>
    kept.get(arm)?.answers.get(sample.id);
  const given = [...kept.keys()].filter((arm) => arm !== 'base');
  const arms: Partial<Record<AttributionArm, ArmOutcome>> = Object.fromEntries(
    given.map((arm) => [arm, outcomeOf(arm)]),
  );
  const base = outcomeOf('base');
  const gold = await locator.locate({
    sample,
    answer: answerOf('base') ?? null,
    candidates: search
      ? (): Promise<readonly RankedSpan[]> => retrieve(sample.input, search.arm, search.limit)
      : undefined,
    foreign: search === null,
  });
  const wrong = sample.answerable && base.right === false;
  const bothWrong = wrong && arms.gold?.right === false;
  return {
    sample: sample.id,
    group: sample.group ?? sample.id,
    answerable: sample.answerable,
    base,
    arms,
    gold,
    labelDoubt: bothWrong
      ? doubtLabel(
          await locator.missingFacts(sample),
          { base: answerOf('base'), gold: answerOf('gold'), noContext: answerOf('no-context') },
          stock,
        )
      : null,
    formFault: wrong
      ? (invalidBy(kept.get('base')?.results.get(sample.id)?.scores ?? {}) ??
        faultOfForm(sample, answerOf('base')))
      : null,
  };
}

function armOutcome(result: SampleResult | undefined, metric: string, rightFrom: number): ArmOutcome {
  const score: Score | undefined = result?.scores[metric];
  const value = score?.status === 'scored' ? score.value : null;
  return {
    value,
    right: value === null ? null : value >= rightFrom,
    refused: (result?.refusal ?? null) !== null,
    error: result?.error?.code ?? (score?.status === 'error' ? `scorer: ${score.cause}` : null),
    inputTokens: result?.usage.inputTokens ?? 0,
  };
}

import {
  type Cost,
  FulcrumError,
  noCost,
  noUsage,
  type Sample,
  type SplitName,
  toFulcrumError,
  type Usage,
  type WorkOptions,
} from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { CandidateStore } from '../generation/candidate-store.ts';
import type { QuestionModel } from '../generation/generation.ts';
import { createModelCaller, type ModelCaller, readJson } from '../generation/model-caller.ts';
import { failuresAtStart, oneRequestOnly } from '../generation/model-failures.ts';
import { keepToBudget, type SpendingOptions } from '../keep-to-budget.ts';
import { type Review, sampleHash } from '../review/review.ts';
import { currentReviews } from '../review/review-queue.ts';
import { runPool } from '../runs/run-pool.ts';
import { selectSamples } from '../runs/select-samples.ts';
import { checkFacts, statedReferences } from './check-facts.ts';
import { estimateFacts, type FactsEstimate } from './estimate-facts.ts';
import type { FactProblem, FormProblem, NoProposal } from './fact-proposal.ts';
import { factsByRule, ruleLimits } from './facts-by-rule.ts';
import { factsRequest, proposedFactsSchema } from './facts-request.ts';
import type { ProposalStore } from './proposal-store.ts';
import { samplesUnderReview } from './samples-under-review.ts';

export type { FactsEstimate } from './estimate-facts.ts';

export interface ProposeFactsOptions extends WorkOptions, SpendingOptions<FactsEstimate> {
  readonly dataset: Dataset;
  readonly proposals: ProposalStore;
  /** Where answers of the model are kept. */
  readonly calls: CandidateStore;
  /** Decisions of people: a sample that somebody decided on is left alone. */
  readonly reviews: readonly Review[];
  /** Null: by rule (see `ruleLimits`). */
  readonly model: QuestionModel | null;
  readonly split?: SplitName | undefined;
  /** Most samples taken, in the seeded order of runs; all by default. */
  readonly limit?: number | undefined;
}

/** Counts by reason; a reason that was not met has no entry. */
type Counts<Reason extends string> = Readonly<Partial<Record<Reason, number>>>;

/** What was proposed, with every denominator. */
export interface FactsProposed {
  readonly proposer: string;
  /** Samples that were tried, and those that have a proposal from this now. */
  readonly samples: number;
  readonly proposed: number;
  readonly facts: number;
  readonly withoutProposal: Counts<NoProposal>;
  readonly droppedForms: Counts<FormProblem>;
  readonly rejectedFacts: Counts<FactProblem>;
  /** Samples of the split that were not tried, and why. */
  readonly leftAlone: LeftAlone;
  readonly usage: Usage;
  readonly cost: Cost;
  /** Answers of the model that were there already; they cost nothing again. */
  readonly reusedCalls: number;
  /** What the facts cannot show, for the reader. */
  readonly limits: readonly string[];
}

interface LeftAlone {
  readonly unanswerable: number;
  readonly unreferenced: number;
  readonly having: number;
  readonly decided: number;
}

/**
 * Proposes facts for answerable samples that have a reference and no facts, checked against the reference before they are kept.
 * The dataset stays as it is: people decide in review. A new proposal takes the place of an old one. Every answer of the model
 * is kept at once, and nothing is paid twice. Throws `dataset-empty`, `facts-not-needed`, `budget-exceeded` before anything is
 * spent, `budget-reached` when the calls cost what was allowed, `cancelled`, or what the model throws when it would meet every sample.
 */
export async function proposeFacts(options: ProposeFactsOptions): Promise<FactsProposed> {
  const { dataset, model, limit, signal, onProgress, proposals } = options;
  const { waiting, leftAlone } = await samplesWaiting(options);
  if (waiting.length === 0)
    throw new FulcrumError('facts-not-needed', { dataset: dataset.name, ...leftAlone });
  const taken = waiting.slice(0, limit);
  const allowed = model
    ? await keepToBudget(await estimateFacts(model, taken, options.calls), options)
    : null;
  const budget = { work: 'proposing facts', limit: allowed };
  const caller = model ? createModelCaller(model, options.calls, signal, budget) : null;
  const tried = new Map<string, Tried>();
  let failures = 0;
  const proposer = model?.id ?? 'rule';
  await runPool(taken, model?.local === false ? hostedConcurrency : 1, signal, async (sample) => {
    const outcome = await trySample(sample, caller).catch((error: unknown): Tried => {
      const failure = toFulcrumError(error);
      if (!oneRequestOnly.has(failure.code)) throw failure;
      failures++;
      if (failures > tried.size && failures >= failuresAtStart) throw failure;
      return { ...nothing, problem: 'model-failed' };
    });
    if (outcome.problem === null)
      await proposals.keep(dataset.name, {
        sample: sample.id,
        sampleHash: sampleHash(sample),
        proposer,
        facts: outcome.facts,
      });
    tried.set(sample.id, outcome);
    const spentUsd = caller ? caller.spent().cost.usd : 0;
    onProgress?.({
      phase: 'proposing facts',
      done: tried.size,
      total: taken.length,
      unit: 'samples',
      spentUsd,
    });
  });
  const spent = caller?.spent() ?? { usage: noUsage, cost: noCost, reused: 0 };
  const outcomes = [...tried.values()];
  const kept = outcomes.filter(({ problem }) => problem === null);
  return {
    proposer,
    samples: taken.length,
    proposed: kept.length,
    facts: kept.reduce((sum, { facts }) => sum + facts.length, 0),
    withoutProposal: countOf(outcomes.flatMap(({ problem }) => problem ?? [])),
    droppedForms: countOf(outcomes.flatMap(({ droppedForms }) => droppedForms)),
    rejectedFacts: countOf(outcomes.flatMap(({ rejectedFacts }) => rejectedFacts)),
    leftAlone,
    usage: spent.usage,
    cost: spent.cost,
    reusedCalls: spent.reused,
    limits: model ? [] : ruleLimits,
  };
}

/** Samples that a hosted model is asked about at a time. */
const hostedConcurrency = 4;

/** Samples of the split in the order of runs that need facts and that nobody has decided on. */
async function samplesWaiting({
  dataset,
  split,
  reviews,
  proposals,
}: ProposeFactsOptions): Promise<{ waiting: Sample[]; leftAlone: LeftAlone }> {
  const { samples } = samplesUnderReview(dataset.content, await proposals.proposals(dataset.name));
  const judged = currentReviews(samples, reviews).filter(({ decision }) => decision !== 'skip');
  const decidedOn = new Set(judged.map(({ sample }) => sample));
  const leftAlone = { unanswerable: 0, unreferenced: 0, having: 0, decided: 0 };
  const waiting = selectSamples(dataset, split).filter((sample) => {
    if (!sample.answerable) leftAlone.unanswerable++;
    else if (sample.facts?.length) leftAlone.having++;
    else if (statedReferences(sample).length === 0) leftAlone.unreferenced++;
    else if (decidedOn.has(sample.id)) leftAlone.decided++;
    else return true;
    return false;
  });
  return { waiting, leftAlone };
}

interface Tried extends ReturnType<typeof checkFacts> {
  /** Null where facts are left. */
  readonly problem: NoProposal | null;
}

const nothing = { facts: [], droppedForms: [], rejectedFacts: [] };

async function trySample(sample: Sample, caller: ModelCaller | null): Promise<Tried> {
  const said = caller
    ? readJson(await caller.ask(factsRequest(sample)), proposedFactsSchema)?.facts.map(({ forms }) => forms)
    : factsByRule(sample);
  if (said === undefined) return { ...nothing, problem: 'invalid-output' };
  if (said.length === 0) return { ...nothing, problem: 'none-named' };
  const checked = checkFacts(sample, said);
  return { ...checked, problem: checked.facts.length === 0 ? 'none-left' : null };
}

function countOf<Reason extends string>(reasons: readonly Reason[]): Counts<Reason> {
  const counts: Partial<Record<Reason, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

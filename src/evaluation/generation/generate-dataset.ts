import {
  type Cost,
  contentHash,
  FulcrumError,
  noCost,
  noUsage,
  type Sample,
  type SplitName,
  toFulcrumError,
  type Usage,
  type WorkOptions,
} from '../../core/index.ts';
import { documentFrequency } from '../datasets/questions-from-text.ts';
import { keepToBudget, type SpendingOptions } from '../keep-to-budget.ts';
import { runPool } from '../runs/run-pool.ts';
import type { CandidateStore } from './candidate-store.ts';
import { clozeLimits, makeCloze } from './cloze.ts';
import { type GenerationCoverage, measureCoverage } from './coverage.ts';
import { promptRevision } from './draft-prompts.ts';
import { estimateGeneration, type GenerationEstimate } from './estimate-generation.ts';
import {
  type Candidate,
  type CorpusPassage,
  type GateName,
  type GateResult,
  type GenerationCorpus,
  gateNames,
  type QuestionKind,
  type QuestionModel,
  questionKinds,
  type RejectionReason,
} from './generation.ts';
import { makeCandidate } from './make-candidate.ts';
import { createModelCaller, type ModelCaller } from './model-caller.ts';
import { failuresAtStart, oneRequestOnly } from './model-failures.ts';
import { documentOrder, planSlots, type Slot } from './plan-slots.ts';
import { type FoundBand, tagRoundTrip } from './round-trip.ts';
import { selectDistinct } from './select-distinct.ts';

export interface GenerationOptions extends WorkOptions, SpendingOptions<GenerationEstimate> {
  readonly corpus: GenerationCorpus;
  readonly store: CandidateStore;
  /** Null: cloze questions by rule (see `clozeLimits`). */
  readonly model: QuestionModel | null;
  /** Questions wanted. */
  readonly count: number;
  /** Most candidates tried; twice `count` by default, five times without a hosted model. */
  readonly candidates?: number | undefined;
  readonly kinds?: readonly QuestionKind[] | undefined;
  /** Chooses the passages; `fulcrum` by default. */
  readonly seed?: string | undefined;
  readonly split?: SplitName | undefined;
  /** Leaves out what the model answers without the evidence; by default it is kept and tagged. */
  readonly dropKnown?: boolean | undefined;
  /** Candidates at a time; 1 for local models and 4 for hosted ones by default. */
  readonly concurrency?: number | undefined;
}

/** What generation gave, with every denominator. */
export interface Generated {
  readonly samples: readonly Sample[];
  readonly model: string | null;
  readonly wanted: number;
  readonly candidates: number;
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>;
  /** How the candidates fared at each gate; a gate after the first failed one is not measured. */
  readonly gates: Readonly<Record<GateName, Readonly<Record<GateResult, number>>>>;
  readonly coverage: GenerationCoverage;
  /** Questions by where search finds all their gold evidence: a measurement and a tag, no gate. */
  readonly found: Readonly<Record<FoundBand, number>>;
  /** Whether every passage of the corpus was tried, so that more candidates would find no more. */
  readonly exhausted: boolean;
  /** What the calls made now took; answers that were there already cost nothing again. */
  readonly usage: Usage;
  readonly cost: Cost;
  readonly reusedCalls: number;
  /** What the questions cannot show, for the reader. */
  readonly limits: readonly string[];
}

/**
 * Makes questions from a corpus until `count` have passed the gates or the candidates are used up. Every answer of the
 * model and every candidate is kept at once; the same request again, also after it was cut short, pays only for what is
 * missing. Throws `index-empty`, `budget-exceeded` before anything is spent, `generation-empty`, `cancelled`, or what the
 * model throws when it would meet every candidate.
 */
export async function generateDataset(options: GenerationOptions): Promise<Generated> {
  const { corpus, store, model, count, signal } = options;
  const kinds = kindsOf(model, options.kinds);
  const versions = await corpus.documents();
  if (versions.length === 0) throw new FulcrumError('index-empty');
  const seed = options.seed ?? 'fulcrum';
  // Where a rule chooses the sentence, a passage without one costs nothing.
  const most = options.candidates ?? (model === null || model.local ? 5 : 2) * count;
  const read = documentOrder(versions, seed).slice(0, Math.max(2 * most, fewestDocuments));
  const sections = await readSections(read, corpus, signal);
  const plannable = planSlots(sections, kinds, seed);
  const slots = plannable.slice(0, most);
  const plan = contentHash({
    promptRevision,
    model: model?.id ?? null,
    kinds,
    seed,
    dropKnown: options.dropKnown === true,
    versions,
  });
  const known = matchingCandidates(await store.candidates(plan), slots);
  const limit = model
    ? await keepToBudget(await estimateGeneration(model, slots, known, count), options)
    : null;
  const budget = { work: 'making questions', limit };
  const caller = model ? createModelCaller(model, store, signal, budget) : null;
  const tried = await tryCandidates({ plan, slots, known, caller, sections }, options);
  const accepted = selectDistinct(tried, count);
  if (accepted.candidates.length === 0)
    throw new FulcrumError('generation-empty', {
      candidates: tried.length,
      reasons: reasonsText(countReasons(accepted.judged)),
    });
  const spent = caller?.spent() ?? { usage: noUsage, cost: noCost, reused: 0 };
  const finished = accepted.candidates.map((candidate) => finishSample(candidate, model, options.split));
  const { samples, found } = await tagRoundTrip(finished, corpus.findPassages, options);
  return {
    samples,
    model: model?.id ?? null,
    wanted: count,
    candidates: tried.length,
    rejected: countReasons(accepted.judged),
    gates: countGates(accepted.judged),
    coverage: measureCoverage(versions.length, sections, tried, accepted.candidates),
    found,
    exhausted: tried.length === plannable.length && read.length === versions.length,
    usage: spent.usage,
    cost: spent.cost,
    reusedCalls: spent.reused,
    limits: model ? [] : clozeLimits,
  };
}

/** Without a model there are gaps only, and small local models fail at anything but single facts unless asked to try. */
function kindsOf(
  model: QuestionModel | null,
  asked: readonly QuestionKind[] | undefined,
): readonly QuestionKind[] {
  if (model === null) return ['single-fact'];
  return asked ?? (model.local ? ['single-fact'] : questionKinds);
}

/** Documents that are read at least; of a large corpus no more than could be needed, in the order of the plan. */
const fewestDocuments = 1000;

/** Kept candidates that belong to these slots: a plan over more documents may put others at the same place. */
function matchingCandidates(
  kept: ReadonlyMap<number, Candidate>,
  slots: readonly Slot[],
): Map<number, Candidate> {
  const matching = new Map<number, Candidate>();
  for (const { ordinal, kind, passage } of slots) {
    const candidate = kept.get(ordinal);
    const { documentId, start } = candidate?.origin ?? {};
    if (candidate?.kind === kind && documentId === passage.documentId && start === passage.start)
      matching.set(ordinal, candidate);
  }
  return matching;
}

async function readSections(
  versions: readonly { documentId: string }[],
  corpus: GenerationCorpus,
  signal: AbortSignal | undefined,
): Promise<CorpusPassage[]> {
  const sections: CorpusPassage[] = [];
  for (const { documentId } of versions) {
    signal?.throwIfAborted();
    sections.push(...(await corpus.sections(documentId)));
  }
  return sections;
}

interface Attempt {
  readonly plan: string;
  readonly slots: readonly Slot[];
  readonly known: ReadonlyMap<number, Candidate>;
  readonly caller: ModelCaller | null;
  readonly sections: readonly CorpusPassage[];
}

/** Works through the slots in waves of what is still wanted; the outcome depends on the order of slots only. */
async function tryCandidates(attempt: Attempt, options: GenerationOptions): Promise<Candidate[]> {
  const { plan, slots, known, caller, sections } = attempt;
  const { count, corpus, signal, onProgress } = options;
  const frequency = documentFrequency(sections);
  const dropKnown = options.dropKnown === true;
  const { findPassages } = corpus;
  const make = async (slot: Slot): Promise<Candidate> =>
    caller
      ? makeCandidate(slot, { caller, findPassages, frequency, dropKnown })
      : makeCloze(slot.passage, frequency);
  const outcomes: Candidate[] = [];
  const failures: FulcrumError[] = [];
  let worked = 0;
  const concurrency = options.concurrency ?? (caller?.model.local === false ? 4 : 1);
  for (;;) {
    const made = selectDistinct(outcomes, count).candidates.length;
    const spentUsd = caller ? caller.spent().cost.usd : 0;
    onProgress?.({ phase: 'making questions', done: made, total: count, unit: 'questions', spentUsd });
    const wave = slots.slice(outcomes.length, outcomes.length + count - made);
    if (wave.length === 0) return outcomes;
    const found = new Map<number, Candidate>();
    await runPool(wave, concurrency, signal, async (slot) => {
      const before = known.get(slot.ordinal);
      if (before) {
        found.set(slot.ordinal, before);
        return;
      }
      try {
        const candidate = await make(slot);
        worked++;
        found.set(slot.ordinal, candidate);
        await options.store.keepCandidate(plan, slot.ordinal, candidate);
      } catch (error) {
        const failure = toFulcrumError(error);
        if (!oneRequestOnly.has(failure.code)) throw failure;
        failures.push(failure);
        if (worked === 0 && failures.length >= failuresAtStart) throw failure;
        found.set(slot.ordinal, failedCandidate(slot));
      }
    });
    outcomes.push(...wave.map(({ ordinal }) => found.get(ordinal) as Candidate));
  }
}

/** Not kept: the next call tries it again. */
function failedCandidate({ kind, passage: { documentId, start, end } }: Slot): Candidate {
  return { kind, origin: { documentId, start, end }, sample: null, gates: {}, rejected: 'model-failed' };
}

/** The sample with its tags: how it was made, its kind and how it fared at each gate. */
function finishSample(
  { kind, sample, gates }: Candidate,
  model: QuestionModel | null,
  split: SplitName | undefined,
): Sample {
  const measured = gateNames
    .filter((gate) => gates[gate] !== undefined)
    .map((gate) => `gate-${gate}-${gates[gate]}`);
  return {
    ...(sample as Sample),
    tags: [model ? 'generated' : 'cloze', `kind-${kind}`, ...measured],
    ...(split === undefined ? {} : { split }),
  };
}

function countReasons(candidates: readonly Candidate[]): Partial<Record<RejectionReason, number>> {
  const counts: Partial<Record<RejectionReason, number>> = {};
  for (const { rejected } of candidates)
    if (rejected !== null) counts[rejected] = (counts[rejected] ?? 0) + 1;
  return counts;
}

function countGates(candidates: readonly Candidate[]): Generated['gates'] {
  const counted = gateNames.map((gate) => {
    const results = candidates.map(({ gates }) => gates[gate] ?? 'unmeasured');
    const count = (result: GateResult): number => results.filter((each) => each === result).length;
    return [
      gate,
      { passed: count('passed'), failed: count('failed'), unmeasured: count('unmeasured') },
    ] as const;
  });
  return Object.fromEntries(counted) as Generated['gates'];
}

/** Reasons in words, the most frequent first. */
export function reasonsText(reasons: Readonly<Partial<Record<RejectionReason, number>>>): string {
  return Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
}

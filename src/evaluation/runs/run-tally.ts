import { type ErrorCode, FulcrumError, type OnProgress } from '../../core/index.ts';
import type { Run } from './run.ts';
import type { KeptResult } from './run-store.ts';
import type { ScoringCost } from './scoring-spending.ts';

/** Result of one question, and whether it was asked for now. */
export interface SampleOutcome {
  readonly kept: KeptResult;
  /** Whether it was asked for now, and whether that may have cost something. */
  readonly fresh: boolean;
  readonly paid: boolean;
  readonly failure?: FulcrumError;
}

/** Money that the runs of one command have cost so far, and where they stop. */
export interface Spending {
  /** Over the answers whose price is known. */
  usd: number;
  /** What scoring them has taken since the command began. */
  readonly scoring: () => ScoringCost;
  /** Null for no limit. */
  readonly limit: number | null;
}

/** Failures that may pass, but end a run that has met nothing else: a model that cannot be reached at all. */
const endsFromTheStart: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-unreachable',
  'model-rate-limited',
]);

/** So many of them, with no answer in between, stop a run. */
const failuresAtStart = 5;

/** Counts what a run has for progress and budget, and stops a run in which nothing works. */
export interface RunTally {
  /** Answers that an earlier start of the run had. */
  readonly found: (answers: number) => void;
  count(outcome: SampleOutcome): void;
  /** Throws `budget-spent` when the answers so far and their scoring cost what was allowed. */
  throwIfSpent(): void;
  /** Throws the first failure when there is no answer at all and the model could not be reached. */
  throwIfUnreachable(): void;
  /** One sentence for each kind of failure that was met now: how many samples, and the first of them with its reason. */
  failures(): string[];
}

export function createRunTally(run: Run, spending: Spending, onProgress?: OnProgress): RunTally {
  const total = run.samples * run.repeats;
  let done = 0;
  let answered = 0;
  let spentUsd: number | null = 0;
  let unreachable: { first: FulcrumError; count: number } | null = null;
  let otherFailures = 0;
  const scoredBefore = spending.scoring().usd;
  const spentNow = (): number | null => {
    const { usd, unknown } = spending.scoring();
    return spentUsd === null || unknown ? null : spentUsd + usd - scoredBefore;
  };
  const kinds = new Map<ErrorCode, { first: string; count: number }>();
  const report = (): void =>
    onProgress?.({ phase: `evaluating ${run.variant}`, done, total, unit: 'samples', spentUsd: spentNow() });
  const throwIfUnreachable = (): void => {
    if (unreachable && answered === 0 && otherFailures === 0) throw unreachable.first;
  };
  report();
  return {
    found(answers) {
      done += answers;
      answered += answers;
      report();
    },
    count({ kept, fresh, failure }) {
      done++;
      if (failure) {
        const first = kinds.get(failure.code)?.first ?? `${kept.result.sample}: ${failure.message}`;
        kinds.set(failure.code, { first, count: (kinds.get(failure.code)?.count ?? 0) + 1 });
      }
      if (failure === undefined) answered++;
      else if (endsFromTheStart.has(failure.code))
        unreachable = { first: unreachable?.first ?? failure, count: (unreachable?.count ?? 0) + 1 };
      else otherFailures++;
      if (fresh && failure === undefined) {
        const { usd } = kept.result.cost;
        spentUsd = spentUsd === null || usd === null ? null : spentUsd + usd;
        spending.usd += usd ?? 0;
      }
      report();
    },
    throwIfSpent() {
      if (unreachable && unreachable.count >= failuresAtStart) throwIfUnreachable();
      const { limit } = spending;
      const usd = spending.usd + spending.scoring().usd;
      if (limit === null || usd < limit || usd === 0) return;
      throw new FulcrumError('budget-spent', {
        run: run.id,
        spent: usd.toFixed(4),
        budget: limit,
        done,
        total,
      });
    },
    throwIfUnreachable,
    failures: () =>
      [...kinds].map(
        ([code, { first, count }]) =>
          `${run.variant}: ${count} of ${total} answers failed (${code}) and have no score, the first for sample ${first}`,
      ),
  };
}

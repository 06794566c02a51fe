import type { Answer, WorkOptions } from '../../core/index.ts';
import { errorScore, type Sample, type Score, scored, undefinedScore } from '../../core/index.ts';
import { runPool } from '../runs/run-pool.ts';
import { answerText, referencesOf } from '../scorers/answer-text.ts';
import { type MeanInterval, meanInterval } from '../statistics/mean-interval.ts';
import type { Judge } from './judge.ts';
import { countFaults, withFaults } from './judge-fault.ts';
import { judgePair } from './judge-pair.ts';

/** A blind comparison of two variants' answers. */
export interface PairwiseReport {
  readonly n: number;
  /** Samples by what both orders said. */
  readonly wins: { readonly a: number; readonly b: number; readonly tie: number };
  /** Samples where the order decided; in no mean. */
  readonly orderDependent: number;
  /** Both gave the same words, or both refused; ties without a call. */
  readonly identical: number;
  /** Faults of the judge by reason. */
  readonly errors: Readonly<Record<string, number>>;
  /** Mean of 1 for a, .5 for a tie, 0 for b, with a 95 % interval clustered by group. */
  readonly preference: MeanInterval;
  readonly samples: readonly { readonly sample: string; readonly score: Score }[];
}

export interface PairwiseRequest extends WorkOptions {
  readonly judge: Judge;
  /** Called before each sample; what it throws ends the work. */
  readonly beforeEach?: (() => void) | undefined;
  readonly criterion: string;
  readonly samples: readonly { readonly sample: Sample; readonly a: Answer; readonly b: Answer }[];
  readonly concurrency?: number | undefined;
}

/** Compares two answers to each sample, blind and in both orders. A refusal reads as an answer that says nothing. */
export async function comparePairs(request: PairwiseRequest): Promise<PairwiseReport> {
  const { samples, concurrency = 1, signal, onProgress } = request;
  const scores: Score[] = [];
  let identical = 0;
  let done = 0;
  await runPool([...samples.entries()], concurrency, signal, async ([index, { sample, a, b }]) => {
    request.beforeEach?.();
    const texts = { a: answerText(a), b: answerText(b) };
    if (texts.a === texts.b) identical++;
    scores[index] = texts.a === texts.b ? scored(0.5) : await scorePair(request, sample, texts);
    onProgress?.({ phase: 'judging pairs', done: ++done, total: samples.length, unit: 'samples' });
  });
  const known = scores.flatMap((score, index) =>
    score.status === 'scored'
      ? [{ value: score.value, group: samples[index]!.sample.group ?? samples[index]!.sample.id }]
      : [],
  );
  const count = (value: number): number => known.filter((each) => each.value === value).length;
  return {
    n: samples.length,
    wins: { a: count(1), b: count(0), tie: count(0.5) },
    orderDependent: scores.filter(({ status }) => status === 'undefined').length,
    identical,
    errors: countFaults(scores),
    preference: meanInterval(
      known.map(({ value }) => value),
      known.map(({ group }) => group),
      0.95,
      { low: 0, high: 1 },
    ),
    samples: samples.map(({ sample }, index) => ({
      sample: sample.id,
      score: scores[index] ?? errorScore('not judged'),
    })),
  };
}

function scorePair(
  { judge, criterion }: PairwiseRequest,
  sample: Sample,
  texts: { readonly a: string; readonly b: string },
): Promise<Score> {
  return withFaults(async () => {
    const [reference] = referencesOf(sample);
    const { outcome, reasons } = await judgePair(judge, criterion, {
      question: sample.input,
      ...texts,
      reference,
    });
    if (outcome === 'order-dependent') return undefinedScore(outcome);
    return scored({ a: 1, tie: 0.5, b: 0 }[outcome], { outcome, reasons });
  });
}

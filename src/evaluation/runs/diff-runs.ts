import { type Answer, FulcrumError } from '../../core/index.ts';
import { orderFlips } from '../comparison/order-flips.ts';
import { samplesAtOnce } from '../datasets/sample-source.ts';
import type { SamplesOf } from '../exports/run-view.ts';
import { bySample } from './by-sample.ts';
import type { Run, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';
import { sampleScore } from './sample-score.ts';

/** A sample on which two runs differ under a metric. */
export interface RunFlip {
  readonly sample: string;
  readonly change: 'improved' | 'regressed' | 'lost-score' | 'gained-score';
  /** Mean score over the answers to the sample; null with the reason where there is none. */
  readonly before: { readonly value: number | null; readonly reason: string | null };
  readonly after: { readonly value: number | null; readonly reason: string | null };
  readonly input: string | null;
  /** First answers; null for an error and in a recorded run. */
  readonly answers: readonly [before: Answer | null, after: Answer | null];
}

/** What changed from one run to another. */
export interface RunDifference {
  readonly metric: string;
  readonly before: string;
  readonly after: string;
  readonly improved: number;
  readonly regressed: number;
  readonly same: number;
  /** Samples that only the first, or only the second run has a number for, and those that neither has. */
  readonly lostScore: number;
  readonly gainedScore: number;
  readonly unscored: number;
  /** Samples that only one of the runs covers. */
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  /** Regressions, the largest first, then lost and gained scores, then improvements, the largest first. */
  readonly flips: readonly RunFlip[];
}

type Scored = RunFlip['before'];

/** A change before its texts are looked up; `gain` is 0 where one side has no number. */
type Change = Omit<RunFlip, 'input' | 'answers'> & { readonly gain: number };

/**
 * What changed from one run to another, sample by sample, with both answers; `lower` metrics improve when they fall. Only the
 * changes are in memory. Whether they are more than noise is for `compareVariants`, which also says where variants differ
 * (`findFlips`), on the samples that all of them have a number for. Throws `run-mismatch` for runs of different data.
 */
export async function diffRuns(options: {
  readonly before: Run;
  readonly after: Run;
  readonly metric: string;
  readonly direction: 'higher' | 'lower';
  readonly store: RunStore;
  readonly samplesOf: SamplesOf;
  /** Flips that are given in full; all by default. */
  readonly limit?: number | undefined;
}): Promise<RunDifference> {
  const { before, after, metric, direction, store, samplesOf } = options;
  if (before.dataset.hash !== after.dataset.hash)
    throw new FulcrumError('run-mismatch', {
      problem: `${before.id} is on ${before.dataset.name}, ${after.id} on ${after.dataset.name}.`,
      metric,
    });
  const counts = { improved: 0, regressed: 0, same: 0, lostScore: 0, gainedScore: 0, unscored: 0 };
  const changes: Change[] = [];
  const covered = { before: 0, both: 0 };
  for await (const { sample, was, is } of sideBySide(before, after, metric, store)) {
    covered.before++;
    if (is === null) continue;
    covered.both++;
    const rise = was.value === null || is.value === null ? 0 : is.value - was.value;
    const gain = direction === 'higher' ? rise : -rise;
    const change = changeOf(was, is, gain);
    if (change === 'same' || change === 'unscored') counts[change]++;
    else {
      changes.push({ sample, change, before: was, after: is, gain });
      counts[change === 'lost-score' ? 'lostScore' : change === 'gained-score' ? 'gainedScore' : change]++;
    }
  }
  const shown = mostTelling(changes, options.limit ?? changes.length);
  const ids = shown.map(({ sample }) => sample);
  const samples = await samplesOf(ids);
  const [told, retold] = [await store.answersPage(before.id, ids), await store.answersPage(after.id, ids)];
  return {
    metric,
    before: before.id,
    after: after.id,
    ...counts,
    onlyBefore: covered.before - covered.both,
    onlyAfter: (await store.countSamples(after.id)) - covered.both,
    flips: shown.map(({ gain: _gain, ...flip }) => ({
      ...flip,
      input: samples.get(flip.sample)?.input ?? null,
      answers: [told.get(`0:${flip.sample}`) ?? null, retold.get(`0:${flip.sample}`) ?? null],
    })),
  };
}

function changeOf(was: Scored, is: Scored, gain: number) {
  if (was.value === null) return is.value === null ? 'unscored' : 'gained-score';
  if (is.value === null) return 'lost-score';
  return gain === 0 ? 'same' : gain > 0 ? 'improved' : 'regressed';
}

/** At most `limit` changes: half of them regressions and half improvements, more of one kind where the other has fewer. */
function mostTelling(changes: readonly Change[], limit: number): Change[] {
  const { gained, lost } = orderFlips(changes, ({ gain }) => gain);
  const others = changes.filter(({ gain }) => gain === 0).sort((a, b) => (a.sample < b.sample ? -1 : 1));
  const worse = Math.min(lost.length, Math.max(Math.ceil(limit / 2), limit - gained.length));
  const better = Math.min(gained.length, limit - worse);
  return [
    ...lost.slice(0, worse),
    ...others.slice(0, Math.max(0, limit - worse - better)),
    ...gained.slice(0, better),
  ];
}

/** The scores of every sample of one run beside those of another, which are null where it does not cover the sample. */
async function* sideBySide(before: Run, after: Run, metric: string, store: RunStore) {
  const ofSample = (results: readonly SampleResult[]): Scored => {
    const { value, reason } = sampleScore(results, metric);
    return { value, reason };
  };
  for await (const page of inGroups(bySample(store.pages(before.id, 'sample')), samplesAtOnce)) {
    const ids = page.map(([first]) => first.sample);
    const others = Map.groupBy(await store.resultsOf(after.id, ids), ({ sample }) => sample);
    for (const results of page) {
      const [{ sample }] = results;
      const other = others.get(sample);
      yield { sample, was: ofSample(results), is: other ? ofSample(other) : null };
    }
  }
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

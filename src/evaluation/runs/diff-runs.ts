import { type Answer, FulcrumError } from '../../core/index.ts';
import type { SamplesOf } from '../exports/run-view.ts';
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
  /** Largest change first, regressions before improvements. */
  readonly flips: readonly RunFlip[];
}

interface Scored {
  readonly value: number | null;
  readonly reason: string | null;
}

/**
 * Compares two runs of one dataset sample by sample. `lower` metrics improve when they fall. Throws `run-mismatch` for
 * runs of different data.
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
  const [first, second] = [await scoresOf(before, metric, store), await scoresOf(after, metric, store)];
  const counts = { improved: 0, regressed: 0, same: 0, lostScore: 0, gainedScore: 0, unscored: 0 };
  const flips: (Omit<RunFlip, 'input' | 'answers'> & { readonly size: number })[] = [];
  for (const [sample, was] of first) {
    const is = second.get(sample);
    if (!is) continue;
    const gain =
      was.value === null || is.value === null
        ? 0
        : (is.value - was.value) * (direction === 'higher' ? 1 : -1);
    const change = changeOf(was, is, gain);
    if (change === 'same' || change === 'unscored') counts[change]++;
    else {
      flips.push({ sample, change, before: was, after: is, size: gain });
      if (change === 'lost-score') counts.lostScore++;
      else if (change === 'gained-score') counts.gainedScore++;
      else counts[change]++;
    }
  }
  flips.sort((a, b) => a.size - b.size || (a.sample < b.sample ? -1 : 1));
  const shown = options.limit === undefined ? flips : mostTelling(flips, options.limit);
  const ids = shown.map(({ sample }) => sample);
  const samples = await samplesOf(ids);
  const [told, retold] = [await store.answersPage(before.id, ids), await store.answersPage(after.id, ids)];
  return {
    metric,
    before: before.id,
    after: after.id,
    ...counts,
    onlyBefore: [...first.keys()].filter((sample) => !second.has(sample)).length,
    onlyAfter: [...second.keys()].filter((sample) => !first.has(sample)).length,
    flips: shown.map(({ size: _size, ...flip }) => ({
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

/** Half from each end of what is sorted by gain, more from one end where the other has fewer. */
function mostTelling<T extends { readonly size: number }>(flips: readonly T[], limit: number): T[] {
  if (flips.length <= limit) return [...flips];
  const worse = flips.filter(({ size }) => size < 0).length;
  const fromWorse = Math.min(worse, Math.max(Math.ceil(limit / 2), limit - (flips.length - worse)));
  return [...flips.slice(0, fromWorse), ...flips.slice(flips.length - (limit - fromWorse))];
}

async function scoresOf(run: Run, metric: string, store: RunStore): Promise<Map<string, Scored>> {
  const scores = new Map<string, Scored>();
  let open: SampleResult[] = [];
  const close = (): void => {
    if (!open[0]) return;
    const { value, reason } = sampleScore(open, metric);
    scores.set(open[0].sample, { value, reason });
    open = [];
  };
  for await (const page of store.pages(run.id, 'sample'))
    for (const result of page) {
      if (open[0] && open[0].sample !== result.sample) close();
      open.push(result);
    }
  close();
  return scores;
}

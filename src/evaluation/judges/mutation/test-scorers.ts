import type { Score, WorkOptions } from '../../../core/index.ts';
import type { ScoredSample } from '../../evaluated.ts';
import type { ProportionInterval } from '../../metrics/statistics/proportion-intervals.ts';
import { runPool } from '../../runs/run-pool.ts';
import type { Scorer } from '../../scorers/scorer.ts';
import { applyScorer } from '../../scorers/scorers.ts';
import { clusterLayout } from '../../statistics/cluster-layout.ts';
import { clusterWilson } from '../../statistics/cluster-wilson.ts';
import { countFaults } from '../judge-fault.ts';
import { type Mutation, type MutationName, mutations } from './mutations.ts';

/** How often a scorer overlooks one kind of harm. */
export interface MutationResult {
  readonly metric: string;
  readonly mutation: MutationName;
  /** Harmed answers whose score could have become worse and is known. */
  readonly n: number;
  /** Of those, how many did not score worse than the whole answer. */
  readonly missed: number;
  /** `missed / n`; null without a harmed answer. */
  readonly share: number | null;
  /** Its 95 % interval by Wilson, by group (`clusterWilson`); null under two groups. */
  readonly interval: ProportionInterval | null;
  /** Harmed answers without a score, by what happened: reasons of undefined scores, and of faults of judges. */
  readonly without: Readonly<Record<string, number>>;
}

export interface TestScorersOptions extends WorkOptions {
  readonly samples: readonly ScoredSample[];
  readonly scorers: readonly Scorer[];
  /** Called before each sample; what it throws ends the work. */
  readonly beforeEach?: (() => void) | undefined;
  /** All by default. */
  readonly mutations?: readonly MutationName[] | undefined;
  /** Samples at a time; 1 by default. */
  readonly concurrency?: number | undefined;
}

/**
 * Mutation testing of scorers: harms answers that a scorer gives a number for, and counts how often the harmed one scores no
 * worse. Answers whose score could not become worse (0 where higher is better) say nothing and are left out.
 */
export async function testScorers(options: TestScorersOptions): Promise<MutationResult[]> {
  const { samples, scorers, concurrency = 1, onProgress, signal } = options;
  const chosen = mutations.filter(({ name }) => options.mutations?.includes(name) ?? true);
  const tallies = new Map<string, Tally>();
  const texts = samples.map(({ answer }) => answer.answer);
  let done = 0;
  await runPool([...samples.entries()], concurrency, signal, async ([index, judged]) => {
    options.beforeEach?.();
    const harmed = harmedOf(judged, chosen, texts, index);
    const group = judged.sample.group ?? judged.sample.id;
    for (const scorer of harmed.length === 0 ? [] : scorers) {
      const whole = await applyScorer(scorer, judged);
      if (!canFall(whole, scorer)) continue;
      for (const { name, subject } of harmed)
        count(tallies, scorer, { mutation: name, group }, whole, await applyScorer(scorer, subject));
    }
    onProgress?.({ phase: 'testing scorers', done: ++done, total: samples.length, unit: 'samples' });
  });
  return scorers.flatMap(({ name: metric }) =>
    chosen.map(({ name: mutation }) => {
      const { misses = [], groups = [], without = [] } = tallies.get(`${metric} ${mutation}`) ?? {};
      const n = misses.length;
      const missed = misses.reduce((sum, miss) => sum + miss, 0);
      return {
        metric,
        mutation,
        n,
        missed,
        share: n === 0 ? null : missed / n,
        interval: clusterWilson(misses, clusterLayout(groups), 0.95),
        without: reasonsOf(without),
      };
    }),
  );
}

function harmedOf(
  judged: ScoredSample,
  chosen: readonly Mutation[],
  texts: readonly string[],
  index: number,
) {
  const others = texts.filter((_text, at) => at !== index).slice(0, 200);
  return judged.answer.refusal !== null
    ? []
    : chosen.flatMap(({ name, mutate }) => {
        const answer = mutate(judged.answer, others);
        return answer === null ? [] : [{ name, subject: { ...judged, answer } }];
      });
}

interface Tally {
  /** Per harmed answer 1 where it was overlooked and 0 where not, with its group. */
  readonly misses: number[];
  readonly groups: string[];
  readonly without: Score[];
}

function canFall(score: Score, { direction }: Scorer): boolean {
  return score.status === 'scored' && (direction === 'lower' || score.value > 0);
}

function count(
  tallies: Map<string, Tally>,
  scorer: Scorer,
  { mutation, group }: { mutation: string; group: string },
  whole: Score,
  harmed: Score,
): void {
  const key = `${scorer.name} ${mutation}`;
  const tally = tallies.get(key) ?? { misses: [], groups: [], without: [] };
  tallies.set(key, tally);
  if (whole.status !== 'scored') return;
  if (harmed.status !== 'scored') {
    tally.without.push(harmed);
    return;
  }
  const change = scorer.direction === 'higher' ? whole.value - harmed.value : harmed.value - whole.value;
  tally.misses.push(change > 1e-9 ? 0 : 1);
  tally.groups.push(group);
}

function reasonsOf(scores: readonly Score[]): Record<string, number> {
  const reasons: Record<string, number> = { ...countFaults(scores) };
  for (const score of scores)
    if (score.status === 'undefined') reasons[score.reason] = (reasons[score.reason] ?? 0) + 1;
  return reasons;
}

import { type Sample, type SplitName, sha256, splitNameSchema } from '../../../core/index.ts';

/** Share of each split; they add up to 1, and a share of 0 leaves a split out. */
export type SplitShares = Readonly<Record<SplitName, number>>;

/** The splits in their usual order. */
export const splitNames: readonly SplitName[] = splitNameSchema.options;

/** Samples that must stay together. */
export interface SampleGroup {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** Groups by first appearance. A sample without a group is one of its own, whatever other groups are called. */
export function groupSamples(samples: readonly Sample[]): SampleGroup[] {
  const groups = new Map<string, { name: string; samples: Sample[] }>();
  for (const sample of samples) {
    const key = sample.group === undefined ? `sample ${sample.id}` : `group ${sample.group}`;
    const group = groups.get(key) ?? { name: sample.group ?? sample.id, samples: [] };
    groups.set(key, group);
    group.samples.push(sample);
  }
  return [...groups.values()];
}

/**
 * Gives every group a split so that each stratum, and all samples together, are shared out as nearly as whole groups
 * allow: the largest groups first, each to the split where the squared deviation from the wanted counts grows
 * least (greedy, as in stratified group k-fold). Groups of one size come in an order that depends on the seed alone.
 * @param strataOf names of the strata that a sample counts in, at least one.
 */
export function assignStratified(
  groups: readonly SampleGroup[],
  shares: SplitShares,
  strataOf: (sample: Sample) => readonly string[],
  seed: string,
): Map<SampleGroup, SplitName> {
  const open = splitNames.filter((split) => shares[split] > 0);
  const totals = countStrata(
    groups.flatMap(({ samples }) => samples),
    strataOf,
  );
  const placed = new Map(open.map((split) => [split, new Map<string, number>()]));
  const order = new Map(groups.map((group) => [group, sha256(`${seed} ${group.name}`)]));
  const sorted = [...groups].sort(
    (a, b) => b.samples.length - a.samples.length || (order.get(a)! < order.get(b)! ? -1 : 1),
  );
  const assigned = new Map<SampleGroup, SplitName>();
  for (const group of sorted) {
    const counts = countStrata(group.samples, strataOf);
    const growth = (split: SplitName): number => {
      let sum = 0;
      for (const [stratum, count] of counts) {
        const total = totals.get(stratum)!;
        const off = (placed.get(split)!.get(stratum) ?? 0) - shares[split] * total;
        sum += (count * (2 * off + count)) / total;
      }
      return sum;
    };
    const best = open.reduce((a, b) => (growth(b) < growth(a) ? b : a));
    assigned.set(group, best);
    const there = placed.get(best)!;
    for (const [stratum, count] of counts) there.set(stratum, (there.get(stratum) ?? 0) + count);
  }
  return assigned;
}

/** Samples by stratum; the empty name stands for all of them. */
function countStrata(
  samples: readonly Sample[],
  strataOf: (sample: Sample) => readonly string[],
): Map<string, number> {
  const counts = new Map<string, number>([['', samples.length]]);
  for (const sample of samples)
    for (const stratum of new Set(strataOf(sample)))
      counts.set(`=${stratum}`, (counts.get(`=${stratum}`) ?? 0) + 1);
  return counts;
}

/**
 * Gives the oldest groups to train, the next to dev, the newest to test. A group counts where its newest sample stands,
 * so that nothing in train is newer than the boundary.
 * @param timeOf order of a sample in time.
 * @return with it, the groups that reach across a boundary (older samples in a later split).
 */
export function assignByTime(
  groups: readonly SampleGroup[],
  shares: SplitShares,
  timeOf: (sample: Sample) => number,
): { assigned: Map<SampleGroup, SplitName>; reachingBack: number } {
  const spans = groups
    .map((group) => {
      const times = group.samples.map(timeOf);
      return {
        group,
        oldest: times.reduce((a, b) => Math.min(a, b)),
        newest: times.reduce((a, b) => Math.max(a, b)),
      };
    })
    .sort((a, b) => a.newest - b.newest || (a.group.name < b.group.name ? -1 : 1));
  const total = groups.reduce((sum, { samples }) => sum + samples.length, 0);
  const open = splitNames.filter((split) => shares[split] > 0);
  const assigned = new Map<SampleGroup, SplitName>();
  let current = 0;
  let limit = shares[open[0]!] * total;
  let done = 0;
  let boundary = Number.NEGATIVE_INFINITY;
  let newestSoFar = Number.NEGATIVE_INFINITY;
  let reachingBack = 0;
  for (const { group, oldest, newest } of spans) {
    // The middle of the group decides, so that one large group is not pushed over by a single sample.
    while (current < open.length - 1 && done + group.samples.length / 2 > limit) {
      current++;
      limit += shares[open[current]!] * total;
      boundary = newestSoFar;
    }
    if (current > 0 && oldest < boundary) reachingBack++;
    assigned.set(group, open[current]!);
    done += group.samples.length;
    newestSoFar = newest;
  }
  return { assigned, reachingBack };
}

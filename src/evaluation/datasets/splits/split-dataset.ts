import { FulcrumError, type Sample, type SplitName } from '../../../core/index.ts';
import { timeTagPrefix } from '../formats/sample-from-fields.ts';
import {
  assignByTime,
  assignStratified,
  groupSamples,
  type SampleGroup,
  type SplitShares,
  splitNames,
} from './assign-splits.ts';
import { timeOrder } from './time-order.ts';

/** How a dataset is split. */
export interface SplitMethod {
  /** `group`: at random by whole groups; `time`: the newest to test; `given`: as the samples say already. */
  readonly by: 'group' | 'time' | 'given';
  readonly shares: SplitShares;
  /** `label`, or `tag:PREFIX`: each label, or each tag that starts so, is shared out alike. */
  readonly stratify?: string | undefined;
  /** Prefix of the tag that says when (or in which order); `time:` by default. */
  readonly timeTag?: string | undefined;
  readonly seed: string;
}

/** A dataset with its splits, before it is frozen. */
export interface SplitResult {
  readonly samples: Sample[];
  readonly counts: Readonly<Record<SplitName, number>>;
  readonly groups: number;
  /** Samples of each stratum by split; absent without strata. */
  readonly strata?: Readonly<Record<string, Readonly<Record<SplitName, number>>>>;
  /** By time: groups of a later split with samples from before its boundary. */
  readonly reachingBack?: number;
}

/**
 * Gives every sample a split; samples of one group always get the same. Throws `split-impossible` where a split would stay
 * empty, where a sample has no time, or where given splits are missing or cut a group in two.
 */
export function splitSamples(dataset: string, samples: readonly Sample[], method: SplitMethod): SplitResult {
  const impossible = (problem: string): FulcrumError =>
    new FulcrumError('split-impossible', { dataset, problem });
  const groups = groupSamples(samples);
  if (method.by === 'given') return withCounts(givenSplits(samples, groups, impossible), groups, method);
  const wanted = splitNames.filter((split) => method.shares[split] > 0);
  if (groups.length < wanted.length)
    throw impossible(`it has ${groups.length} groups, and a group is never cut.`);
  const timed = method.by === 'time' ? byTime(samples, groups, method, impossible) : null;
  const assigned =
    timed?.assigned ?? assignStratified(groups, method.shares, strataBy(method.stratify), method.seed);
  const splitOf = new Map<Sample, SplitName>();
  for (const [group, split] of assigned) for (const sample of group.samples) splitOf.set(sample, split);
  const result = withCounts(
    samples.map((sample) => ({ ...sample, split: splitOf.get(sample)! })),
    groups,
    method,
  );
  const empty = wanted.find((split) => result.counts[split] === 0);
  if (empty)
    throw impossible(`the split ${empty} would be empty; the largest group is too large for the shares.`);
  return timed ? { ...result, reachingBack: timed.reachingBack } : result;
}

function byTime(
  samples: readonly Sample[],
  groups: readonly SampleGroup[],
  { shares, timeTag = timeTagPrefix }: SplitMethod,
  impossible: (problem: string) => FulcrumError,
): ReturnType<typeof assignByTime> {
  const values = samples.map((sample) => {
    const tag = sample.tags?.find((each) => each.startsWith(timeTag));
    if (tag === undefined)
      throw impossible(`sample "${sample.id}" has no tag that starts with "${timeTag}".`);
    return tag.slice(timeTag.length);
  });
  const order = timeOrder(values);
  const times = new Map(samples.map((sample, index) => [sample, order[index]!]));
  return assignByTime(groups, shares, (sample) => times.get(sample)!);
}

function givenSplits(
  samples: readonly Sample[],
  groups: readonly SampleGroup[],
  impossible: (problem: string) => FulcrumError,
): Sample[] {
  const without = samples.find(({ split }) => split === undefined);
  if (without) throw impossible(`sample "${without.id}" has no split.`);
  const cut = groups.filter((group) => new Set(group.samples.map(({ split }) => split)).size > 1);
  if (cut.length > 0)
    throw impossible(`${cut.length} groups are in more than one split, the first is "${cut[0]!.name}".`);
  return [...samples];
}

function withCounts(
  samples: Sample[],
  groups: readonly SampleGroup[],
  { stratify }: SplitMethod,
): SplitResult {
  const count = (chosen: readonly Sample[]): Record<SplitName, number> => {
    const of = (split: SplitName): number => chosen.filter((sample) => sample.split === split).length;
    return { train: of('train'), dev: of('dev'), test: of('test') };
  };
  const result = { samples, counts: count(samples), groups: groups.length };
  if (stratify === undefined) return result;
  const members = new Map<string, Sample[]>();
  for (const sample of samples)
    for (const stratum of strataBy(stratify)(sample)) {
      const there = members.get(stratum);
      if (there) there.push(sample);
      else members.set(stratum, [sample]);
    }
  const names = [...members.keys()].sort();
  return { ...result, strata: Object.fromEntries(names.map((name) => [name, count(members.get(name)!)])) };
}

/** Strata of a sample: its label, or its tags that start with the prefix; `none` where it has neither. */
function strataBy(stratify: string | undefined): (sample: Sample) => readonly string[] {
  if (stratify === undefined) return () => [];
  if (stratify === 'label') return ({ label }) => [label ?? 'none'];
  const prefix = stratify.slice('tag:'.length);
  return ({ tags }) => {
    const found = (tags ?? []).filter((tag) => tag.startsWith(prefix));
    return found.length > 0 ? found : ['none'];
  };
}

/** Checks `label` or `tag:PREFIX`; throws `usage`. */
export function parseStratify(text: string): string {
  if (text === 'label' || (text.startsWith('tag:') && text.length > 4)) return text;
  throw new FulcrumError('usage', { problem: `--stratify takes label or tag:PREFIX, not "${text}".` });
}

/** Reads `60/20/20` (train/dev/test, in per cent). Throws `usage`. */
export function parseShares(text: string): SplitShares {
  const parts = text.split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [train = 0, dev = 0, test = 0] = parts;
  const good =
    parts.length === 3 && parts.every((part) => part >= 0) && train + dev + test === 100 && test > 0;
  if (!good)
    throw new FulcrumError('usage', {
      problem: `--shares takes train/dev/test in per cent that add up to 100, with some test, not "${text}".`,
    });
  return { train: train / 100, dev: dev / 100, test: test / 100 };
}

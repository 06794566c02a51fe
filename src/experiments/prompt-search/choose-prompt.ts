import { dealFolds } from '../../evaluation/index.ts';
import { type MeasuredPrompt, meanScore, pairedDifference } from './measured-prompt.ts';

/**
 * The simplest settings that are no worse than the best by more than one standard error of their paired difference (the
 * one-standard-error rule of Breiman et al., 1984, on pairs). Simpler is a shorter prompt, then no schema, then what was
 * tried earlier.
 * @param within only the samples of these groups count.
 */
export function choosePrompt(
  tried: readonly MeasuredPrompt[],
  within: (group: string) => boolean = () => true,
): MeasuredPrompt | null {
  const counted = tried.map((each) => ({ each, scores: restrict(each.scores, within) }));
  const ranked = counted.flatMap(({ each, scores }) => {
    const mean = meanScore(scores);
    return mean === null ? [] : [{ each, scores, mean }];
  });
  const best = ranked.reduce<(typeof ranked)[number] | null>(
    (leader, each) => (leader === null || each.mean > leader.mean ? each : leader),
    null,
  );
  if (best === null) return null;
  const good = ranked.filter(({ each, scores }) => {
    if (each === best.each) return true;
    const lead = pairedDifference(best.scores, scores);
    return lead !== null && lead.difference <= lead.standardError;
  });
  return good
    .map(({ each }) => each)
    .reduce((simplest, each) => (isSimpler(each, simplest) ? each : simplest));
}

function isSimpler(first: MeasuredPrompt, second: MeasuredPrompt): boolean {
  if (first.inputTokens !== second.inputTokens) return first.inputTokens < second.inputTokens;
  return !first.settings.structured && second.settings.structured;
}

function restrict(
  scores: MeasuredPrompt['scores'],
  within: (group: string) => boolean,
): MeasuredPrompt['scores'] {
  return new Map([...scores].filter(([, { group }]) => within(group)));
}

/** Fixed start of the hash that deals groups to folds. */
const foldSeed = 'fulcrum-prompt-folds-1';
const folds = 5;

/**
 * What the choice is worth on samples that had no part in it: settings are chosen on all folds but one and scored on that
 * one. Null with fewer than two groups. What it leaves in is that the settings tried later were picked by looking at all folds.
 */
export function crossFittedMean(tried: readonly MeasuredPrompt[]): number | null {
  const groups = [...new Set(tried.flatMap(({ scores }) => [...scores.values()].map(({ group }) => group)))];
  const dealt = dealFolds(groups, { folds, seed: foldSeed });
  if (dealt === null) return null;
  let sum = 0;
  let count = 0;
  for (let fold = 0; fold < dealt.count; fold++) {
    const inFold = (group: string): boolean => dealt.foldOf.get(group) === fold;
    const chosen = choosePrompt(tried, (group) => !inFold(group));
    for (const { value, group } of chosen?.scores.values() ?? [])
      if (inFold(group)) {
        sum += value;
        count++;
      }
  }
  return count === 0 ? null : sum / count;
}

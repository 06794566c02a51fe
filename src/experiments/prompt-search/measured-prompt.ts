import { clusterLayout, differenceInterval } from '../../evaluation/index.ts';
import type { PromptSettings } from './prompt-settings.ts';

/** Settings with what they scored on the samples of a split. */
export interface MeasuredPrompt {
  readonly settings: PromptSettings;
  readonly run: string;
  /** Value and group by sample; a sample without a value is not there. */
  readonly scores: ReadonlyMap<string, { readonly value: number; readonly group: string }>;
  /** Mean tokens of a prompt, as the model counted them. */
  readonly inputTokens: number;
  /** Null where it is not known. */
  readonly costPer1000Usd: number | null;
}

/** A paired difference of means, clustered by group. */
export interface PairedDifference {
  readonly samples: number;
  readonly difference: number;
  readonly standardError: number;
  /** At .95, for this pair alone. */
  readonly low: number;
  readonly high: number;
}

/** `first` minus `second` on the samples that both have a value for; null where they share none. */
export function pairedDifference(
  first: MeasuredPrompt['scores'],
  second: MeasuredPrompt['scores'],
): PairedDifference | null {
  const differences: number[] = [];
  const groups: string[] = [];
  for (const [sample, { value, group }] of first) {
    const other = second.get(sample);
    if (!other) continue;
    differences.push(value - other.value);
    groups.push(group);
  }
  if (differences.length === 0) return null;
  const layout = clusterLayout(groups);
  const difference = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const { low, high } = differenceInterval(differences, layout, 0.025);
  return {
    samples: differences.length,
    difference,
    standardError: clusteredError(differences, groups, difference),
    low,
    high,
  };
}

/** Mean over the samples that `within` lets through; null where there is none. */
export function meanScore(
  scores: MeasuredPrompt['scores'],
  within: (group: string) => boolean = () => true,
): number | null {
  const values = [...scores.values()].filter(({ group }) => within(group)).map(({ value }) => value);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of a mean by groups: sums of residuals of a group, with the C / (C - 1) correction; 0 for one group. */
function clusteredError(values: readonly number[], groups: readonly string[], mean: number): number {
  const residuals = new Map<string, number>();
  for (const [index, group] of groups.entries())
    residuals.set(group, (residuals.get(group) ?? 0) + values[index]! - mean);
  const count = residuals.size;
  if (count < 2) return 0;
  const squares = [...residuals.values()].reduce((sum, residual) => sum + residual * residual, 0);
  return Math.sqrt((count / (count - 1)) * squares) / values.length;
}

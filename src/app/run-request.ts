import type { WorkOptions } from '../core/index.ts';
import type { RunEstimate, SkippedVariant, SpendingOptions } from '../evaluation/index.ts';
import type { VariantConfig } from '../variants/index.ts';

/** What `eval run` asks for. */
export interface RunRequest extends WorkOptions, SpendingOptions<RunEstimate> {
  readonly dataset: string;
  readonly variants: readonly string[];
  /** Variants that the config does not name, such as the tries of a search, by name. */
  readonly made?: Readonly<Record<string, VariantConfig>> | undefined;
  readonly split?: string | undefined;
  readonly sample?: number | undefined;
  readonly concurrency?: number | undefined;
  /** Answers to each sample, 1 by default. */
  readonly repeats?: number | undefined;
  readonly firstRepetition?: number | undefined;
  /** Optional scorers beside the default ones. */
  readonly metrics?: readonly string[] | undefined;
  /** These scorers in place of the default ones. */
  readonly onlyMetrics?: readonly string[] | undefined;
  /** Leaves out samples that a variant learned from, in place of refusing; only where no figure comes of the run. */
  readonly leaveOutLearned?: boolean | undefined;
  readonly onSkipped?: ((skipped: SkippedVariant) => void) | undefined;
}

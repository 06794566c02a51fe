import type { UsageRecord } from './record-fields.ts';
import type { UsageRow } from './usage-row.ts';

/** Names of the formats, as `--format` takes them. */
export const usageFormatNames = [
  'openai-usage',
  'anthropic-usage',
  'langfuse',
  'otlp',
  'litellm',
  'openai-logs',
  'csv',
] as const;
export type UsageFormatName = (typeof usageFormatNames)[number];

/** A published shape of usage. */
export interface UsageFormat {
  readonly name: UsageFormatName;
  /** What it is, for a list of formats. */
  readonly title: string;
  recognises(record: UsageRecord): boolean;
  /**
   * Rows of a record; empty for a record without usage, such as a span that is no model call. Throws `RecordProblem` for
   * one that cannot be read.
   */
  read(record: UsageRecord): readonly UsageRow[];
}

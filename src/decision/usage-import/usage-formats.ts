import { anthropicUsage } from './formats/anthropic-usage.ts';
import { csvUsage, type UsageColumnMap } from './formats/csv.ts';
import { langfuse } from './formats/langfuse.ts';
import { litellm } from './formats/litellm.ts';
import { openAiLogs } from './formats/openai-logs.ts';
import { openAiUsage } from './formats/openai-usage.ts';
import { otlp } from './formats/otlp.ts';
import type { UsageFormat } from './usage-format.ts';

/** All formats, the most telling shapes first: what one recognises is not offered to the next. */
export function usageFormats(map?: UsageColumnMap): readonly UsageFormat[] {
  return [openAiUsage, anthropicUsage, otlp, langfuse, litellm, openAiLogs, csvUsage(map)];
}

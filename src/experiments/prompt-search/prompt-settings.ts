import { z } from 'zod';

const tokens = z.number().int().min(1).max(64);

/** What a prompt search changes about a variant. */
export const promptSettingsSchema = z.strictObject({
  /** Name of the instructions; `as it is` are those that the variant has. */
  instructions: z.string(),
  /** Few-shot samples from the train split; null for none. */
  fewShot: z.strictObject({ k: tokens, choose: z.enum(['fixed', 'keyword', 'embedding']) }).nullable(),
  /** Whether decoding is held to a schema. */
  structured: z.boolean(),
});
export type PromptSettings = z.infer<typeof promptSettingsSchema>;

/** What may be chosen, dimension by dimension. */
export interface SearchSpace {
  /** Names of instructions. */
  readonly instructions: readonly string[];
  readonly fewShot: readonly PromptSettings['fewShot'][];
  readonly structured: readonly boolean[];
}

/** Dimensions in the order in which they are searched: what costs no token first. */
export const dimensions = ['structured', 'instructions', 'fewShot'] as const;
export type Dimension = (typeof dimensions)[number];

/** The settings that differ from `from` in one dimension only. */
export function alternatives(
  from: PromptSettings,
  dimension: Dimension,
  space: SearchSpace,
): PromptSettings[] {
  return space[dimension]
    .filter((value) => JSON.stringify(value) !== JSON.stringify(from[dimension]))
    .map((value) => ({ ...from, [dimension]: value }));
}

/** A name that a person reads, and that tells settings apart. */
export function nameSettings({ instructions, fewShot, structured }: PromptSettings): string {
  const shown = fewShot === null ? 'no few-shot' : `${fewShot.k} few-shot ${fewShot.choose}`;
  return `${instructions}, ${shown}${structured ? ', by schema' : ''}`;
}

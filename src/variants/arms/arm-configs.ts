import type { VariantConfig } from '../config.ts';
import { answersInWords } from '../kind-of.ts';
import type { FewShotSample } from '../readers/few-shot-turns.ts';

/**
 * Arms of an attribution, in the order of a report. Beside the variant itself: no passages and forced to answer; the
 * gold evidence among far passages; among the retrieved ones; among far ones with few-shot samples and a structured
 * answer; and a placebo. All prompts with passages have the length that the variant's own has.
 */
export const armNames = ['no-context', 'gold', 'gold-distractors', 'gold-few-shot', 'placebo'] as const;
export type ArmName = (typeof armNames)[number];

/** An arm of a variant: its config, or why there is none. */
export type ArmPlan =
  | { readonly arm: ArmName; readonly config: VariantConfig }
  | { readonly arm: ArmName; readonly absent: string };

/** What the arms of a variant are made with. */
export interface ArmOptions {
  /** From samples that are not evaluated; without any there is no arm that shows some. */
  readonly fewShot: readonly FewShotSample[];
  /** Draws the order of passages and the place of the gold among them. */
  readonly seed: number;
}

/**
 * Configs of the arms of a variant that reads the corpus; null for one that does not, or that is diagnostic itself.
 * An external pipeline has none here: what it reads cannot be changed from outside.
 */
export function armConfigs(config: VariantConfig, { fewShot, seed }: ArmOptions): ArmPlan[] | null {
  if (!answersInWords(config) || config.evidence !== undefined || config.shufflePassages !== undefined)
    return null;
  const placebo: ArmPlan = { arm: 'placebo', config: { ...config, shufflePassages: seed } };
  if (config.reader === 'extract')
    return [
      { arm: 'no-context', absent: 'extract quotes passages and has nothing to say without any' },
      { arm: 'gold', config: { ...config, evidence: 'oracle' } },
      { arm: 'gold-distractors', config: { ...config, evidence: { gold: true, fill: 'near', seed } } },
      { arm: 'gold-few-shot', absent: 'extract takes no few-shot samples' },
      placebo,
    ];
  if (!config.retriever) return null;
  const { retriever: _retriever, instructions: _instructions, refusal: _refusal, ...closed } = config;
  const gold = (fill: 'near' | 'far'): VariantConfig => ({
    ...config,
    evidence: { gold: true, fill, seed },
  });
  return [
    { arm: 'no-context', config: { ...closed, forceAnswer: true } },
    { arm: 'gold', config: gold('far') },
    { arm: 'gold-distractors', config: gold('near') },
    fewShot.length === 0
      ? {
          arm: 'gold-few-shot',
          absent: 'there is no sample with a reference in the split "train" to show as few-shot',
        }
      : {
          arm: 'gold-few-shot',
          config: {
            ...gold('far'),
            fewShot: {
              ...config.fewShot,
              samples: [...(config.fewShot?.samples ?? []), ...fewShot].slice(0, 20),
            },
            structured: true,
          } as VariantConfig,
        },
    placebo,
  ];
}

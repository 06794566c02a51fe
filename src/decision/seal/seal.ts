import { z } from 'zod';
import { contentHash, FulcrumError } from '../../core/index.ts';

/** What is fixed before the test samples are opened. */
export const sealContentSchema = z.strictObject({
  version: z.literal(1),
  metric: z.string(),
  bar: z.number(),
  /** Null where the margin comes from money. */
  margin: z.number().positive().nullable(),
  money: z.strictObject({ marginUsdPer1000: z.number(), wrongUsd: z.number() }).nullable(),
  confidence: z.number(),
  /** Seconds; null without a limit. */
  maxP95: z.number().nullable(),
  /** Requests a month. */
  volume: z.number(),
  /** Names of the variants, sorted. */
  arms: z.array(z.string()).min(1),
  /** Looks that will be taken, and how the error is spread over them. */
  plan: z.strictObject({ looks: z.number().int().positive(), spending: z.string() }),
  dataset: z.strictObject({ name: z.string(), hash: z.string() }),
  /** The split that is decided on. */
  split: z.literal('test'),
});
export type SealContent = z.infer<typeof sealContentSchema>;

/** A sealed decision. */
export interface Seal {
  /** Hash of the content. */
  readonly hash: string;
  readonly content: SealContent;
  /** ISO time. */
  readonly sealedAt: string;
}

export function sealHash(content: SealContent): string {
  return contentHash(content);
}

/** What a decision was asked and made on, to be held against a seal. */
export type SealedSettings = Omit<SealContent, 'version' | 'split' | 'plan'> & {
  readonly plan: { readonly looks: number; readonly spending: string } | null;
  /** Splits of the runs, null for all samples; empty where they are not told. */
  readonly splits: readonly (string | null)[];
};

/** What differs from the seal, one sentence each; empty where everything is as it was sealed. */
export function sealDifferences({ content }: Pick<Seal, 'content'>, settings: SealedSettings): string[] {
  const shown = (value: unknown): string => (value === null ? 'none' : JSON.stringify(value));
  const members = ['metric', 'bar', 'margin', 'money', 'confidence', 'maxP95', 'volume', 'plan'] as const;
  const differing: string[] = members
    .filter((name) => contentHash(content[name] ?? null) !== contentHash(settings[name] ?? null))
    .map((name) => `${name} is ${shown(settings[name])}, sealed was ${shown(content[name])}`);
  if (content.dataset.hash !== settings.dataset.hash)
    differing.push(
      `the dataset is ${settings.dataset.name} (${settings.dataset.hash.slice(0, 12)}), sealed was ${content.dataset.name} (${content.dataset.hash.slice(0, 12)})`,
    );
  for (const split of new Set(settings.splits))
    if (split !== content.split)
      differing.push(`a run on ${split ?? 'all samples'}, sealed was ${content.split}`);
  const missing = content.arms.filter((arm) => !settings.arms.includes(arm));
  const added = settings.arms.filter((arm) => !content.arms.includes(arm));
  if (missing.length > 0) differing.push(`without ${missing.join(', ')}, which was sealed`);
  if (added.length > 0) differing.push(`with ${added.join(', ')}, which was not sealed`);
  return differing;
}

/** Throws `seal-broken` with everything that differs. */
export function requireSealed(seal: Pick<Seal, 'content'>, settings: SealedSettings): void {
  const problems = sealDifferences(seal, settings);
  if (problems.length > 0) throw new FulcrumError('seal-broken', { problems: `${problems.join('; ')}.` });
}

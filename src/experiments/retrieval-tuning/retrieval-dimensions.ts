import { z } from 'zod';

/** Dimensions that can be tuned, in the order in which they are searched unless the caller orders them. */
export const tuningDimensions = [
  'weight',
  'chunk-size',
  'neighbours',
  'k',
  'near-duplicates',
  'rerank',
] as const;
export type TuningDimension = (typeof tuningDimensions)[number];

/** Settings of search that can be tuned, one member for each dimension. */
export const tunedSettingsSchema = z.strictObject({
  /** Weight of the vector arm, 0 to 1. */
  weight: z.number().min(0).max(1),
  /** Upper size of a chunk in estimated tokens. */
  'chunk-size': z.number().int().positive(),
  /** Chunks that a hit grows by on each side. */
  neighbours: z.number().int().nonnegative(),
  /** Number of hits; null for as many as the token budget holds. */
  k: z.number().int().positive().nullable(),
  'near-duplicates': z.enum(['keep', 'collapse']),
  /** Model that orders the best hits anew; null for none. */
  rerank: z.string().nullable(),
});
export type TunedSettings = z.infer<typeof tunedSettingsSchema>;

/** Values of each dimension that is searched, in order of simplicity: the present value first. */
export type TuningSpace = {
  readonly [Name in TuningDimension]?: readonly TunedSettings[Name][] | undefined;
};

/** Steps of the fusion weight that are tried. */
const weights = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** What can be tried beside the present settings. */
export interface SpaceOptions {
  readonly present: TunedSettings;
  readonly dimensions: readonly TuningDimension[];
  readonly chunkSizes: readonly number[];
  /** Reranking models. */
  readonly rerankers: readonly string[];
}

/**
 * The values of the chosen dimensions. The present value is the simplest; then weights and chunk sizes come by their distance from
 * it (chunk sizes by ratio), neighbours and k with the fewest first, since they cost what they add.
 */
export function tuningSpace({ present, dimensions, chunkSizes, rerankers }: SpaceOptions): TuningSpace {
  const nearest = (values: readonly number[], from: number, distance: (a: number, b: number) => number) =>
    [...new Set(values)].sort((a, b) => distance(a, from) - distance(b, from) || a - b);
  const all: { readonly [Name in TuningDimension]: readonly TunedSettings[Name][] } = {
    weight: nearest(weights, present.weight, (a, b) => Math.round(Math.abs(a - b) * 1e9)),
    'chunk-size': nearest(chunkSizes, present['chunk-size'], (a, b) => Math.abs(Math.log(a / b))),
    neighbours: [0, 1, 2],
    k: [3, 5, 10, 20],
    'near-duplicates': ['keep', 'collapse'],
    rerank: [null, ...rerankers],
  };
  const firstOf = <Value>(first: Value, others: readonly Value[]): Value[] => [
    first,
    ...others.filter((value) => value !== first),
  ];
  return Object.fromEntries(
    dimensions.map((name) => [name, firstOf<unknown>(present[name], all[name])]),
  ) as TuningSpace;
}

/** The settings with another value in one dimension, in order of simplicity, the present value first. */
export function alternativesIn(
  settings: TunedSettings,
  dimension: TuningDimension,
  space: TuningSpace,
): TunedSettings[] {
  return (space[dimension] ?? []).map((value) => ({ ...settings, [dimension]: value }));
}

/** Tells settings apart. */
export function settingsKey(settings: TunedSettings): string {
  return JSON.stringify(tuningDimensions.map((name) => settings[name]));
}

/** Settings in words: those of the given dimensions. */
export function nameTunedSettings(settings: TunedSettings, dimensions: readonly TuningDimension[]): string {
  const words: { readonly [Name in TuningDimension]: string } = {
    weight: `weight ${settings.weight}`,
    'chunk-size': `chunks of ${settings['chunk-size']}`,
    neighbours: `${settings.neighbours} neighbours`,
    k: settings.k === null ? 'hits to the budget' : `k ${settings.k}`,
    'near-duplicates': `near-duplicates ${settings['near-duplicates']}`,
    rerank: settings.rerank === null ? 'no reranking' : `reranked by ${settings.rerank}`,
  };
  return dimensions.map((name) => words[name]).join(', ');
}

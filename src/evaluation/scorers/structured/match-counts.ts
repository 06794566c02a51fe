import { z } from 'zod';
import { type Score, scored, undefinedScore } from '../../../core/index.ts';
import type { CorpusCollector, CorpusFigure } from '../scorer.ts';

const counts = z.tuple([z.number(), z.number(), z.number()]);

/** What was found (in credit), what was predicted and what there was to find; whole, and by field or type. */
export const matchCountsSchema = z.object({
  matched: z.number(),
  predicted: z.number(),
  gold: z.number(),
  /** [matched, predicted, gold] by field or type; what a model invents beyond reason stands under `(other)`. */
  parts: z.record(z.string(), counts),
});
export type MatchCounts = z.infer<typeof matchCountsSchema>;

/** Fields or types that are not in the gold and yet keep their name in the counts of one sample. */
const mostInvented = 50;
const longestName = 100;
/** Fields or types of a corpus. */
const mostParts = 5000;

/** Adds the parts up. A model may invent names without end; a record may not. */
export function totalOf(parts: ReadonlyMap<string, [number, number, number]>): MatchCounts {
  const shown = new Map<string, [number, number, number]>();
  const total: [number, number, number] = [0, 0, 0];
  let invented = 0;
  for (const [name, sums] of parts) {
    add(total, sums);
    const named = sums[2] > 0 || (name.length <= longestName && ++invented <= mostInvented);
    const kept = shown.get(named ? name : '(other)') ?? [0, 0, 0];
    add(kept, sums);
    shown.set(named ? name : '(other)', kept);
  }
  const [matched, predicted, gold] = total;
  return { matched, predicted, gold, parts: Object.fromEntries(shown) };
}

export type MatchMeasure = 'f1' | 'precision' | 'recall';

/** The measure of one sample. Nothing to find and nothing predicted is an F1 of 1, as SQuAD v2 has it. */
export function scoreCounts(found: MatchCounts, measure: MatchMeasure): Score {
  const { matched, predicted, gold } = found;
  if (measure === 'precision' && predicted === 0) return undefinedScore('nothing-predicted', found);
  if (measure === 'recall' && gold === 0) return undefinedScore('nothing-to-find', found);
  return scored(ratio(matched, predicted, gold, measure) ?? 1, found);
}

/**
 * Micro precision, recall and F1 over all samples, macro F1 over the parts that the gold has, and F1 of each of them.
 * Samples whose output was invalid or refused count what was to be found in them as missed.
 */
export function collectCounts(name: string): CorpusCollector {
  const total: [number, number, number] = [0, 0, 0];
  const parts = new Map<string, [number, number, number]>();
  let samples = 0;
  return {
    add(score) {
      const found = score.status === 'error' ? undefined : matchCountsSchema.safeParse(score.detail).data;
      if (!found) return;
      samples++;
      add(total, [found.matched, found.predicted, found.gold]);
      for (const [part, values] of Object.entries(found.parts)) {
        // Names that no gold has are kept only while there are few of them.
        if (values[2] === 0 && !parts.has(part) && parts.size >= mostParts) continue;
        const sum = parts.get(part) ?? [0, 0, 0];
        add(sum, values);
        parts.set(part, sum);
      }
    },
    figures() {
      const figure = (label: string, value: number | null): CorpusFigure => ({
        name: `${name} ${label}`,
        value,
        samples,
      });
      const f1s = [...parts]
        .filter(([, [, , gold]]) => gold > 0)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([part, sums]) => [part, ratio(...sums, 'f1') ?? 0] as const);
      const macro = f1s.reduce((sum, [, f1]) => sum + f1, 0) / f1s.length;
      return [
        figure('micro precision', ratio(...total, 'precision')),
        figure('micro recall', ratio(...total, 'recall')),
        figure('micro F1', ratio(...total, 'f1')),
        figure('macro F1', f1s.length === 0 ? null : macro),
        ...f1s.map(([part, f1]) => figure(`F1 of ${part === '' ? 'the value' : part}`, f1)),
      ];
    },
  };
}

function ratio(matched: number, predicted: number, gold: number, measure: MatchMeasure): number | null {
  const [above, below] =
    measure === 'precision'
      ? [matched, predicted]
      : measure === 'recall'
        ? [matched, gold]
        : [2 * matched, predicted + gold];
  return below === 0 ? null : above / below;
}

function add(sum: [number, number, number], values: readonly [number, number, number]): void {
  for (const index of [0, 1, 2] as const) sum[index] += values[index];
}

import { z } from 'zod';
import { datasetFormats } from '../evaluation/index.ts';

// The JSON that the dataset commands print with --json.

const count = z.number().int().nonnegative();
const splitCounts = z.object({ train: count, dev: count, test: count });
/** Occurrences by the name of what a format could not hold. */
const lost = z.record(z.string(), z.number().int().positive());

/** `dataset import`. */
export const datasetImportOutputSchema = z.object({
  name: z.string(),
  hash: z.string(),
  samples: count,
  splits: z.record(z.string(), count),
  origin: z.string(),
  importedAt: z.string(),
  format: z.enum(datasetFormats),
  unchanged: z.boolean(),
  evidence: count,
  ambiguous: z.array(z.object({ sample: z.string(), document: z.string(), occurrences: count })),
  leftOut: count,
  /** Samples that count as answerable and of which nothing is known. */
  withoutGold: count,
  lost,
});

/** `dataset remove`. */
export const datasetRemoveOutputSchema = z.object({
  removed: z.string(),
  samples: count,
  /** Runs that were made on exactly these samples; they keep their scores. */
  runs: count,
});

/** `variants remove`. */
export const variantsRemoveOutputSchema = z.object({
  removed: z.string(),
  /** Runs of the variant; they keep their scores. */
  runs: count,
});

/** `dataset export`. */
export const datasetExportOutputSchema = z.object({
  format: z.enum(datasetFormats),
  path: z.string(),
  samples: count,
  lost,
  leftOut: count,
});

const frozenSchema = z.object({
  dataset: z.string(),
  hash: z.string(),
  method: z.record(z.string(), z.unknown()),
  frozenAt: z.string(),
});

/** `dataset split`. */
export const datasetSplitOutputSchema = z.object({
  counts: splitCounts,
  groups: count,
  strata: z.record(z.string(), splitCounts).optional(),
  reachingBack: count.optional(),
  frozen: frozenSchema,
});

/** `dataset looks`, and part of `dataset show`. */
export const datasetLooksOutputSchema = z.object({
  dataset: z.string(),
  frozen: frozenSchema.nullable(),
  looks: z.array(z.object({ reason: z.string(), detail: z.string(), samples: count, takenAt: z.string() })),
});

export {
  coverageReportSchema as datasetCoverageOutputSchema,
  leakageReportSchema as datasetCheckOutputSchema,
  powerPlanSchema as datasetPowerOutputSchema,
} from '../evaluation/index.ts';

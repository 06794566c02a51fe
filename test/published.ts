import { expect } from 'vitest';
import type { z } from 'zod';
import {
  datasetFactsClearedOutputSchema,
  datasetFactsOutputSchema,
  datasetGenerateOutputSchema,
  datasetHideGoldOutputSchema,
  datasetLabelOutputSchema,
  datasetReviewAppliedOutputSchema,
  datasetReviewOutputSchema,
  datasetReviewResultsOutputSchema,
  judgeCalibrateOutputSchema,
  judgeMutateOutputSchema,
  judgeNoiseOutputSchema,
  judgeOverruleOutputSchema,
  judgePairwiseOutputSchema,
  judgeShowOutputSchema,
  scorersListOutputSchema,
} from '../src/app/contracts.ts';
import type { Finished } from './cli.ts';

/** The published schema of what a ground-truth or judge command prints with --json; null for other commands. */
function schemaOf(args: readonly string[]): z.ZodType | null {
  const has = (flag: string): boolean => args.includes(flag);
  switch (args.slice(0, 2).join(' ')) {
    case 'dataset generate':
      return has('--from') ? datasetHideGoldOutputSchema : datasetGenerateOutputSchema;
    case 'dataset facts':
      return has('--clear') ? datasetFactsClearedOutputSchema : datasetFactsOutputSchema;
    case 'dataset review':
      if (has('--runs')) return datasetLabelOutputSchema;
      if (has('--apply')) return datasetReviewAppliedOutputSchema;
      return has('--results') ? datasetReviewResultsOutputSchema : datasetReviewOutputSchema;
    case 'judge calibrate':
      return judgeCalibrateOutputSchema;
    case 'judge noise':
      return judgeNoiseOutputSchema;
    case 'judge mutate':
      return judgeMutateOutputSchema;
    case 'judge pairwise':
      return judgePairwiseOutputSchema;
    case 'judge show':
      return judgeShowOutputSchema;
    case 'judge overrule':
      return judgeOverruleOutputSchema;
    case 'scorers list':
      return scorersListOutputSchema;
    default:
      return null;
  }
}

/** Expects that what a command printed with --json has the shape that is published, and no member beyond it. */
export function expectPublished<Done extends Finished>(args: readonly string[], finished: Done): Done {
  const schema = finished.code === 0 && args.includes('--json') ? schemaOf(args) : null;
  if (schema) expect(schema.parse(finished.json()), args.join(' ')).toEqual(finished.json());
  return finished;
}

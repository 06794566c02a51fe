import { z } from 'zod';
import { sampleSchema, usageSchema } from '../core/index.ts';
import { foundBands, gateNames, questionKinds } from '../evaluation/index.ts';

// The JSON that `dataset generate`, `dataset facts` and `dataset review` print with --json.

const count = z.number().int().nonnegative();
/** Occurrences by name; a name that was not met is absent. */
const counts = z.record(z.string(), z.number().int().positive());
/** Null where a price is unknown. */
const usd = z.number().nonnegative().nullable();

const summarySchema = z.object({
  name: z.string(),
  hash: z.string(),
  samples: count,
  splits: z.record(z.string(), count),
  origin: z.string(),
  importedAt: z.string(),
});

const hiddenSchema = z.object({ made: count, answeredElsewhere: count, withoutGold: count });
const partSchema = z.object({ covered: count, total: count });

/** `dataset generate`. */
export const datasetGenerateOutputSchema = z.object({
  dataset: summarySchema,
  /** `provider/model`; null where questions were made by rule. */
  model: z.string().nullable(),
  wanted: count,
  made: count,
  candidates: count,
  /** No passage of the corpus is left to try. */
  exhausted: z.boolean(),
  /** Candidates by the reason why they became no question. */
  rejected: counts,
  gates: z.record(z.enum(gateNames), z.object({ passed: count, failed: count, unmeasured: count })),
  /** Questions by the rank by which search has found all their gold evidence. */
  found: z.record(z.enum(foundBands), count),
  coverage: z.object({
    documents: partSchema.extend({ read: count }),
    sections: partSchema,
    kinds: z.partialRecord(z.enum(questionKinds), z.object({ tried: count, made: count })),
    byDocument: z.array(z.object({ document: z.string(), questions: count, sections: partSchema })),
  }),
  /** Null without --hide-gold. */
  hidden: hiddenSchema.nullable(),
  usage: usageSchema,
  costUsd: usd,
  reusedCalls: count,
  limits: z.array(z.string()),
});

/** `dataset generate --from`. */
export const datasetHideGoldOutputSchema = z.object({ dataset: summarySchema, hidden: hiddenSchema });

/** `dataset facts`. */
export const datasetFactsOutputSchema = z.object({
  dataset: z.string(),
  /** `provider/model`, or `rule`. */
  proposer: z.string(),
  samples: count,
  proposed: count,
  facts: count,
  /** Samples, forms and facts that were taken out, by reason. */
  withoutProposal: counts,
  droppedForms: counts,
  rejectedFacts: counts,
  leftAlone: z.object({ unanswerable: count, unreferenced: count, having: count, decided: count }),
  usage: usageSchema,
  costUsd: usd,
  reusedCalls: count,
  limits: z.array(z.string()),
});

/** `dataset facts --clear`. */
export const datasetFactsClearedOutputSchema = z.object({ dataset: z.string(), cleared: count });

const evidenceViewSchema = z.object({
  document: z.string(),
  uri: z.string().nullable(),
  before: z.string(),
  quote: z.string(),
  after: z.string(),
  problem: z.enum(['document-missing', 'changed']).nullable(),
});

/** `dataset review`: how far a rater is, and what was asked for beside it. */
export const datasetReviewOutputSchema = z.object({
  dataset: z.string(),
  rater: z.string(),
  decided: count,
  total: count,
  open: count,
  /** Without another option: the open samples in the order of the rater. */
  queue: z
    .array(
      z.object({
        sample: sampleSchema,
        evidence: z.array(evidenceViewSchema),
        factsProposedBy: z.string().optional(),
      }),
    )
    .optional(),
  /** With --export. */
  path: z.string().optional(),
  lines: count.optional(),
  /** With --import: decisions that were taken. */
  decisions: count.optional(),
});

const agreementSchema = z.object({
  value: z.number().nullable(),
  /** 95 % interval of the value, clustered by group. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  items: count,
  reason: z.enum(['no-shared-items', 'one-category']).nullable(),
});
const measuredAgreementSchema = z.object({
  /** Krippendorff's alpha over all raters. */
  alpha: agreementSchema,
  /** Cohen's kappa of every two. */
  pairs: z.array(
    agreementSchema.extend({ raters: z.tuple([z.string(), z.string()]), observed: z.number().nullable() }),
  ),
});

/** `dataset review --results`. */
export const datasetReviewResultsOutputSchema = z.object({
  dataset: z.string(),
  samples: count,
  raters: z.array(z.object({ rater: z.string(), accept: count, edit: count, reject: count })),
  agreement: measuredAgreementSchema,
  suspects: z.array(
    z.object({
      sample: z.string(),
      reason: z.enum(['same-other-answer', 'all-refused', 'answered-though-unanswerable']),
      answer: z.string(),
    }),
  ),
  suspectedBy: z.array(z.string()),
});

/** `dataset review --apply`. */
export const datasetReviewAppliedOutputSchema = z.object({
  dataset: summarySchema,
  accepted: count,
  edited: count,
  rejected: count,
  disputed: z.array(z.string()),
  open: count,
});

const stratumSchema = z.object({ total: count, drawn: count });
const estimateSchema = z.object({
  mean: z.number().nullable(),
  standardError: z.number().nullable(),
  labels: count,
});

/** `dataset review --runs`: the queue of answers to label, and what was asked for beside it. */
export const datasetLabelOutputSchema = z.object({
  dataset: z.string(),
  rater: z.string(),
  strata: z.object({ disagreement: stratumSchema, random: stratumSchema }),
  unmatched: count,
  open: count,
  queue: z
    .array(
      z.object({
        sample: sampleSchema,
        stratum: z.enum(['disagreement', 'random']),
        inclusion: z.number().positive().max(1),
        answers: z.array(z.object({ key: z.string(), text: z.string(), refused: z.boolean() })),
      }),
    )
    .optional(),
  /** With --export or --labels. */
  path: z.string().optional(),
  lines: count.optional(),
  /** With --import: labels that were taken. */
  labels: count.optional(),
  /** With --results. */
  estimates: z
    .object({
      runs: z.array(estimateSchema.extend({ run: z.string(), variant: z.string() })),
      differences: z.array(estimateSchema.extend({ first: z.string(), second: z.string() })),
      unsure: count,
    })
    .optional(),
  agreement: measuredAgreementSchema.optional(),
});

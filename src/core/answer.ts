import { z } from 'zod';
import { costSchema, usageSchema } from './usage.ts';

/** What is known about the claim that a citation stands behind. */
export const claimStateSchema = z.enum(['quoted', 'supported', 'unverified']);
export type ClaimState = z.infer<typeof claimStateSchema>;

/** Where a person finds a quote: page, row and line count from 1; what is not known is absent. */
export const citationPlaceSchema = z.strictObject({
  page: z.number().int().positive().optional(),
  line: z.number().int().positive().optional(),
  row: z.number().int().positive().optional(),
  column: z.string().optional(),
  /** Headings above the quote, outermost first, joined by ` > `. */
  heading: z.string().optional(),
});
export type CitationPlace = z.infer<typeof citationPlaceSchema>;

/** What a claim says that its evidence lacks or denies, so that it cannot count as supported. */
export const supportFailureSchema = z.strictObject({
  kind: z.enum(['number', 'unit', 'identifier', 'name', 'negation']),
  /** As it stands in the claim; for a denial that the claim lacks, in the evidence. */
  found: z.string(),
});
export type SupportFailure = z.infer<typeof supportFailureSchema>;

/** What the check of a claim against its evidence found; see docs/citations.md for what a score is worth. */
export const claimSupportSchema = z.strictObject({
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  failures: z.array(supportFailureSchema).min(1).optional(),
});
export type ClaimSupport = z.infer<typeof claimSupportSchema>;

/** A verified quote: `quote` equals `[start, end)` of the canonical text of that document version. */
export const citationSchema = z.strictObject({
  /** Number shown in the answer as `[1]`. */
  marker: z.number().int().positive(),
  documentId: z.string(),
  /** sha256 of the canonical text that was quoted. */
  version: z.string(),
  uri: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  quote: z.string(),
  /** The weakest state among the claims that it stands behind. */
  state: claimStateSchema,
  /** Absent where nothing is known of it, and in answers of older versions. */
  place: citationPlaceSchema.optional(),
  /** Of the weakest claim that it stands behind; absent where nothing was checked. */
  support: claimSupportSchema.optional(),
});
export type Citation = z.infer<typeof citationSchema>;

/** A statement of an answer, as the half-open span `[start, end)` of its text, with what it cites. */
export const claimSchema = z.strictObject({
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  /** Markers of the citations that stand behind it; none where it cites nothing. */
  markers: z.array(z.number().int().positive()),
  state: claimStateSchema,
  /** Against the quotes that it cites together; absent where it cites nothing. */
  support: claimSupportSchema.optional(),
});
export type Claim = z.infer<typeof claimSchema>;

/** A quote that a notice points at: exact, as a citation is, whether or not the answer cites it. */
export const quotationSchema = citationSchema
  .pick({ documentId: true, version: true, uri: true, start: true, end: true, quote: true, place: true })
  .extend({ date: z.string().optional() });
export type Quotation = z.infer<typeof quotationSchema>;

/** What a reader of the answer should know beside it. */
export const answerNoticeSchema = z.discriminatedUnion('kind', [
  /** Two documents say different quantities of the same thing. */
  z.strictObject({ kind: z.literal('conflict'), quotes: z.tuple([quotationSchema, quotationSchema]) }),
  /** What was cited has a later edition among the documents that may be read. */
  z.strictObject({ kind: z.literal('outdated'), cited: quotationSchema, newer: quotationSchema }),
  /** Links or images in the model's text that stand nowhere in the evidence; they were taken out of the text. */
  z.strictObject({ kind: z.literal('links-removed'), targets: z.array(z.string()).min(1) }),
]);
export type AnswerNotice = z.infer<typeof answerNoticeSchema>;

/** Why a question was not answered. */
export const refusalReasonSchema = z.enum([
  /** Nothing in the corpus was near enough to the question. */
  'not-in-corpus',
  /** Nothing is indexed, or nothing this principal may read. */
  'no-documents',
  /** The model itself declined. */
  'model-declined',
  /** No class was probable enough. */
  'label-rejected',
]);
export const refusalSchema = z.strictObject({ reason: refusalReasonSchema, detail: z.string().optional() });
export type Refusal = z.infer<typeof refusalSchema>;

/** A passage that the variant had before it when it answered. `text` is present for external pipelines only. */
export const contextSchema = z.strictObject({
  documentId: z.string().nullable(),
  start: z.number().int().nonnegative().nullable(),
  end: z.number().int().nonnegative().nullable(),
  score: z.number().nullable(),
  text: z.string().optional(),
  /**
   * What a language model was shown of it: the number of its passage in the prompt and exact spans of the document;
   * null where nothing of it fitted or counted. Absent where it is not known, or nothing was shown to a model.
   */
  shown: z
    .strictObject({
      passage: z.number().int().positive(),
      spans: z.array(
        z.strictObject({ start: z.number().int().nonnegative(), end: z.number().int().positive() }),
      ),
    })
    .nullable()
    .optional(),
});
export type Context = z.infer<typeof contextSchema>;

/** What became of a provider of request-time context: its name, hash and time, never what it gave. */
export const requestContextRecordSchema = z.strictObject({
  provider: z.string(),
  /**
   * `given`: it gave a text. `empty`: there is nothing. `unavailable`: it failed, see `reason`. `not-allowed`: this
   * principal may not use it. `not-asked`: the request lacks a value that it needs.
   */
  status: z.enum(['given', 'empty', 'unavailable', 'not-allowed', 'not-asked']),
  /** When it was asked, ISO 8601. */
  at: z.string(),
  seconds: z.number().nonnegative(),
  reason: z.string().optional(),
  /** The document that citations name; it is kept nowhere. */
  documentId: z.string().optional(),
  /** sha256 of its text. */
  version: z.string().optional(),
});
export type RequestContextRecord = z.infer<typeof requestContextRecordSchema>;

/** What a variant gives back for one input. */
export const answerSchema = z.strictObject({
  answer: z.string(),
  citations: z.array(citationSchema),
  /** Citations that did not verify and were removed. */
  removedCitations: z.number().int().nonnegative(),
  refusal: refusalSchema.nullable(),
  contexts: z.array(contextSchema),
  usage: usageSchema,
  cost: costSchema,
  /** Wall-clock seconds from question to last word. */
  seconds: z.number().nonnegative(),
  /**
   * What of `usage` and `seconds` nobody measured: its figures stand for nothing then. Only pipelines of others leave
   * something out; absent where both are measured.
   */
  unmeasured: z
    .array(z.enum(['usage', 'seconds']))
    .min(1)
    .optional(),
  /** The variant's own confidence in [0, 1], or null where it has none. */
  confidence: z.number().min(0).max(1).nullable(),
  /** Of a classifier: the best class, its calibrated probability, and whether that was too low. */
  classification: z
    .strictObject({ label: z.string(), probability: z.number().min(0).max(1), rejected: z.boolean() })
    .optional(),
  /** Its statements in order; absent where nothing was cited or checked, and in answers of older versions. */
  claims: z.array(claimSchema).optional(),
  /** Absent where there is nothing to say. */
  notices: z.array(answerNoticeSchema).min(1).optional(),
  /** One for each provider of request-time context; absent where there is none. */
  requestContexts: z.array(requestContextRecordSchema).min(1).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

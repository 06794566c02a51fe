import { z } from 'zod';

const arm = z.enum(['keyword', 'vector', 'hybrid']);
const limit = z.number().int().min(1).max(50);

const members = {
  /** Weight of the vector arm in the fused score, 0 to 1. */
  vectorWeight: z.number().min(0).max(1),
  /** Chunks of the same document that a hit grows by on each side. */
  neighbours: z.number().int().min(0).max(20),
  /** Whether a hit grows to the section that it lies in. */
  parents: z.boolean(),
  /** Most estimated tokens of a hit that has grown. */
  expansionTokens: z.number().int().min(50).max(20_000),
  /** `collapse` keeps the best of hits that say the same. */
  nearDuplicates: z.enum(['keep', 'collapse']),
  /** Name of a reranker and how many of the best hits it orders; null for none. */
  rerank: z
    .strictObject({ model: z.string().min(1), top: z.number().int().min(2).max(100).default(20) })
    .nullable(),
};

/** `retrieval` of the config: how the project searches, unless a variant or a call says otherwise. */
export const retrievalConfigSchema = z.strictObject({
  ...members,
  vectorWeight: members.vectorWeight.default(0.8),
  /** A trained projection of queries, `tuned/ID` ("fulcrum tune run --provider heads --method query-projection"). */
  queryProjection: z
    .string()
    .regex(/^tuned\/\S+$/, 'a projection is named tuned/ID')
    .optional(),
  /** Hits that a variant reads where it does not say, 5 by default; `fulcrum search` has a number of its own. */
  limit: limit.optional(),
  neighbours: members.neighbours.optional(),
  parents: members.parents.optional(),
  expansionTokens: members.expansionTokens.optional(),
  nearDuplicates: members.nearDuplicates.optional(),
  rerank: members.rerank.optional(),
});

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** What documents may be found: each part narrows, none widens what the reader may see. */
export const searchFilterSchema = z.strictObject({
  sources: z.array(z.string().min(1)).min(1).optional(),
  /** One of the values for each key of the documents' metadata. */
  metadata: z.record(z.string().min(1), texts).optional(),
  /** Language tags; `en` also stands for `en-GB`. */
  languages: z.array(z.string().min(1)).min(1).optional(),
  /** First and last day, or instant, of documents' dates (ISO 8601). */
  from: z.iso
    .date()
    .or(z.iso.datetime({ offset: true }))
    .optional(),
  to: z.iso
    .date()
    .or(z.iso.datetime({ offset: true }))
    .optional(),
});

/** `retriever` of a variant: what differs from `retrieval` of the config. */
export const retrieverSettingsSchema = z.strictObject({
  ...z.strictObject(members).partial().shape,
  /** Hits whose sentences are considered, 5 by default. */
  limit: limit.optional(),
  /** Which arms are asked, `hybrid` by default. */
  arm: arm.optional(),
  filter: searchFilterSchema.optional(),
});

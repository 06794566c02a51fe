import { z } from 'zod';
import { contentHash } from '../../core/index.ts';

const surfaceSchema = z.strictObject({
  surface: z.string(),
  removed: z.number().int().nonnegative(),
  ids: z.array(z.string()).optional(),
});

/** What a deletion did. It holds no text of the documents: ids, hashes and counts only. */
export const receiptSchema = z.strictObject({
  format: z.literal('fulcrum-deletion-receipt-1'),
  id: z.string(),
  tenant: z.string(),
  requestedAt: z.string(),
  finishedAt: z.string(),
  /** Name of who asked for it, as the system has it. */
  requestedBy: z.string(),
  reason: z.string().nullable(),
  documents: z.array(
    z.strictObject({
      id: z.string(),
      /** sha256 of the canonical text of each state that was kept of it. */
      versions: z.array(z.string()),
    }),
  ),
  /** What was taken away, place by place. */
  removed: z.array(surfaceSchema),
  /** What looks like the document and is still there, with the reason. */
  kept: z.array(z.strictObject({ what: z.string(), why: z.string(), ids: z.array(z.string()).optional() })),
  /** Where texts of the document may lie that this program cannot reach. */
  outOfReach: z.array(z.string()),
  /** Models that were tuned on rows drawn from the documents. */
  tunedModels: z.array(z.string()),
  /** Hashes of passages, by a key that stays in the project: with it they can be looked for again. */
  passages: z.array(z.string()),
  /** sha256 of the canonical JSON of everything above. */
  hash: z.string(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Hash of a receipt without its own. */
export function receiptHash({ hash: _hash, ...content }: Omit<Receipt, 'hash'> & { hash?: string }): string {
  return contentHash(content);
}

import { z } from 'zod';
import { FulcrumError, readJsonLines, type Sample, suggest } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { differenceOf, type Review, reviewDecisionSchema, sampleHash } from './review.ts';
import { reviewItem, reviewQueue } from './review-queue.ts';

/** What is read of a line; other members are there for the reader. */
const reviewLineSchema = z.object({
  sample: z.string(),
  hash: z.string().optional(),
  decision: reviewDecisionSchema.nullish(),
  input: z.string().min(1).optional(),
  reference: z.string().optional(),
  facts: z.array(z.array(z.string().min(1)).min(1)).optional(),
  note: z.string().optional(),
});

/**
 * The open samples of a rater as JSON Lines: `decision` is to be filled in, `input`, `reference` and `facts` may be changed.
 * `factsProposedBy` stands where the facts are a proposal, with who made it.
 */
export async function exportReview(
  samples: readonly Sample[],
  reviews: readonly Review[],
  rater: string,
  readDocument: ReadDocument,
  proposedBy: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const lines: string[] = [];
  for (const sample of reviewQueue(samples, reviews, rater).open) {
    const { evidence, factsProposedBy } = await reviewItem(sample, readDocument, proposedBy);
    lines.push(
      `${JSON.stringify({
        sample: sample.id,
        decision: null,
        input: sample.input,
        reference: sample.reference ?? '',
        facts: sample.facts ?? [],
        ...(factsProposedBy === undefined ? {} : { factsProposedBy }),
        answerable: sample.answerable,
        evidence,
        note: '',
        hash: sampleHash(sample),
      })}\n`,
    );
  }
  return lines.join('');
}

/**
 * Reads decisions from JSON Lines; lines without a decision stay open. Throws `review-invalid` with the line of the first
 * problem: an unknown sample, one that has changed since, a decision that does not fit the changes, or one made twice.
 */
export async function importReview(
  path: string,
  samples: readonly Sample[],
  rater: string,
): Promise<Review[]> {
  const known = new Map(samples.map((sample) => [sample.id, sample]));
  const reviews = new Map<string, Review>();
  for await (const { number, value } of readJsonLines(path)) {
    const fail = (problem: string): FulcrumError =>
      new FulcrumError('review-invalid', { path, line: number, problem });
    const line = reviewLineSchema.safeParse(value);
    if (!line.success) {
      const issue = line.error.issues[0];
      throw fail(`"${issue?.path.join('.')}": ${issue?.message}`);
    }
    const { sample: id, hash, decision, note, ...given } = line.data;
    if (decision === undefined || decision === null) continue;
    const sample = known.get(id);
    if (!sample)
      throw fail(`there is no sample "${id}" in the dataset. ${suggest(id, [...known.keys()])}`.trim());
    if (hash !== undefined && hash !== sampleHash(sample))
      throw fail(
        `the sample "${id}" has changed since the file was written, or other facts were proposed for it`,
      );
    if (reviews.has(id)) throw fail(`the sample "${id}" was decided on in an earlier line already`);
    const edit = differenceOf(sample, given);
    if (decision === 'accept' && edit !== null)
      throw fail(`"accept" with a changed ${Object.keys(edit).join(' and ')}; write "edit"`);
    if (decision === 'edit' && edit === null) throw fail('"edit" without a change; write "accept"');
    reviews.set(id, {
      sample: id,
      rater,
      decision,
      edit: decision === 'edit' ? edit : null,
      note: note?.trim() ? note : null,
      sampleHash: sampleHash(sample),
    });
  }
  return [...reviews.values()];
}

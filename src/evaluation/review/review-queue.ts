import { type Sample, sha256 } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { type EvidenceView, showEvidence } from './evidence-in-context.ts';
import { type Review, sampleHash } from './review.ts';

/** A sample to be decided on, with its evidence in context. */
export interface ReviewItem {
  readonly sample: Sample;
  readonly evidence: readonly EvidenceView[];
  /** Model (or `rule`) whose proposal the facts are; they become part of the sample only when somebody accepts it. */
  readonly factsProposedBy?: string | undefined;
}

/** What is open for one rater. */
export interface ReviewQueue {
  /** In an order of the rater's own, so that tiredness does not fall on the same samples. */
  readonly open: readonly Sample[];
  /** Samples that this rater has decided on. */
  readonly decided: number;
  readonly total: number;
}

/**
 * Samples without a decision of this rater: those never seen first, those skipped last. Nothing of other raters' decisions
 * goes in. A decision on a sample that has changed since counts no longer.
 */
export function reviewQueue(
  samples: readonly Sample[],
  reviews: readonly Review[],
  rater: string,
): ReviewQueue {
  const own = new Map(
    currentReviews(samples, reviews)
      .filter((review) => review.rater === rater)
      .map((review) => [review.sample, review.decision]),
  );
  const place = (sample: Sample): string => sha256(`${rater}\n${sample.id}`);
  const open = samples
    .filter(({ id }) => (own.get(id) ?? 'skip') === 'skip')
    .sort((a, b) => Number(own.has(a.id)) - Number(own.has(b.id)) || (place(a) < place(b) ? -1 : 1));
  return { open, decided: samples.length - open.length, total: samples.length };
}

/** Reviews of samples as they stand now. */
export function currentReviews(samples: readonly Sample[], reviews: readonly Review[]): Review[] {
  const hashes = new Map(samples.map((sample) => [sample.id, sampleHash(sample)]));
  return reviews.filter((review) => hashes.get(review.sample) === review.sampleHash);
}

/** Puts evidence to a sample, and whose proposal its facts are where they are one. */
export async function reviewItem(
  sample: Sample,
  readDocument: ReadDocument,
  proposedBy: ReadonlyMap<string, string> = new Map(),
): Promise<ReviewItem> {
  const factsProposedBy = proposedBy.get(sample.id);
  return {
    sample,
    evidence: await showEvidence(sample, readDocument),
    ...(factsProposedBy === undefined ? {} : { factsProposedBy }),
  };
}

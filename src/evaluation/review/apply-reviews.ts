import { contentHash, type Sample } from '../../core/index.ts';
import { editSample, type Review } from './review.ts';
import { currentReviews } from './review-queue.ts';

/** What became of the samples of a dataset under review. */
export interface AppliedReviews {
  readonly samples: readonly Sample[];
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
  /** Samples on which raters differ, left out until one of them has the last word. */
  readonly disputed: readonly string[];
  /** Samples that nobody decided on. */
  readonly open: number;
}

/**
 * Samples that were accepted, or accepted after an edit, tagged `reviewed` (and `edited`). Where raters differ the sample is
 * left out and named; with `rater` only that one's word counts. Open samples are left out unless `keepOpen`, and are kept
 * without facts that are proposed only (`proposedBy`, by id).
 */
export function applyReviews(
  samples: readonly Sample[],
  reviews: readonly Review[],
  options: {
    rater?: string | undefined;
    keepOpen?: boolean | undefined;
    proposedBy?: ReadonlyMap<string, string> | undefined;
  } = {},
): AppliedReviews {
  const decisions = Map.groupBy(
    currentReviews(samples, reviews).filter(
      ({ rater, decision }) =>
        decision !== 'skip' && (options.rater === undefined || rater === options.rater),
    ),
    ({ sample }) => sample,
  );
  const counts = { accepted: 0, edited: 0, rejected: 0, open: 0 };
  const disputed: string[] = [];
  const kept: Sample[] = [];
  for (const sample of samples) {
    const [first, ...others] = decisions.get(sample.id) ?? [];
    if (!first) {
      counts.open++;
      if (options.keepOpen) kept.push(options.proposedBy?.has(sample.id) ? withoutFacts(sample) : sample);
      continue;
    }
    if (others.some((other) => outcome(other) !== outcome(first))) {
      disputed.push(sample.id);
      continue;
    }
    if (first.decision === 'reject') counts.rejected++;
    else if (first.decision === 'edit') {
      counts.edited++;
      kept.push(withTags(editSample(sample, first.edit ?? {}), ['reviewed', 'edited']));
    } else {
      counts.accepted++;
      kept.push(withTags(sample, ['reviewed']));
    }
  }
  return { samples: kept, ...counts, disputed };
}

function outcome({ decision, edit }: Review): string {
  return contentHash({ decision, edit });
}

function withoutFacts({ facts: _proposed, ...sample }: Sample): Sample {
  return sample;
}

function withTags(sample: Sample, tags: readonly string[]): Sample {
  return { ...sample, tags: [...new Set([...(sample.tags ?? []), ...tags])] };
}

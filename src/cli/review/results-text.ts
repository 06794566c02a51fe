import type { LabelingResults, ReviewResults } from '../../app/index.ts';
import type { Agreement, LabelEstimate, LabelQueue } from '../../evaluation/index.ts';
import { printable } from '../printable.ts';

/** Suspects that are named; `--json` has all. */
const shownSuspects = 20;

/** What came of the review of a dataset. */
export function resultsText(results: ReviewResults): string {
  const { dataset, samples, raters, suspects, suspectedBy } = results;
  const lines = raters.map(
    ({ rater, accept, edit, reject }) =>
      `${rater}: ${accept + edit + reject} of ${samples} decided (${accept} accepted, ${edit} edited, ${reject} rejected)`,
  );
  return [
    ...(lines.length > 0 ? lines : [`Nobody has decided on "${dataset}" yet.`]),
    ...agreementLines(results.agreement),
    suspectedBy.length < 2
      ? 'Label suspects: they need finished runs of two variants or more on this dataset.'
      : `Label suspects (${suspectedBy.join(', ')} agree with each other, not with the sample): ${suspects.length}`,
    ...suspects
      .slice(0, shownSuspects)
      .map(
        ({ sample, reason, answer }) =>
          `  ${sample}  ${reason}${answer === '' ? '' : `  "${printable(answer).replace(/\s+/g, ' ').slice(0, 100)}"`}`,
      ),
  ].join('\n');
}

/** What came of the labels of answers. */
export function labelingText({ strata }: LabelQueue, results: LabelingResults): string {
  const { estimates, agreement, open } = results;
  const { disagreement, random } = strata;
  return [
    `Answers differ on ${disagreement.total} of ${disagreement.total + random.total} samples; ${disagreement.drawn} and ${random.drawn} of the others are in the queue, ${open} open.`,
    ...estimates.runs.map(
      (estimate) => `${estimate.variant}: right ${estimateText(estimate)}  (run ${estimate.run})`,
    ),
    ...estimates.differences.map(
      (estimate) => `${estimate.first} - ${estimate.second}: ${estimateText(estimate)}`,
    ),
    'Weighted to all samples by stratum; ± is the standard error.',
    ...(estimates.unsure > 0 ? [`${estimates.unsure} labels are "unsure" and count as none.`] : []),
    ...agreementLines(agreement),
  ].join('\n');
}

function agreementLines({
  alpha,
  pairs,
}: {
  alpha: Agreement;
  pairs: readonly (Agreement & { raters: readonly [string, string] })[];
}): string[] {
  if (pairs.length === 0) return ['Agreement: needs a second rater (--rater NAME).'];
  return [
    ...pairs.map(
      ({ raters, ...kappa }) => `Cohen's kappa of ${raters.join(' and ')}: ${agreementText(kappa)}`,
    ),
    `Krippendorff's alpha (nominal): ${agreementText(alpha)}`,
  ];
}

function agreementText({ value, interval, items, reason }: Agreement): string {
  const why = reason === 'one-category' ? 'only one category was used' : 'nothing was rated twice';
  if (value === null) return `not defined, ${why} (${items} items)`;
  const bounds = interval === null ? '' : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  return `${value.toFixed(3)}${bounds} on ${items} items`;
}

function estimateText({ mean, standardError, labels }: LabelEstimate): string {
  if (mean === null) return `no number yet (${labels} labels)`;
  const error = standardError === null ? '± unknown' : `± ${standardError.toFixed(3)}`;
  return `${mean.toFixed(3)} ${error} from ${labels} labels`;
}

import { type ErrorEntry, entry } from './entry.ts';

/** Runs and comparisons of runs. */
export const runErrors = {
  'budget-exceeded': entry(
    'The run may cost up to {estimate} USD; the budget is {budget} USD.',
    'Raise --budget, take fewer samples (--sample), or answer yes at a terminal; nothing was spent.',
    { exit: 1, status: 402 },
  ),
  'nothing-scored': entry(
    'None of the {answers} answers of the run {run} has a score of {metric}.',
    '"fulcrum eval show {run}" tells why; name another --metric where the samples lack what this one needs.',
    { status: 422 },
  ),
  'budget-spent': entry(
    'The run {run} stopped after spending {spent} USD of a budget of {budget} USD: {done} of {total} answers are there.',
    'They are kept: "fulcrum eval show {run}" shows them. The same command with a higher --budget goes on where it stopped.',
    { status: 402, retryable: true },
  ),
  'budget-reached': entry(
    'Stopped after spending {spent} USD of a budget of {budget} USD: {work} is not finished.',
    'Every answer that was paid for is kept: the same command with a higher --budget goes on where it stopped.',
    { status: 402, retryable: true },
  ),
  'run-busy': entry(
    'Process {process} on {host} is asking "{variant}" about the dataset "{dataset}" since {since}; a second one would pay for the same answers again.',
    'Wait until it is done and run the command again: it uses the answers that are there. A process that was killed frees its work at once.',
    { status: 409, retryable: true },
  ),
  'sample-leaked': entry(
    'The variant "{variant}" learned from {count} of the samples that it would be tested on: {items}',
    'Evaluate another split, or give it samples of the train split that share neither id, text nor group with these.',
    { status: 409 },
  ),
  'run-not-repeatable': entry(
    'The run {run} cannot be run again: {problem}',
    'Start a new one with "fulcrum eval run".',
    { status: 409 },
  ),
  'run-unknown': entry('There is no run "{run}". {suggestion}', '"fulcrum eval list" shows the runs.', {
    status: 404,
  }),
  'looks-spent': entry(
    'This comparison was declared with {looks} looks and all of them are taken; this would be look {look}.',
    'Compare the samples of an earlier look again, or start a new comparison on samples that were not looked at.',
    { status: 409 },
  ),
  'looks-declared': entry(
    'The looks of this comparison cannot be declared now: {problem}',
    'Declare them with --looks at the first comparison, or leave --looks out.',
    { status: 409 },
  ),
  'sequence-changed': entry(
    '{count} samples that this sequence has counted have other scores now, "{sample}" for one.',
    'A sequence goes on with new samples only: compare without --sequential, or give the variant a new name.',
    { status: 409 },
  ),
  'sample-unknown': entry(
    'The run {run} has no sample "{sample}".',
    '"fulcrum eval export {run}" lists its samples.',
    { status: 404 },
  ),
  'run-mismatch': entry(
    'These runs cannot be compared: {problem}',
    'Compare runs of one dataset that share samples and the metric {metric}.',
    {},
  ),
} as const satisfies Record<string, ErrorEntry>;

import { type ErrorEntry, entry } from './entry.ts';

/** Tuning jobs and the providers that run them. */
export const tuningJobErrors = {
  'tuning-provider-unknown': entry(
    'There is no tuning provider "{provider}". {suggestion}',
    'The providers are heads, local and openai, and those under "tuning.providers" of the config.',
  ),
  'tuning-base-unknown': entry(
    'The provider "{provider}" cannot train on "{base}": {problem}',
    'Name another base with --base.',
  ),
  'tuning-job-unknown': entry(
    'There is no tuning job "{job}". {suggestion}',
    '"fulcrum tune jobs" lists them.',
    { status: 404 },
  ),
  'tuning-job-lost': entry(
    'The folder of the tuning job is gone: {folder}.',
    'Its rows and settings are kept: start it again with "fulcrum tune run".',
  ),
  'tuning-method-unsupported': entry(
    'The provider "{provider}" cannot do {method}; it can do {methods}.',
    'Choose another provider with --provider, or another --method.',
  ),
  'tuning-rows-too-few': entry(
    'There are {rows} rows to train on, and the provider "{provider}" takes no fewer than {minimum}.',
    'Add rows, or show them as few-shot samples (variant option "fewShot"), which needs no training.',
  ),
  'tuning-over-budget': entry(
    'The job would cost about ${estimate}, more than the ${limit} that --max-usd allows. Nothing was sent.',
    'Take fewer rows or epochs, or raise --max-usd.',
  ),
  'tuning-cost-unknown': entry(
    'The price of training {base} is not known, so --max-usd cannot be kept. Nothing was sent.',
    'Enter its price with "fulcrum prices add", or leave --max-usd out and confirm with --yes.',
  ),
  'tuning-not-resumable': entry(
    'The job "{job}" is {state}, and cannot be resumed.',
    '"fulcrum tune show {job}" says how it ended; "fulcrum tune run" starts a new one.',
  ),
  'tuning-not-portable': entry(
    'Jobs of "{provider}" cannot run from a folder on another machine.',
    'LoRA jobs can: --provider local --to FOLDER.',
  ),
  'tuning-pack-target': entry(
    'The folder {folder} holds something already.',
    'Name one that is empty or does not exist: the job is written into it whole.',
  ),
  'tuning-pack-other': entry(
    'The folder {folder} is not that of this job.',
    'Give the folder that "fulcrum tune run --to" wrote, with what the other machine left in it; "fulcrum tune jobs" lists the jobs.',
  ),
  'tuning-job-failed': entry('The tuning job {job} failed: {problem}', '{advice}'),
  'trainer-failed': entry(
    'The trainer stopped: {problem}',
    'What it printed is in output.log in the folder of the job ("fulcrum tune show"). Resume the job once the cause is gone.',
  ),
  'trainer-memory': entry(
    'The trainer ran out of memory: {problem}',
    'Lower --max-tokens or --own tokensAtOnce=512, or close other programs; then "fulcrum tune resume": nothing is lost.',
  ),
  'trainer-diverged': entry(
    'Training diverged: {problem}.',
    'Start again with half the learning rate (--learning-rate), and look at the rows with "fulcrum tune data check".',
  ),
  'trainer-data': entry(
    'The trainer cannot use the rows: {problem}.',
    '"fulcrum tune data check" names them.',
  ),
  'trainer-resume': entry(
    'The job cannot go on from its checkpoint: {problem}.',
    'Start it anew with "fulcrum tune run"; a checkpoint is never continued with other data, settings or packages.',
  ),
  'trainer-export': entry(
    'The adapter cannot be written: {problem}.',
    'Train on another base (docs/local-tuning.md).',
  ),
  'trainer-missing': entry(
    'The Python environment of the trainer is not there: {problem}.',
    'Run "fulcrum tune setup" once (docs/local-tuning.md says what it needs).',
  ),
  'trainer-setup-failed': entry(
    'The Python environment of the trainer could not be made: {problem}',
    'It needs Python 3.11 or newer or uv, 5 GB of disk and a package index (docs/local-tuning.md); nothing of it was kept.',
  ),
  'head-invalid': entry(
    '{path} is not a head that can be read: {problem}.',
    'Train it again with "fulcrum tune run --provider heads".',
  ),
  'head-other-embedding': entry(
    'This head was trained on vectors of {trained}, and the embedding model here is {given}, or another version of it.',
    'Set "embedding" in the config to the model that it was trained on, or train the head again.',
  ),
  'tuning-key-missing': entry(
    'The provider "{provider}" needs a key, and {variable} is not set.',
    'Set the environment variable {variable}. Nothing was sent.',
    { status: 401 },
  ),
  'tuning-key-rejected': entry(
    'The provider "{provider}" refuses the key: {problem}',
    'Check that the key is valid and may fine-tune. A job that runs already goes on there; look again with "fulcrum tune jobs" once the key works.',
    { status: 401 },
  ),
  'tuning-provider-unreachable': entry(
    'The provider "{provider}" could not be reached: {problem}',
    'Run "fulcrum tune jobs" or "fulcrum tune resume JOB" later: the job is found again by its id, and never started twice.',
    { status: 503, retryable: true },
  ),
  'tuning-provider-refused': entry(
    'The provider "{provider}" refuses the job: {problem}',
    'Correct what it names and start again. Nothing was trained.',
  ),
  'tuning-provider-lost': entry(
    'The provider "{provider}" does not know the job or file any more: {problem}',
    'Look into the account there; "fulcrum tune run" starts a new one.',
    { status: 404 },
  ),
  'tuning-vendor-failed': entry(
    'The job at "{provider}" failed: {problem}',
    '"fulcrum tune show JOB --events" has what it reported; "fulcrum tune data check" names rows that are not in order.',
  ),
} as const satisfies Record<string, ErrorEntry>;

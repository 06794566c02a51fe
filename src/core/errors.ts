import { distance } from 'fastest-levenshtein';

/** Data that a message template may name: `{key}`. Values are shown as given, so callers shorten long ones. */
export type ErrorData = Record<string, string | number | boolean | null | undefined>;

/** One entry of the error catalogue. */
export interface ErrorEntry {
  /** HTTP status that the server answers with. */
  readonly status: number;
  /** What was wrong and where; `{name}` is replaced by the data of the error. */
  readonly message: string;
  /** What the user can do about it. */
  readonly hint: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Exit status of the command line: 1 failed, 2 wrong usage. */
  readonly exit: 1 | 2;
}

/** Declares one catalogue entry; failures default to status 400, not retryable, exit status 1. */
function entry(
  message: string,
  hint: string,
  options: { status?: number; retryable?: boolean; exit?: 1 | 2 } = {},
): ErrorEntry {
  return {
    message,
    hint,
    status: options.status ?? 400,
    retryable: options.retryable ?? false,
    exit: options.exit ?? 1,
  };
}

/** Every failure that a user can see. The docs page `docs/errors.md` is generated from this table. */
export const errorCatalogue = {
  // usage and configuration
  usage: entry('{problem}', 'Run the command with --help to see its options.', { exit: 2 }),
  'project-not-found': entry(
    'No fulcrum.config.json, .ts or .js in {directory}.',
    'Run "fulcrum init {directory}" or name the project with --project DIR.',
    { exit: 2, status: 404 },
  ),
  'project-exists': entry('{directory} already holds {file}.', 'Edit that file, or choose another folder.', {
    exit: 2,
    status: 409,
  }),
  'config-invalid': entry('{file}: {problem}', 'Correct that entry; docs/configuration.md lists every key.', {
    exit: 2,
  }),
  'config-unreadable': entry(
    '{file} cannot be read: {problem}',
    'Check the syntax of the file and that it may be read.',
    { exit: 2 },
  ),
  'config-not-editable': entry(
    '{file} is a program, so it is not edited for you. Add these lines yourself:\n{lines}',
    'Paste the lines into the config, or use a fulcrum.config.json.',
    { exit: 2 },
  ),
  'node-too-old': entry(
    'Node {found} runs this; Fulcrum needs Node {needed}.',
    'Run "npm install" in the folder of Fulcrum so that its bundled Node is present, or install a newer Node.',
  ),
  // input files
  'file-not-found': entry(
    '{path} does not exist.',
    'Check the path; relative paths start at the project folder.',
    { status: 404 },
  ),
  'directory-not-found': entry(
    'The folder {path} does not exist.',
    'Check the path; relative paths start at the project folder.',
    { status: 404 },
  ),
  'file-unreadable': entry('{path} cannot be read: {problem}', 'Check the permissions of the file.', {}),
  'file-not-text': entry(
    '{path} is not UTF-8 text ({problem}).',
    'Convert the file to UTF-8, or leave it out with --glob.',
    { status: 415 },
  ),
  'file-too-large': entry(
    '{path} has {bytes} bytes; the limit is {limit}.',
    'Split the file, or leave it out with --glob.',
    { status: 413 },
  ),
  'record-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and run the command again; nothing was imported.',
  ),
  'document-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and sync again; the other documents were taken.',
  ),
  // storage
  'disk-full': entry(
    'The disk is full while writing {path}.',
    'Free some space and run the command again; what was committed is kept.',
    { status: 507, retryable: true },
  ),
  'database-corrupt': entry(
    'The database {path} is damaged: {problem}',
    'It was left untouched. Restore a copy, or move .fulcrum/ away and sync again.',
    { status: 500 },
  ),
  'database-newer': entry(
    'The database {path} was written by a newer Fulcrum (migration {migration} is unknown here).',
    'It was left untouched. Use that newer version.',
    { status: 500 },
  ),
  'database-busy': entry(
    'The database {path} stayed locked by another process for {seconds} s.',
    'Wait for the other process, then run the command again.',
    { status: 503, retryable: true },
  ),
  'project-locked': entry(
    'Another process ({holder}) is changing the index of this project.',
    'Wait until it has ended, then run the command again.',
    { status: 409, retryable: true },
  ),
  'index-damaged': entry(
    'The search index in {path} cannot be read: {problem}',
    'Run "fulcrum sync --rebuild"; the index is rebuilt from the database.',
    { status: 500 },
  ),
  // models
  'model-unknown': entry(
    'There is no model "{model}". {suggestion}',
    'Use PROVIDER/MODEL, for example {example}; "fulcrum models list" shows the local ones.',
    { exit: 2, status: 404 },
  ),
  'model-key-missing': entry(
    '{model} needs the environment variable {variable}.',
    'Set {variable}, or choose a local model.',
    { exit: 2, status: 401 },
  ),
  'model-key-rejected': entry(
    '{provider} rejected the key for {model}: {problem}',
    'Check {variable}; "fulcrum doctor" shows which keys are set.',
    { status: 401 },
  ),
  'model-unreachable': entry(
    '{model} cannot be reached: {problem}',
    'Check the network and the base URL, then run the command again; finished work is kept.',
    { status: 502, retryable: true },
  ),
  'model-rate-limited': entry(
    '{model} limits the rate of requests: {problem}',
    'Lower --concurrency or wait; finished work is kept.',
    { status: 429, retryable: true },
  ),
  'provider-down': entry(
    '{provider} has failed {failures} times in a row, last with: {problem}',
    'Run the command again when it works; finished work is kept.',
    { status: 503, retryable: true },
  ),
  'model-failed': entry(
    '{model} failed: {problem}',
    'Run the command again; if it stays, try another model.',
    { status: 502 },
  ),
  'model-file-unavailable': entry(
    'The files of {model} could be had from none of their sources: {problem}',
    'Connect to the network and run "fulcrum models pull {model}", or work without it: search then uses keywords only.',
    { status: 503, retryable: true },
  ),
  'model-file-corrupt': entry(
    '{path} does not have the expected sha256 ({expected}).',
    'It was removed; run the command again to fetch it anew.',
    { status: 500, retryable: true },
  ),
  'model-runtime-missing': entry(
    '{model} needs the package {package}, which is not installed.',
    'Run "npm install {package}".',
    { status: 501 },
  ),
  'model-context-exceeded': entry(
    '{model} takes {limit} tokens; the prompt has {tokens}.',
    'Lower the number of passages or choose a model with a longer context.',
  ),
  'embedding-mismatch': entry(
    'The index was embedded with {indexed}; the config names {configured}.',
    'Run "fulcrum sync" to embed the corpus again, or put the old model back in the config.',
    { status: 409 },
  ),
  // knowledge
  'source-unknown': entry(
    'There is no source "{source}". {suggestion}',
    '"fulcrum source list" shows the sources.',
    { exit: 2, status: 404 },
  ),
  'history-missing': entry(
    'There is no history of {directory}: {problem}.',
    'Half-life is read from the git history of the folder that a source of files names; clone it with its history.',
    { status: 404 },
  ),
  'source-ambiguous': entry(
    'The project has {count} sources; say which one.',
    'Add --source NAME: {names}.',
    { exit: 2 },
  ),
  'source-exists': entry(
    'There is already a source "{source}".',
    'Choose another name, or edit the config.',
    { exit: 2, status: 409 },
  ),
  'source-empty': entry('The project has no source.', 'Add one: fulcrum source add docs --files ./docs', {
    exit: 2,
  }),
  'document-unknown': entry(
    'There is no document "{document}". {suggestion}',
    '"fulcrum documents list" shows the documents.',
    { status: 404 },
  ),
  'document-duplicate': entry(
    'The id "{key}" of {uri} occurs more than once in its source; the first one counts.',
    'Give every document of a source an id of its own.',
    { status: 409 },
  ),
  'index-empty': entry('Nothing is indexed yet.', 'Run "fulcrum sync" first.', { status: 409 }),
  // datasets and evidence
  'dataset-unknown': entry(
    'There is no dataset "{dataset}". {suggestion}',
    'Import one: fulcrum dataset import PATH --name NAME',
    { status: 404 },
  ),
  'dataset-exists': entry(
    'There is already a dataset "{dataset}" with other samples.',
    'Choose another --name; a data set that runs refer to never changes.',
    { status: 409 },
  ),
  'dataset-empty': entry(
    '{path} holds no sample.',
    'Write one JSON object a line: {"id": "1", "input": "…"}; see docs/datasets.md.',
  ),
  'format-unclear': entry(
    'The format of {path} is not clear from its name and its first record.',
    'Name its format with --format: {formats}.',
    { exit: 2 },
  ),
  'columns-unmapped': entry(
    '{path}: {problem}. Its columns: {columns}.',
    'Say which column is what, for example --map input=question,reference=answer,label=category.',
    { exit: 2 },
  ),
  'dataset-frozen': entry(
    'The splits of the dataset "{dataset}" were frozen on {frozenAt} (hash {hash}); it cannot be changed.',
    'Work under another name; "fulcrum dataset show {dataset}" lists the looks at its test split.',
    { status: 409 },
  ),
  'split-missing': entry(
    'The dataset "{dataset}" has no {split} split.',
    'Split it first: fulcrum dataset split {dataset}.',
    { status: 409 },
  ),
  'split-impossible': entry(
    'The dataset "{dataset}" cannot be split so: {problem}',
    'Change the shares, the groups or the method; nothing was changed.',
  ),
  'traffic-unusable': entry('{path}: {problem}', 'Give one question a line or row; see docs/datasets.md.'),
  'evidence-not-found': entry(
    '{count} of {total} pieces of evidence are not in the corpus: {items}',
    'Sync the corpus first, or correct the quotes; nothing was imported.',
  ),
  'generation-empty': entry(
    'None of {candidates} candidates became a question: {reasons}.',
    'Try another --model, more --candidates, or no model at all; docs/ground-truth.md says what each reason means.',
    { status: 422 },
  ),
  'facts-not-needed': entry(
    'No sample of "{dataset}" waits for proposed facts: {unanswerable} are unanswerable, {unreferenced} have no reference, {having} have facts, {decided} were decided on in review.',
    'Give samples a reference first, or keep what was decided as a new dataset (fulcrum dataset review {dataset} --apply --as NEW) and propose facts for that.',
    { status: 422 },
  ),
  'plan-answers-invalid': entry(
    '{path}: {problem}',
    '"fulcrum plan --questions" lists the keys and what they may be.',
    { exit: 2 },
  ),
  'evidence-missing': entry(
    'No sample of "{dataset}" has evidence in a source of files, so there is nothing to follow.',
    'Give samples evidence ({"document": "SOURCE:PATH", "quote": "…"}); see docs/datasets.md.',
    { status: 422 },
  ),
  'gold-missing': entry(
    'No question of "{dataset}" can be asked with its gold hidden: {without} have no facts or no evidence, {elsewhere} are answered by other documents too.',
    'Give the questions facts and evidence; see docs/datasets.md.',
    { status: 422 },
  ),
  'review-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and import the file again; nothing was taken from it.',
  ),
  'review-empty': entry(
    'No sample of "{dataset}" is left: {open} undecided, {rejected} rejected, {disputed} in dispute between raters.',
    'Review it first (fulcrum dataset review {dataset}), or settle disputes under the name of a --rater whose word counts.',
    { status: 409 },
  ),
  'answers-missing': entry(
    'The run {run} holds no texts of answers, so they cannot be labelled.',
    'Label runs that were made here; a run from "eval import" keeps hashes only.',
    { status: 409 },
  ),
  // variants and runs
  'variant-unknown': entry(
    'There is no variant "{variant}". {suggestion}',
    '"fulcrum variants list" shows the variants.',
    { exit: 2, status: 404 },
  ),
  'prompt-missing': entry(
    '"{variant}" has no prompt to search: it is not a model with instructions.',
    'Name a variant of the reader "generate"; "fulcrum variants list" shows them.',
    { exit: 2 },
  ),
  'variant-exists': entry(
    'There is already a variant "{variant}".',
    'Choose another name, or edit the config.',
    { exit: 2, status: 409 },
  ),
  'cascade-circular': entry(
    'The cascade "{variant}" leads back to itself: {path}.',
    'Name two other variants as "first" and "then".',
    { exit: 2 },
  ),
  'cascade-without-confidence': entry(
    'The cascade "{variant}" cannot tell whether to ask its second variant: "{first}" answers without a confidence.',
    'Put a variant first that has one (extract, rag, or a pipeline that reports "confidence").',
  ),
  'variant-unsuitable': entry(
    'The failures of "{variant}" cannot be attributed: it reads no corpus, or is a diagnostic variant or a cascade.',
    'Name a variant with a retriever (extract, rag), or an external pipeline.',
    { exit: 2 },
  ),
  'external-failed': entry(
    'The external variant "{variant}" failed: {problem}',
    'Run its command or request by hand; the sample is counted as an error.',
    { status: 502, retryable: true },
  ),
  'external-unreachable': entry(
    'The external variant "{variant}" cannot be reached: {problem}',
    'Check that it runs and that its URL is right; the sample is counted as an error.',
    { status: 502, retryable: true },
  ),
  'external-rate-limited': entry(
    'The external variant "{variant}" limits the rate of requests: {problem}',
    'Set "limits" for its host in the config, lower --concurrency or wait; the sample is counted as an error.',
    { status: 429, retryable: true },
  ),
  'external-timeout': entry(
    'The external variant "{variant}" gave no answer within {seconds} s.',
    'Raise "timeoutSeconds" in its config; the sample is counted as an error.',
    { status: 504, retryable: true },
  ),
  'external-invalid': entry(
    'The external variant "{variant}" answered with something else than asked: {problem}',
    'It must answer {"answer": "…", "contexts"?: […], "costUsd"?: 0.01}; see docs/variants.md.',
    { status: 502 },
  ),
  'external-cannot-hide': entry(
    'The external variant "{variant}" reads its own documents, so none can be hidden from it for sample "{sample}".',
    'The sample is counted as an error; record the outputs of that pipeline without the document, or leave such samples out.',
    { status: 501 },
  ),
  'environment-missing': entry(
    '{place} needs the environment variable {variable}.',
    'Set {variable} and run the command again.',
    { exit: 2, status: 401 },
  ),
  'recording-incomplete': entry(
    'The recording of "{variant}" has no output for sample "{sample}".',
    'Add a line with that id to {path}.',
    { status: 404 },
  ),
  'budget-exceeded': entry(
    'The run may cost up to {estimate} USD; the budget is {budget} USD.',
    'Raise --budget, take fewer samples (--sample), or answer yes at a terminal; nothing was spent.',
    { exit: 1, status: 402 },
  ),
  'budget-spent': entry(
    'The run {run} stopped after spending {spent} USD of a budget of {budget} USD: {done} of {total} answers are there.',
    'They are kept: "fulcrum eval show {run}" shows them. The same command with a higher --budget goes on where it stopped.',
    { status: 402, retryable: true },
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
  'metric-unknown': entry('There is no metric "{metric}". {suggestion}', 'Known metrics: {known}.', {
    exit: 2,
  }),
  'scorer-invalid': entry(
    'The scorer "{scorer}" cannot work: {problem}',
    'Correct its entry in "scorers" of the config; docs/scorers.md says what each type takes.',
    { exit: 2 },
  ),
  'judge-failed': entry(
    'The judge "{judge}" gave no verdict ({reason}): {problem}',
    'The sample counts as an error, never as a score; docs/judges.md says what each reason means.',
    { status: 502 },
  ),
  'judge-unknown': entry(
    'There is no judge "{judge}". {suggestion}',
    'Name it under "judges" in the config, or use "lexical", which needs no model; see docs/judges.md.',
    { exit: 2, status: 404 },
  ),
  'labels-invalid': entry(
    '{path}, line {line}: {problem}',
    'Each line is {"sample": "…", "variant": "…", "label": true}; see docs/judges.md.',
  ),
  'labels-too-few': entry(
    'There are too few labels to calibrate the judge: {problem}',
    'Label at least 50 answers, a few dozen of them wrong ones; see docs/judges.md.',
    { status: 409 },
  ),
  'scores-invalid': entry(
    '{path}, line {line}: {problem}',
    'Each line is {"sample": "…", "variant": "…", "metric": "…", "value": 0.5}; see docs/comparison.md.',
  ),
  'output-invalid': entry(
    '{path}, line {line}: {problem}',
    'Each line is {"id": "1", "output": "…", "reference": "…"}; docs/metrics.md lists the other members.',
  ),
  'golden-invalid': entry(
    '{path} is not a file of golden vectors: {problem}',
    'It holds {"cases": [{"id", "metric", "params", "inputs", "expected"}]}; see docs/metrics.md.',
  ),
  'bar-missing': entry(
    'No quality bar is given.',
    'Add --bar B, the lowest mean of the primary metric that is good enough, or set decision.bar in the config.',
    { exit: 2 },
  ),
  // jobs and the rest
  'job-unknown': entry('There is no job "{job}".', '"fulcrum jobs list" shows the jobs.', { status: 404 }),
  cancelled: entry('Stopped on request.', 'Run the command again; it goes on where it was.', {
    status: 499,
    retryable: true,
  }),
  internal: entry(
    'Something in Fulcrum went wrong: {problem}',
    'This is a defect: please report it with the command and this message. FULCRUM_DEBUG=1 shows where it happened.',
    { status: 500 },
  ),
} as const satisfies Record<string, ErrorEntry>;

/** Code of an entry of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The only error that Fulcrum throws on purpose; built from the catalogue. */
export class FulcrumError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;
  readonly hint: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly exit: 1 | 2;

  constructor(code: ErrorCode, data: ErrorData = {}, options: { cause?: unknown } = {}) {
    const found: ErrorEntry = errorCatalogue[code];
    super(fill(found.message, data), options);
    this.name = 'FulcrumError';
    this.code = code;
    this.data = data;
    this.hint = fill(found.hint, data);
    this.status = found.status;
    this.retryable = found.retryable;
    this.exit = found.exit;
  }

  /** What `--json` and the server show of it. */
  toJSON(): { code: ErrorCode; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Replaces `{name}` by data; a name without data stays as written, so literal JSON in a hint survives. */
function fill(template: string, data: ErrorData): string {
  return template
    .replace(/\{(\w+)\}/g, (whole, name: string) => (name in data ? String(data[name] ?? '') : whole))
    .replace(/ +$/, '')
    .replace(/ {2,}/g, ' ');
}

/** Did-you-mean sentence for a misspelt name, or an empty string when nothing is near. */
export function suggest(wrong: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, edits: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.edits - b.edits)[0];
  if (near) return `Did you mean "${near.name}"?`;
  return known.length > 0 && known.length <= 8 ? `Known: ${known.join(', ')}.` : '';
}

/**
 * Turns anything thrown into a catalogue error. Errors of the operating system that a user can act on
 * (full disk, missing file, no permission) keep their meaning; everything else is `internal`.
 */
export function toFulcrumError(error: unknown): FulcrumError {
  if (error instanceof FulcrumError) return error;
  const known = error as { code?: string; path?: string; name?: string; message?: string; errcode?: number };
  const path = known?.path ?? 'a file of the project';
  const text = known?.message ?? String(error);
  if (known?.name === 'AbortError') return new FulcrumError('cancelled', {}, { cause: error });
  if (
    known?.code === 'ENOSPC' ||
    known?.errcode === 13 ||
    /No space left on device|database or disk is full/i.test(text)
  )
    return new FulcrumError('disk-full', { path }, { cause: error });
  if (known?.code === 'ENOENT') return new FulcrumError('file-not-found', { path }, { cause: error });
  if (known?.code === 'EACCES' || known?.code === 'EPERM')
    return new FulcrumError('file-unreadable', { path, problem: known.code }, { cause: error });
  return new FulcrumError('internal', { problem: text.split('\n')[0] ?? text }, { cause: error });
}

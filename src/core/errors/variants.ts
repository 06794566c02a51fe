import { type ErrorEntry, entry } from './entry.ts';

/** Variants and what answers for them. */
export const variantErrors = {
  'variant-unknown': entry(
    'There is no variant "{variant}". {suggestion}',
    '"fulcrum variants list" shows the variants.',
    { exit: 2, status: 404 },
  ),
  'conversation-invalid': entry(
    '{file} holds no conversation: {problem}.',
    'Write a JSON array, or one JSON object a line, of {"role": "user" or "assistant", "content": "…"}, oldest first, without the question itself.',
    { exit: 2 },
  ),
  'prompt-missing': entry(
    '"{variant}" has no prompt to search: it is not a model with instructions.',
    'Name a variant of the reader "generate"; "fulcrum variants list" shows them.',
    { exit: 2 },
  ),
  'confidence-missing': entry(
    '"{variant}" gives no confidence with its answers, so nothing tells which of them to hold back.',
    'Name a variant that has one: extract, rag, or a pipeline that reports "confidence".',
    { exit: 2 },
  ),
  'variant-reads-elsewhere': entry(
    '"{variant}" reads documents of its own, so nothing can be planted among them.',
    'Name a variant that reads the corpus of the project: extract, rag.',
    { exit: 2 },
  ),
  'variant-exists': entry(
    'There is already a variant "{variant}".',
    'Choose another name, or edit the config.',
    { exit: 2, status: 409 },
  ),
  'variant-in-use': entry(
    'The variant "{variant}" is not removed: {problem}',
    'Change what refers to it first. Runs alone: --force removes it; they keep their scores, but cannot be run again or gone on with.',
    { status: 409 },
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
  'recording-invalid': entry(
    '{path}, line {line}: {problem}',
    'Each line is {"id": "SAMPLE", "answer": "…"} with contexts, costUsd, seconds, refused where known (docs/variants.md); correct the line and run the command again.',
  ),
  'recording-not-asked': entry(
    'The variant "{variant}" holds recorded answers to the samples of a dataset; it has none to a new question.',
    'Score them with "fulcrum eval run --dataset NAME --variants {variant}".',
    { exit: 2 },
  ),
  'recording-incomplete': entry(
    'The recording of "{variant}" has no output for sample "{sample}".',
    'Add a line with that id to {path}.',
    { status: 404 },
  ),
} as const satisfies Record<string, ErrorEntry>;

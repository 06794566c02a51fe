import { type ErrorEntry, entry } from './entry.ts';

/** Models and their providers. */
export const modelErrors = {
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
  'reranker-unknown': entry(
    'There is no reranking model "{reranker}". {suggestion}',
    'Name one under "rerankers" in the config.',
    { exit: 2, status: 404 },
  ),
  'embedding-mismatch': entry(
    'The index was embedded with {indexed}; the config names {configured}.',
    'Run "fulcrum sync" to embed the corpus again, or put the old model back in the config.',
    { status: 409 },
  ),
} as const satisfies Record<string, ErrorEntry>;

import { type ErrorEntry, entry } from './entry.ts';

/** Scorers, judges and scores. */
export const scoringErrors = {
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
} as const satisfies Record<string, ErrorEntry>;

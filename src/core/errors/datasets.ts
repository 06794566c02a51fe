import { type ErrorEntry, entry } from './entry.ts';

/** Datasets, their evidence and their review. */
export const datasetErrors = {
  'dataset-name-invalid': entry(
    '"{dataset}" cannot be the name of a dataset.',
    'Use letters, digits, ".", "_" and "-", at most 100, beginning with a letter or digit.',
    { status: 422 },
  ),
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
  'dataset-in-use': entry(
    'The dataset "{dataset}" is not removed: {problem}',
    'Change what refers to it first. Runs alone: --force removes it; they keep scores and answers, but their questions are no longer shown, and they cannot be run again.',
    { status: 409 },
  ),
  'dataset-empty': entry(
    '{path} holds no sample.',
    'Write one JSON object a line: {"id": "1", "input": "…"}; see docs/datasets.md.',
  ),
  'format-unclear': entry(
    'The format of {path} is not clear from its name and its first record.',
    'Write one JSON object a line (.jsonl), or name its format with --format: {formats}.',
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
    'Sync the corpus first ("fulcrum sync"), or correct the documents ("fulcrum documents list" shows their ids) and quotes; nothing was imported.',
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
  'tuning-evidence-missing': entry(
    'No question of "{dataset}" can tune search: {without} have no evidence, {outside} have evidence that is not in the index.',
    'Give questions evidence ({"document": "SOURCE:KEY", "quote": "…"}) outside the test split and sync its documents; see docs/tune-retrieval.md.',
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
  'calibration-one-sided': entry(
    'There are no {kind} questions among the answers, and the risk is asked for {share} unanswerable ones.',
    'Answerable questions need evidence and facts, so that their gold can be hidden ("fulcrum dataset check NAME"); or ask for another --unanswerable.',
    { status: 422 },
  ),
} as const satisfies Record<string, ErrorEntry>;

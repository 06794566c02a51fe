import { type ErrorEntry, entry } from './entry.ts';

/** Tuned models: registry, gates, access. */
export const tunedModelErrors = {
  'tuned-model-unknown': entry(
    'There is no tuned model "{model}". {suggestion}',
    '"fulcrum models tuned" shows them.',
    {
      status: 404,
    },
  ),
  'tuned-model-forbidden': entry(
    'The model "{model}" was trained on rows that {principal} may not read, and weights can repeat what they were trained on.',
    'Ask another variant, or tune a model on rows that all of its users may read.',
    { status: 403 },
  ),
  'tuned-model-damaged': entry(
    'The file {path} of the tuned model "{model}" is {problem}.',
    'Restore it from a backup, or train the model again: "fulcrum models show {model}" has everything that it was made of.',
  ),
  'tuned-model-unservable': entry(
    'The tuned model "{model}" cannot be asked here: {problem}.',
    'Serve the adapter with an OpenAI-compatible server and name it: fulcrum models serve-as {model} compatible/NAME/ADAPTER',
  ),
  'tuned-model-in-use': entry(
    'The tuned model "{model}" is {use}.',
    'Change that first, or archive the model: fulcrum models promote {model} --stage archived',
  ),
  'gates-not-passed': entry(
    'The model "{model}" cannot become {stage}: {problem}.',
    'Run "fulcrum tune gates {model}", or promote it all the same with --force REASON, which is recorded.',
  ),
} as const satisfies Record<string, ErrorEntry>;

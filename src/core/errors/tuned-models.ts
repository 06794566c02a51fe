import { type ErrorEntry, entry } from './entry.ts';

/** Tuned models: registry, gates, access. */
export const tunedModelErrors = {
  'tuned-model-unknown': entry(
    'There is no tuned model "{model}". {suggestion}',
    '"fulcrum models list --tuned" shows them.',
    {
      status: 404,
    },
  ),
} as const satisfies Record<string, ErrorEntry>;

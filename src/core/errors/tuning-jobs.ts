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
} as const satisfies Record<string, ErrorEntry>;

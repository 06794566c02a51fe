import { type ErrorEntry, entry } from './entry.ts';

/** Traces and what people say of them. */
export const monitoringErrors = {
  'trace-unknown': entry(
    'There is no trace "{trace}" that you may see.',
    'List yours: fulcrum traces list.',
    {
      status: 404,
    },
  ),
  'citation-unknown': entry(
    'The answer of trace "{trace}" has no citation [{citation}].',
    'Name a number that stands in the answer, or leave "citation" out.',
    { status: 404 },
  ),
} as const satisfies Record<string, ErrorEntry>;

import { type ErrorEntry, entry } from './entry.ts';

/** Jobs, and what can happen to any work. */
export const workErrors = {
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

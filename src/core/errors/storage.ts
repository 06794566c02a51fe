import { type ErrorEntry, entry } from './entry.ts';

/** Database, index and disk. */
export const storageErrors = {
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
  'project-readonly': entry(
    'This user may not write {path}: {problem}.',
    'Every command writes there, also one that only shows something. Give the user write access to .fulcrum/ and all in it, or run it as their owner.',
    { status: 403 },
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
} as const satisfies Record<string, ErrorEntry>;

import { type ErrorEntry, entry } from './entry.ts';

/** Input files. */
export const fileErrors = {
  'file-not-found': entry(
    '{path} does not exist.',
    'Check the path; relative paths start at the project folder.',
    { status: 404 },
  ),
  'directory-not-found': entry(
    'The folder {path} does not exist.',
    'Check the path; relative paths start at the project folder.',
    { status: 404 },
  ),
  'file-unreadable': entry('{path} cannot be read: {problem}', 'Check the permissions of the file.', {}),
  'file-not-text': entry(
    '{path} is not UTF-8 text ({problem}).',
    'Convert the file to UTF-8, or leave it out with --glob.',
    { status: 415 },
  ),
  'file-too-large': entry(
    '{path} has {bytes} bytes; the limit is {limit}.',
    'Split the file, or leave it out with --glob.',
    { status: 413 },
  ),
  'record-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and run the command again; nothing was imported.',
  ),
  'document-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and sync again; the other documents were taken.',
  ),
} as const satisfies Record<string, ErrorEntry>;

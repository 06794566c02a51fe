import { type ErrorEntry, entry } from './entry.ts';

/** Rows for tuning: import, checks, splits, export. */
export const tuningDataErrors = {
  'tuning-data-unknown': entry(
    'There is no tuning data "{data}". {suggestion}',
    '"fulcrum tune data list" shows what there is.',
    {
      status: 404,
    },
  ),
  'tuning-data-name-invalid': entry(
    '"{name}" cannot be the name of tuning data.',
    'A name has letters, digits, ".", "_" and "-", begins with a letter or digit and is at most 63 long.',
  ),
  'tuning-data-empty': entry('There is no row for "{data}".', 'Give a file that holds at least one row.'),
  'tuning-row-repeated': entry(
    'Two rows have the id "{row}".',
    'Give every row an id of its own, or leave the ids out: rows are then numbered by their line.',
  ),
  'tuning-format-unknown': entry(
    'There is no format "{format}" for rows. {suggestion}',
    'The formats are {formats}.',
  ),
  'tuning-split-impossible': entry(
    'The rows cannot be split: {problem}.',
    'Give more rows or groups, other shares (--test, --validation), or rows that say their split.',
  ),
  'tuning-data-frozen': entry(
    'The split of "{data}" is frozen, and "{row}" is on another side of it now.',
    'Keep the frozen test as it is: import under another name for another split.',
  ),
  'tuning-export-lossy': entry(
    'The row "{row}" cannot be written as {format}: {problem}.',
    'Take another format, or leave the row out with "fulcrum tune data fix".',
  ),
} as const satisfies Record<string, ErrorEntry>;

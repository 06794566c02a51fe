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
} as const satisfies Record<string, ErrorEntry>;

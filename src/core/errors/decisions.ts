import { type ErrorEntry, entry } from './entry.ts';

/** Deciding, sealing, and saved decisions. */
export const decisionErrors = {
  'decision-cost-unknown': entry(
    'The margin cannot come from money: the cost of "{variant}" is not known.',
    'Enter its price with --price VARIANT=USD (per 1,000 requests), leave it out, or give --margin.',
  ),
  'seal-late': entry(
    'A decision on "{dataset}" cannot be sealed any more: its test samples were seen ({count} looks), first on {first} by "{reason}".',
    'A seal is worth something only before anybody looks. Seal on a dataset whose test samples nobody has seen.',
    { exit: 2 },
  ),
  'seal-not-frozen': entry(
    'A decision on "{dataset}" cannot be sealed: its splits are not frozen, so nobody can tell who has seen its test samples.',
    'Freeze them with "fulcrum dataset split {dataset}", or, where there are runs on it, import the file under another name and freeze that; looks at the test samples are logged from then on.',
    { exit: 2 },
  ),
  'seal-unknown': entry('There is no seal "{seal}". {suggestion}', '"fulcrum decide seals" lists them.', {
    status: 404,
  }),
  'seal-broken': entry(
    'This is not what was sealed: {problems}',
    'Decide as it was sealed, or without --seal; then the result is not a sealed one.',
    { exit: 2 },
  ),
  'bundle-invalid': entry(
    '{path} is not the bundle of a decision: {problem}',
    '"fulcrum decide --bundle FILE" writes one.',
    { status: 422 },
  ),
  'decision-unknown': entry(
    'There is no saved decision "{decision}". {suggestion}',
    'A decision from runs of a project is saved when it is made; "fulcrum decide check" without an id takes the newest.',
    { status: 404 },
  ),
} as const satisfies Record<string, ErrorEntry>;

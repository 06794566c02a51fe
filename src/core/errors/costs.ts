import { type ErrorEntry, entry } from './entry.ts';

/** Prices, imported usage and costs. */
export const costErrors = {
  'cost-invalid': entry(
    'The cost cannot be computed: {figure}: {problem}.',
    'Correct the figure; amounts are in USD, and docs/cost.md says what each one means.',
    { exit: 2 },
  ),
  'price-list-invalid': entry(
    'The price list {path} is not one: {problem}',
    'Fetch it again with "fulcrum prices update"; the format is that of the data file of genai-prices, version 2.',
    { status: 422 },
  ),
  'price-list-unreachable': entry(
    'The price list cannot be fetched from {url}: {problem}',
    'Check the network, or fetch the file elsewhere and use "fulcrum prices update --from FILE". The prices in use stay.',
    { status: 502, retryable: true },
  ),
  'price-list-older': entry(
    'The price list of {date} is older than the one in use, of {used}.',
    'Nothing was changed. If its day is wrong, give the right one with --date.',
    { status: 409 },
  ),
  'price-unknown': entry(
    'The config has no price of "{model}". {suggestion}',
    '"fulcrum prices list" shows the entered prices first.',
    { exit: 2, status: 404 },
  ),
  'price-currency': entry(
    '{what} is in {currency}; prices are in USD only.',
    'Convert it at a rate of your choice; Fulcrum knows no exchange rates.',
    { exit: 2 },
  ),
  'usage-format-unknown': entry(
    '{path} is in no known format of usage: {problem}',
    'Name it with --format, or map the columns of a table with --map; docs/prices.md lists the formats.',
    { status: 415 },
  ),
  'usage-none': entry(
    '{path} holds no usage: {problem}',
    'Export requests or usage with their token counts; docs/prices.md lists what each format needs.',
    { status: 422 },
  ),
  'usage-invalid': entry(
    '{path}: none of its {records} records can be used. First, {place}: {problem}',
    'Correct the file, or choose another --format. Nothing was imported.',
    { status: 422 },
  ),
  'usage-record-too-long': entry(
    '{path}, {place}: longer than {limit} characters.',
    'Export one record a line, without the texts of prompts and answers. Nothing was imported.',
    { status: 413 },
  ),
  'usage-currencies': entry(
    '{path} mixes currencies: {currencies}.',
    'Export one currency at a time, in USD. Nothing was imported.',
    { status: 422 },
  ),
  'usage-unknown': entry(
    'There is no imported usage "{name}". {suggestion}',
    '"fulcrum cost usage list" shows them.',
    {
      status: 404,
    },
  ),
} as const satisfies Record<string, ErrorEntry>;

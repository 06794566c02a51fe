import type { Sample } from '../../../core/index.ts';
import type { FormatWritten } from './format.ts';
import { countLosses } from './losses-of.ts';
import { createLossCounter } from './lost-fields.ts';

const columns = [
  'id',
  'input',
  'reference',
  'references',
  'facts',
  'mustNot',
  'maxWords',
  'answerable',
  'label',
  'evidence',
  'group',
  'tags',
  'hiddenDocuments',
  'split',
] as const;

/**
 * Samples as a table with a heading line; lists are JSON arrays in their cell. Only the columns that any sample has a
 * value for are written, and always `id` and `input`. Empty text is written as an empty cell, which is read as none.
 */
export function writeTable(samples: readonly Sample[], delimiter: string): FormatWritten {
  const lost = createLossCounter();
  for (const sample of samples) countLosses(sample, new Set(columns), lost);
  const used = columns.filter((column) => samples.some((sample) => cellOf(sample, column) !== ''));
  const write = function* (): Generator<string> {
    yield used.join(delimiter);
    for (const sample of samples)
      yield used.map((column) => quoted(cellOf(sample, column), delimiter)).join(delimiter);
  };
  return { files: [{ path: '', lines: write() }], lost: lost.report(), leftOut: 0 };
}

function cellOf(sample: Sample, column: (typeof columns)[number]): string {
  const value = sample[column];
  if (value === undefined) return '';
  if (column === 'answerable') return value === true ? '' : 'false';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** RFC 4180: quoted where the cell holds a delimiter, a quote, a line break or outer white space. */
function quoted(cell: string, delimiter: string): string {
  const plain = !cell.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(cell);
  return plain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

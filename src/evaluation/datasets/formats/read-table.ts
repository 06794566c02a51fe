import { FulcrumError, readTableRows } from '../../../core/index.ts';
import type { ReadSample } from '../read-samples.ts';
import { type ColumnMap, columnsRead, type MappableField } from './column-map.ts';
import type { FormatRead, FormatReadOptions } from './format.ts';
import { isRecord, readItems } from './json-items.ts';
import { createLossCounter } from './lost-fields.ts';
import { sampleFromFields, withoutAbsent } from './sample-from-fields.ts';

/**
 * Reads a table with a heading line: CSV, or another delimiter. Columns that are read as nothing are counted as lost.
 * The number of a record is that of its data row, from 1; messages name the line. Throws `columns-unmapped` and
 * `record-invalid`.
 */
export async function readTable(path: string, options: FormatReadOptions): Promise<FormatRead> {
  const lost = createLossCounter();
  const records: ReadSample[] = [];
  let leftOut = 0;
  let columns: ColumnMap | null = null;
  let headings: readonly string[] = [];
  for await (const { cells, line } of readTableRows(path, options)) {
    if (columns === null) {
      headings = refuseRepeated(cells, path);
      columns = onlyRows(columnsRead(headings, options.map ?? {}, path), options);
      continue;
    }
    const number = records.length + leftOut + 1;
    const values = Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? '']));
    if (options.asRows && isBlank(values[columns.input ?? ''])) {
      leftOut++;
      continue;
    }
    records.push({
      sample: sampleAt(values, columns, String(number), { path, line }),
      line: number,
    });
    const read = new Set(Object.values(columns));
    for (const heading of headings)
      if (!read.has(heading) && values[heading] !== '') lost.count(`column ${heading}`);
  }
  return { records, lost: lost.report(), leftOut };
}

/**
 * Reads objects of a JSON Lines or JSON file by a column map; a column is a key or a dotted path. Keys that are read as
 * nothing are counted as lost.
 */
export async function readMappedItems(path: string, options: FormatReadOptions): Promise<FormatRead> {
  const { map = {} } = options;
  const lost = createLossCounter();
  const records: ReadSample[] = [];
  let leftOut = 0;
  for await (const { number, value } of readItems(path)) {
    if (!isRecord(value))
      throw new FulcrumError('record-invalid', { path, line: number, problem: 'not an object' });
    const paths = Object.values(map).filter(
      (column) => !Object.hasOwn(value, column) && column.includes('.'),
    );
    const reached = Object.fromEntries(paths.map((column) => [column, atPath(value, column)]));
    const values = { ...value, ...reached };
    const optional = Object.values(map).filter((column) => !Object.hasOwn(values, column));
    const columns = onlyRows(columnsRead([...Object.keys(values), ...optional], map, path), options);
    if (options.asRows && isBlank(values[columns.input ?? ''])) {
      leftOut++;
      continue;
    }
    records.push({ sample: sampleAt(values, columns, String(number), { path, line: number }), line: number });
    const read = new Set(Object.values(columns).map((column) => column.split('.')[0]));
    for (const key of Object.keys(value))
      if (!read.has(key) && !(Object.values(columns) as string[]).includes(key)) lost.count(`key ${key}`);
  }
  return { records, lost: lost.report(), leftOut };
}

/** Without the columns that text alone has no use for. */
function onlyRows(columns: ColumnMap, { asRows }: FormatReadOptions): ColumnMap {
  if (!asRows) return columns;
  const { input, reference, label, group, time } = columns;
  return withoutAbsent({ input, reference, label, group, time }) as ColumnMap;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Value at a dotted path of an object; undefined where the path leads nowhere. */
export function atPath(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split('.'))
    found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

function sampleAt(
  values: Readonly<Record<string, unknown>>,
  columns: ColumnMap,
  defaultId: string,
  place: { path: string; line: number },
): ReadSample['sample'] {
  const fields = Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, values[column]]),
  ) as Partial<Record<MappableField, unknown>>;
  const read = sampleFromFields(fields, defaultId);
  if ('sample' in read) return read.sample;
  throw new FulcrumError('record-invalid', { ...place, problem: read.problem });
}

function refuseRepeated(cells: readonly string[], path: string): string[] {
  const headings = cells.map((cell) => cell.trim());
  const repeated = headings.find((heading, index) => headings.indexOf(heading) !== index);
  if (repeated !== undefined)
    throw new FulcrumError('record-invalid', {
      path,
      line: 1,
      problem: `the heading "${repeated}" stands there twice`,
    });
  return headings;
}

import { basename } from 'node:path';
import { FulcrumError, readJsonLines, readTableRows, suggest } from '../../core/index.ts';
import { problemOf } from './formats/chat-messages.ts';
import { rowFormatNames, rowFormats } from './formats/formats.ts';
import { isObject, type RowFormat, type RowReadOptions } from './formats/row-format.ts';
import { type RowOrigin, type TuningRow, type TuningSplit, tuningRowSchema } from './tuning-row.ts';

export interface ReadRowsOptions extends RowReadOptions {
  /** One of `rowFormatNames`; by default told from the first record. */
  readonly format?: string | undefined;
  /** Of a table; a comma by default, a tab for `.tsv`. */
  readonly delimiter?: string | undefined;
  readonly split?: TuningSplit | undefined;
  readonly readers?: readonly string[] | undefined;
  readonly kind?: RowOrigin['kind'] | undefined;
  /** Stands before the id of each row, so that several files can be one set. */
  readonly idPrefix?: string | undefined;
  /** Told of a record that is no row; without it the first one ends the reading (`record-invalid`). */
  readonly onSkipped?: ((line: number, problem: string) => void) | undefined;
}

/**
 * Rows of a JSON Lines file or of a table (`.csv`, `.tsv`) as they are read, with their lines as origin. Throws `tuning-format-unknown`,
 * `record-invalid` with the line, and what reading the file throws.
 */
export async function* readRows(path: string, options: ReadRowsOptions = {}): AsyncGenerator<TuningRow> {
  let format: RowFormat | 'fulcrum' | null = options.format === undefined ? null : formatOf(options.format);
  for await (const { record, line } of records(path, options)) {
    format ??= detect(record, options, path, line);
    const outcome = read(format, record, options);
    if ('problem' in outcome) {
      if (!options.onSkipped)
        throw new FulcrumError('record-invalid', { path, line, problem: outcome.problem });
      options.onSkipped(line, outcome.problem);
      continue;
    }
    const prefix = options.idPrefix ?? '';
    const { id, ...row } = outcome.row;
    yield {
      ...row,
      id: `${prefix}${id ?? line}`,
      ...(options.schema && !row.schema && { schema: options.schema as TuningRow['schema'] }),
      ...(options.split && { split: options.split }),
      ...(options.readers && { readers: [...options.readers] }),
      origin: outcome.origin ?? { kind: options.kind ?? 'file', file: basename(path), line },
    };
  }
}

async function* records(
  path: string,
  { delimiter }: ReadRowsOptions,
): AsyncGenerator<{ record: Record<string, unknown>; line: number }> {
  if (!/\.[ct]sv$/i.test(path)) {
    for await (const { number, value } of readJsonLines(path)) {
      if (!isObject(value))
        throw new FulcrumError('record-invalid', { path, line: number, problem: 'not an object' });
      yield { record: value, line: number };
    }
    return;
  }
  let headings: string[] | null = null;
  for await (const { cells, line } of readTableRows(path, {
    delimiter: delimiter ?? (/\.tsv$/i.test(path) ? '\t' : ','),
  })) {
    if (headings === null) {
      headings = cells.map((cell) => cell.trim());
      continue;
    }
    yield {
      record: Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])),
      line,
    };
  }
}

type Outcome =
  | { row: Omit<TuningRow, 'id' | 'origin'> & { id?: string | undefined }; origin?: RowOrigin }
  | { problem: string };

function read(
  format: RowFormat | 'fulcrum',
  record: Readonly<Record<string, unknown>>,
  options: ReadRowsOptions,
): Outcome {
  if (format !== 'fulcrum') return format.read(record, options);
  const parsed = tuningRowSchema.safeParse(record);
  if (!parsed.success) return { problem: problemOf(parsed.error) };
  const { origin, ...row } = parsed.data;
  return { row, origin };
}

function formatOf(name: string): RowFormat | 'fulcrum' {
  if (name === 'fulcrum') return 'fulcrum';
  const found = rowFormats.find((format) => format.name === name);
  if (found) return found;
  throw new FulcrumError('tuning-format-unknown', {
    format: name,
    suggestion: suggest(name, [...rowFormatNames]),
    formats: rowFormatNames.join(', '),
  });
}

function detect(
  record: Readonly<Record<string, unknown>>,
  { fields, map }: ReadRowsOptions,
  path: string,
  line: number,
): RowFormat | 'fulcrum' {
  if (Array.isArray(record.messages) && isObject(record.origin)) return 'fulcrum';
  if (fields && fields.length > 0) return formatOf('extraction');
  if (map?.label) return formatOf('classification');
  if (map?.target) return formatOf('input-target');
  const found = rowFormats.find((format) => format.matches(record));
  if (found) return found;
  throw new FulcrumError('record-invalid', {
    path,
    line,
    problem: `its format was not recognised (keys: ${Object.keys(record).slice(0, 12).join(', ')}); name it with --format (${rowFormatNames.join(', ')}) or say what the columns are with --map input=COLUMN,label=COLUMN`,
  });
}

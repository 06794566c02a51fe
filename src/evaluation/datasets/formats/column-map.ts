import { FulcrumError, suggest } from '../../../core/index.ts';

/** What a column of a table can be read as: a member of a sample, or a part of one. */
export const mappableFields = [
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
  'document',
  'quote',
  'group',
  'tags',
  'hiddenDocuments',
  'split',
  'time',
] as const;

export type MappableField = (typeof mappableFields)[number];

/** Column (or dotted path of a JSON object) of each field that is read. */
export type ColumnMap = Readonly<Partial<Record<MappableField, string>>>;

/** Headings that are understood without being mapped, beside the names of the fields themselves. */
const otherHeadings: ReadonlyMap<string, MappableField> = new Map([
  ['question', 'input'],
  ['query', 'input'],
  ['user_input', 'input'],
  ['answer', 'reference'],
  ['ground_truth', 'reference'],
  ['expected_output', 'reference'],
]);

/** Reads `input=question,reference=answer`; a column name may hold anything but a comma. Throws `usage`. */
export function parseColumnMap(text: string): ColumnMap {
  const map: Partial<Record<MappableField, string>> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const field = part.slice(0, Math.max(at, 0)).trim();
    const column = part.slice(at + 1).trim();
    if (at < 0 || column === '')
      throw new FulcrumError('usage', {
        problem: `--map takes FIELD=COLUMN pairs with commas between, not "${part.trim()}".`,
      });
    if (!isMappable(field))
      throw new FulcrumError('usage', {
        problem: `--map: there is no field "${field}". ${suggest(field, mappableFields)} Fields: ${mappableFields.join(', ')}.`,
      });
    map[field] = column;
  }
  return map;
}

/**
 * The columns that are read of those there are: as mapped, else by their own names and the usual others (`question`,
 * `answer`). Throws `columns-unmapped` when a mapped column is not there or nothing is read as the input.
 */
export function columnsRead(columns: readonly string[], map: ColumnMap, path: string): ColumnMap {
  const missing = (column: string): FulcrumError =>
    new FulcrumError('columns-unmapped', {
      path,
      problem: `there is no column "${shown(column)}"`,
      columns: columns.map(shown).join(', ') || 'none',
    });
  const read: Partial<Record<MappableField, string>> = {};
  const mapped = new Set(Object.values(map));
  for (const column of columns) {
    const name = column.trim().toLowerCase();
    const field = mappableFields.find((each) => each.toLowerCase() === name) ?? otherHeadings.get(name);
    if (field && !mapped.has(column) && read[field] === undefined) read[field] = column;
  }
  for (const column of mapped) if (!columns.includes(column)) throw missing(column);
  Object.assign(read, map);
  if (read.input === undefined)
    throw new FulcrumError('columns-unmapped', {
      path,
      problem: `no column is read as the input${otherDelimiter(columns)}`,
      columns: columns.map(shown).join(', ') || 'none',
    });
  return read;
}

/** What to add where all headings stand in one column, as in tables that a spreadsheet parts by semicolons. */
function otherDelimiter([only = '', ...others]: readonly string[]): string {
  const found = [';', '\t', '|'].find((delimiter) => only.includes(delimiter));
  if (others.length > 0 || found === undefined) return '';
  return `; they look parted by ${found === '\t' ? 'tabs (--format tsv)' : `"${found}" (--delimiter "${found}")`}`;
}

function isMappable(name: string): name is MappableField {
  return (mappableFields as readonly string[]).includes(name);
}

function shown(column: string): string {
  return column.length > 40 ? `${column.slice(0, 40)}…` : column;
}

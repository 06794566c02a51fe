import type { TuningMessage, TuningSplit } from '../tuning-row.ts';
import {
  type ReadRecord,
  type RowDraft,
  type RowFormat,
  type RowReadOptions,
  textOf,
  valueAt,
} from './row-format.ts';

const headings = {
  input: ['input', 'text', 'question', 'query', 'utterance', 'sentence', 'prompt'],
  label: ['label', 'category', 'intent', 'class'],
  target: ['target', 'output', 'answer', 'reference', 'response', 'completion'],
} as const;

/** An input with the class that it belongs to; the last turn says the class. */
export const classification: RowFormat = {
  name: 'classification',
  description: 'an input and its label, in columns or keys',
  matches: (record) => named(record, 'input') !== undefined && named(record, 'label') !== undefined,
  read(record, options) {
    const input = field(record, 'input', options);
    const label = field(record, 'label', options);
    if (input === undefined) return missing('input', options, record);
    if (label === undefined) return missing('label', options, record);
    return finish(record, options, { input, target: label, label });
  },
};

/** An input with named values in it; the last turn is their JSON. */
export const extraction: RowFormat = {
  name: 'extraction',
  description: 'an input and columns (--fields) that become the members of a JSON answer',
  matches: () => false,
  read(record, options) {
    const input = field(record, 'input', options);
    if (input === undefined) return missing('input', options, record);
    const fields = options.fields ?? [];
    if (fields.length === 0) return { problem: 'name the columns of the answer with --fields' };
    const values = fields.flatMap((name) => {
      const value = valueAt(record, name);
      return value === undefined || value === null || value === ''
        ? []
        : [[name.split('.').at(-1)!, value] as const];
    });
    return finish(record, options, { input, target: JSON.stringify(Object.fromEntries(values)) });
  },
};

/** An input with what should be answered. */
export const inputTarget: RowFormat = {
  name: 'input-target',
  description: 'an input and its target, in columns or keys',
  matches: (record) => named(record, 'input') !== undefined && named(record, 'target') !== undefined,
  read(record, options) {
    const input = field(record, 'input', options);
    const target = field(record, 'target', options);
    if (input === undefined) return missing('input', options, record);
    if (target === undefined) return missing('target', options, record);
    return finish(record, options, { input, target });
  },
};

const splitNames: ReadonlyMap<string, TuningSplit> = new Map([
  ['train', 'train'],
  ['validation', 'validation'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
]);

function finish(
  record: Readonly<Record<string, unknown>>,
  options: RowReadOptions,
  { input, target, label }: { input: string; target: string; label?: string },
): ReadRecord {
  const messages: TuningMessage[] = [
    ...(options.instructions ? [{ role: 'system' as const, content: options.instructions }] : []),
    { role: 'user', content: input },
    { role: 'assistant', content: target },
  ];
  const text = (name: 'id' | 'group' | 'at' | 'teacher' | 'rejected'): string | undefined => {
    const column = options.map?.[name] ?? (name === 'id' || name === 'group' ? name : undefined);
    return column === undefined ? undefined : textOf(valueAt(record, column));
  };
  const written = textOf(valueAt(record, options.map?.split ?? 'split'));
  const split = written === undefined ? undefined : splitNames.get(written.toLowerCase());
  // A column of that name may be about something else, unless it was pointed at.
  if (written !== undefined && split === undefined && options.map?.split !== undefined)
    return { problem: `the split "${written.slice(0, 40)}" is none of train, validation and test` };
  const optional = {
    id: text('id'),
    group: text('group'),
    at: text('at'),
    teacher: text('teacher'),
    rejected: text('rejected'),
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    row: {
      messages,
      ...present,
      ...(label !== undefined && { label }),
      ...(split && { split }),
    } as RowDraft,
  };
}

function field(
  record: Readonly<Record<string, unknown>>,
  name: keyof typeof headings,
  { map }: RowReadOptions,
): string | undefined {
  const column = map?.[name] ?? named(record, name);
  return column === undefined ? undefined : textOf(valueAt(record, column));
}

/** The first heading that usually means a field. */
function named(record: Readonly<Record<string, unknown>>, name: keyof typeof headings): string | undefined {
  return headings[name].find((heading) => Object.hasOwn(record, heading));
}

function missing(
  name: keyof typeof headings,
  { map }: RowReadOptions,
  record: Readonly<Record<string, unknown>>,
): { problem: string } {
  const column = map?.[name] ?? named(record, name);
  if (column !== undefined) return { problem: `"${column}" is empty` };
  return {
    problem: `no column is the ${name}; there are ${Object.keys(record).slice(0, 12).join(', ')}. Say which with --map ${name}=COLUMN`,
  };
}

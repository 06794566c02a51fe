import { basename } from 'node:path';
import type { Project } from '../app/index.ts';
import { FulcrumError } from '../core/index.ts';
import type { RowField, TuningData, TuningRow, TuningSplit } from '../tuning/index.ts';
import type { CommandContext } from './command.ts';
import { inputPath } from './evaluation-command.ts';
import { splitOption } from './split-option.ts';

interface Flags {
  name: string;
  format?: string;
  map?: string;
  fields?: string;
  schema?: string;
  instructions?: string;
  delimiter?: string;
  split?: string;
  readers?: string;
  add?: boolean;
  skipInvalid?: boolean;
  dataset?: string;
  variant?: string;
  code?: string;
}

/** What `fulcrum tune data import` did. */
export interface ImportedRows {
  readonly data: TuningData;
  readonly unchanged: boolean;
  readonly skipped: readonly { readonly file: string; readonly line: number; readonly problem: string }[];
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Reads files or a dataset into the next version of a set of rows. */
export async function importRows(
  project: Project,
  context: CommandContext,
  flags: Flags,
  files: readonly string[],
): Promise<ImportedRows> {
  const { readRows } = await import('../tuning/index.ts');
  const { readSchemaFile } = await import('../variants/index.ts');
  const { data: store } = await project.tuning();
  const skipped: { file: string; line: number; problem: string }[] = [];
  const paths = files.map((file) => inputPath(context, file));
  const options = {
    format: flags.format,
    map: parseMap(flags.map),
    fields: flags.fields?.split(',').map((field) => field.trim()),
    schema: flags.schema === undefined ? undefined : await readSchemaFile(inputPath(context, flags.schema)),
    instructions: flags.instructions,
    delimiter: flags.delimiter,
    split: splitOption(flags.split),
    readers: readersOf(flags.readers),
  };
  const before =
    flags.add && (await store.list()).some(({ name }) => name === flags.name) ? store.rows(flags.name) : null;
  const imported = flags.dataset === undefined ? null : await fromDataset(project, context, flags);
  async function* rows(): AsyncGenerator<TuningRow> {
    if (before) yield* before;
    if (imported) {
      const { readers } = options;
      for (const row of imported.rows) yield readers ? { ...row, readers } : row;
    }
    if (flags.code !== undefined) yield* fromCode(context, flags.code, options);
    for (const path of paths) {
      // Without a prefix the lines of a second file would have the ids of the first.
      const idPrefix = paths.length > 1 || before ? `${basename(path)}:` : '';
      const onSkipped = flags.skipInvalid
        ? (line: number, problem: string) => skipped.push({ file: basename(path), line, problem })
        : undefined;
      yield* readRows(path, { ...options, idPrefix, onSkipped });
    }
  }
  const origin =
    flags.code !== undefined
      ? `code of ${basename(inputPath(context, flags.code))}`
      : flags.dataset === undefined
        ? paths.map((path) => basename(path)).join(', ')
        : `dataset ${flags.dataset}${flags.variant ? ` asked by ${flags.variant}` : ''}`;
  const { data, unchanged } = await store.write(flags.name, rows(), {
    origin,
    onProgress: context.terminal.onProgress,
    signal: context.signal,
  });
  return { data, unchanged, skipped, leftOut: imported?.leftOut ?? {} };
}

async function fromDataset(project: Project, context: CommandContext, { dataset, variant, split }: Flags) {
  const { rowsFromDataset } = await import('../app/index.ts');
  const wanted = splitOption(split);
  return rowsFromDataset(project, {
    dataset: dataset ?? '',
    variant,
    split: wanted === 'validation' ? 'dev' : wanted,
    onProgress: context.terminal.onProgress,
    signal: context.signal,
  });
}

async function* fromCode(
  context: CommandContext,
  folder: string,
  {
    readers,
    instructions,
    split,
  }: {
    readers?: string[] | undefined;
    instructions?: string | undefined;
    split?: TuningSplit | undefined;
  },
): AsyncGenerator<TuningRow> {
  const { rowsFromCode } = await import('../app/index.ts');
  const { onProgress, notice } = context.terminal;
  for await (const row of rowsFromCode({
    folder: inputPath(context, folder),
    onProgress,
    onNotice: notice,
    signal: context.signal,
  }))
    yield {
      ...row,
      ...(readers && { readers }),
      ...(split && { split }),
      ...(instructions && { messages: [{ role: 'system', content: instructions }, ...row.messages] }),
    };
}

const fields: readonly RowField[] = [
  'id',
  'input',
  'target',
  'label',
  'rejected',
  'group',
  'at',
  'split',
  'teacher',
];

/** Reads `input=text,label=category`. Throws `usage`. */
function parseMap(text: string | undefined): Partial<Record<RowField, string>> | undefined {
  if (text === undefined) return undefined;
  const map: Partial<Record<RowField, string>> = {};
  for (const part of text.split(',')) {
    const [field = '', ...column] = part.split('=');
    const known = fields.find((each) => each === field.trim());
    if (!known || column.length === 0)
      throw new FulcrumError('usage', {
        problem: `--map takes FIELD=COLUMN pairs, with the fields ${fields.join(', ')}, not "${part}".`,
      });
    map[known] = column.join('=').trim();
  }
  return map;
}

function readersOf(text: string | undefined): string[] | undefined {
  const tokens = text
    ?.split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
  const wrong = tokens?.find((token) => token !== 'everyone' && !/^(?:user|group):\S/.test(token));
  if (wrong !== undefined)
    throw new FulcrumError('usage', {
      problem: `--readers takes everyone, user:NAME and group:NAME, not "${wrong}".`,
    });
  return tokens;
}

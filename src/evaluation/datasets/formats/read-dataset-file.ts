import { FulcrumError, readLines } from '../../../core/index.ts';
import { isBeirFolder, readBeir } from '../read-beir.ts';
import { type ReadSample, readSamples } from '../read-samples.ts';
import { detectFormat } from './detect-format.ts';
import type { DatasetFormat, FormatRead, FormatReadOptions } from './format.ts';
import { readLangfuse } from './langfuse.ts';
import { readOpenAiChat, readOpenAiEvals } from './openai.ts';
import { readRagas } from './ragas.ts';
import { readPromptfoo } from './read-promptfoo.ts';
import { readMappedItems, readTable } from './read-table.ts';
import { readSquad } from './squad.ts';

/** Samples of a file with the format that it was read as. */
export interface DatasetFile extends FormatRead {
  readonly format: DatasetFormat;
}

/**
 * Reads the samples of a file or folder in any known format, detected where none is given. Ids are unique: a repeated
 * one is `record-invalid`. With `asRows` a `.txt` file is one question a line, and ids may repeat. Throws `dataset-empty` for a file without a sample, and what the format's reader throws.
 */
export async function readDatasetFile(
  path: string,
  options: FormatReadOptions & { readonly format?: DatasetFormat | undefined } = {},
): Promise<DatasetFile> {
  if (options.asRows && options.format === undefined && path.toLowerCase().endsWith('.txt'))
    return { ...(await readTextLines(path)), format: 'jsonl' };
  const format = options.format ?? (await detectFormat(path));
  const read = await readFormat(path, format, options);
  if (read.records.length === 0 && read.leftOut === 0) throw new FulcrumError('dataset-empty', { path });
  if (!options.asRows) refuseRepeatedIds(read.records, path);
  return { ...read, format };
}

async function readFormat(
  path: string,
  format: DatasetFormat,
  options: FormatReadOptions,
): Promise<FormatRead> {
  switch (format) {
    case 'jsonl':
      return options.map || options.asRows ? readMappedItems(path, options) : readOwn(path);
    case 'csv':
      return readTable(path, options);
    case 'tsv':
      return readTable(path, { ...options, delimiter: '\t' });
    case 'beir':
      return readBeirFolder(path, options.split);
    case 'squad':
      return readSquad(path, options);
    case 'openai-chat':
      return readOpenAiChat(path);
    case 'openai-evals':
      return readOpenAiEvals(path);
    case 'promptfoo':
      return readPromptfoo(path, options);
    case 'ragas':
      return readRagas(path, options);
    case 'langfuse':
      return readLangfuse(path, options);
  }
}

/** One question a line. */
async function readTextLines(path: string): Promise<FormatRead> {
  const records: ReadSample[] = [];
  for await (const { number, text } of readLines(path))
    if (text.trim() !== '')
      records.push({ sample: { id: String(number), input: text.trim(), answerable: true }, line: number });
  if (records.length === 0) throw new FulcrumError('dataset-empty', { path });
  return { records, lost: {}, leftOut: 0 };
}

async function readOwn(path: string): Promise<FormatRead> {
  const records: ReadSample[] = [];
  for await (const record of readSamples(path)) records.push(record);
  return { records, lost: {}, leftOut: 0 };
}

async function readBeirFolder(path: string, split?: string): Promise<FormatRead> {
  if (!isBeirFolder(path)) throw new FulcrumError('directory-not-found', { path });
  const { samples, unjudged } = await readBeir(path, split);
  return {
    records: samples.map((sample, index) => ({ sample, line: index + 1 })),
    lost: {},
    leftOut: unjudged,
  };
}

function refuseRepeatedIds(records: readonly ReadSample[], path: string): void {
  const lines = new Map<string, number>();
  for (const { sample, line } of records) {
    const first = lines.get(sample.id);
    if (first !== undefined)
      throw new FulcrumError('record-invalid', {
        path,
        line,
        problem: `the id "${sample.id}" was used in ${first} already`,
      });
    lines.set(sample.id, line);
  }
}

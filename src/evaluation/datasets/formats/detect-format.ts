import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { FulcrumError, readLines, suggest } from '../../../core/index.ts';
import { type DatasetFormat, datasetFormats } from './format.ts';
import { isRecord, listOf, readJsonFile } from './json-items.ts';

/** Checks the name of a format; throws `usage`. */
export function parseFormat(name: string): DatasetFormat {
  const found = datasetFormats.find((format) => format === name);
  if (found) return found;
  throw new FulcrumError('usage', {
    problem: `There is no format "${name}". ${suggest(name, datasetFormats)} Formats: ${datasetFormats.join(', ')}.`,
  });
}

/**
 * Format of a file or folder by its ending and, for JSON, by the keys of its first record. JSON Lines that look like
 * nothing else are our own. Throws `file-not-found`, and `format-unclear` where there is more than one reading.
 */
export async function detectFormat(path: string): Promise<DatasetFormat> {
  if (!existsSync(path)) throw new FulcrumError('file-not-found', { path });
  if (statSync(path).isDirectory()) return 'beir';
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return 'csv';
    case '.tsv':
      return 'tsv';
    case '.yaml':
    case '.yml':
      return 'promptfoo';
    case '.json':
      return formatOfJson(path);
    case '.jsonl':
    case '.ndjson':
      return formatOfRecord(await firstRecord(path)) ?? 'jsonl';
    default:
      throw new FulcrumError('format-unclear', { path, formats: datasetFormats.join(', ') });
  }
}

async function formatOfJson(path: string): Promise<DatasetFormat> {
  const whole = await readJsonFile(path);
  const first = listOf(whole)?.[0];
  if (isRecord(first) && Array.isArray(first.paragraphs)) return 'squad';
  if (isRecord(whole) && Array.isArray(whole.tests)) return 'promptfoo';
  const format = formatOfRecord(first);
  if (format) return format;
  throw new FulcrumError('format-unclear', { path, formats: datasetFormats.join(', ') });
}

/** Format that the keys of a record belong to; null for our own and for unknown ones. */
function formatOfRecord(record: unknown): DatasetFormat | null {
  if (!isRecord(record)) return null;
  const has = (key: string): boolean => Object.hasOwn(record, key);
  if (has('messages')) return 'openai-chat';
  if (has('ideal') || (has('item') && isRecord(record.item) && Object.hasOwn(record.item, 'ideal')))
    return 'openai-evals';
  if (has('user_input') || (has('question') && (has('ground_truth') || has('ground_truths')))) return 'ragas';
  if (has('expectedOutput')) return 'langfuse';
  if (has('vars')) return 'promptfoo';
  return null;
}

/** The first record of a JSON Lines file; undefined where the line is no JSON, which reading will then say. */
async function firstRecord(path: string): Promise<unknown> {
  for await (const { text } of readLines(path)) {
    if (text.trim() === '') continue;
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
  return undefined;
}

import type { Options } from 'csv-parse';
import { FulcrumError } from '../errors.ts';
import { decodedPieces } from './decoded-text.ts';

/** Longest record of a table, in characters: a quote that is never closed stops here. */
const longestRecord = 10_000_000;

/**
 * Records of a table, the headings first, with the line that each ends in; blank lines are left out. The delimiter is a
 * comma by default. Throws `record-invalid` where quoting is broken, and what `decodedPieces` throws.
 */
export async function* readTableRows(
  path: string,
  settings: { readonly delimiter?: string | undefined } = {},
): AsyncGenerator<{ cells: string[]; line: number }> {
  const { CsvError, parse } = await import('csv-parse');
  const { Readable } = await import('node:stream');
  const options: Options = {
    delimiter: settings.delimiter ?? ',',
    info: true,
    skip_empty_lines: true,
    // A quote inside an unquoted cell is text, as most programs write it.
    relax_quotes: true,
    max_record_size: longestRecord,
  };
  const parser = parse(options);
  const source = Readable.from(decodedPieces(path));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>)
      yield { cells: record, line: info.lines };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as { lines?: unknown }).lines;
    throw new FulcrumError(
      'record-invalid',
      { path, line: typeof line === 'number' ? line : 1, problem: error.message.slice(0, 200) },
      { cause: error },
    );
  } finally {
    source.destroy();
  }
}

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Options } from 'csv-parse';
import { FulcrumError } from '../../core/index.ts';
import { decodeText, documentByteLimit } from '../parsing/decode-text.ts';

/** A row of a table below its headers. */
export interface TableRow {
  /** From 1. */
  readonly number: number;
  /** Line of the file that it starts on, from 1. */
  readonly line: number;
  readonly values: readonly string[];
  /** Its bytes in the file: `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** The headers, then row after row; a row that cannot be read comes as a problem, and whether rows may lie behind it. */
export type TablePart =
  | { readonly headers: readonly string[]; readonly delimiter: string }
  | { readonly row: TableRow }
  | { readonly row: null; readonly number: number; readonly line: number; readonly problem: string };

/** Candidates for the character between columns, the likeliest first. */
const delimiters = [',', ';', '\t', '|'];

interface CsvRecord {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number; readonly records: number; readonly bytes_records: number };
}

/**
 * Reads a table with a row of headers, one row in memory at a time. Quotes inside a value without quotes are taken as
 * they are. Throws `file-not-found`, `file-not-text` and `file-unreadable`.
 */
export async function* readRows(
  path: string,
  options: { delimiter?: string | undefined; uri: string; signal?: AbortSignal | undefined },
): AsyncGenerator<TablePart> {
  const { parse } = await import('csv-parse');
  const delimiter = options.delimiter ?? (await findDelimiter(path, options.uri));
  const skipped: { code?: string; lines?: number }[] = [];
  const parser = parse({
    ...dialect(delimiter),
    info: true,
    raw: true,
    max_record_size: documentByteLimit,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push({ ...(error?.code && { code: error.code }), lines: Number(error?.lines ?? 0) });
      return undefined;
    },
  });
  let headers: readonly string[] | null = null;
  let end = 0;
  let rows = 0;
  const stream = createReadStream(path, { signal: options.signal });
  const checked = checkText(stream, options.uri);
  const bytes = (await import('node:stream')).Readable.from(checked, { objectMode: false });
  bytes.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, raw, info } of bytes.pipe(parser) as AsyncIterable<CsvRecord>) {
      const start = end;
      end = info.bytes_records;
      const line = info.lines - (raw.trim().match(/\n/g)?.length ?? 0);
      if (headers === null) {
        headers = record.map((name, index) => name.trim() || `column ${index + 1}`);
        yield { headers, delimiter };
        continue;
      }
      const number = ++rows;
      if (record.length === headers.length) yield { row: { number, line, values: record, start, end } };
      else {
        const problem = `it has ${record.length} columns, and there are ${headers.length} headers`;
        yield { row: null, number, line, problem };
      }
    }
  } catch (error) {
    throw tableError(error, path, options.uri);
  } finally {
    stream.destroy();
  }
  for (const { code, lines } of skipped) {
    const problem =
      code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quote that starts in it is never closed'
        : code === 'CSV_MAX_RECORD_SIZE'
          ? `it has more than ${documentByteLimit} bytes, and nothing behind it was read`
          : `it cannot be read (${code})`;
    yield { row: null, number: rows + 1, line: lines ?? 0, problem };
  }
}

/** The values of one row at its place; null where the file holds something else there. */
export async function readRowAt(
  path: string,
  { start, end }: { start: number; end: number },
  delimiter: string,
): Promise<{ bytes: Buffer; values: string[] } | null> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    if (bytesRead !== end - start) return null;
    const { parse } = await import('csv-parse/sync');
    const [values] = parse(buffer, dialect(delimiter)) as unknown as string[][];
    return values ? { bytes: buffer, values } : null;
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

function dialect(delimiter: string): Options {
  return {
    delimiter,
    // Told outright: a guess from one row alone might be another than that from the file.
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  };
}

/** The candidate that stands most often in the row of headers, outside quotes. */
async function findDelimiter(path: string, uri: string): Promise<string> {
  let head = Buffer.alloc(0);
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
      head = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw tableError(error, path, uri);
  }
  const line =
    head
      .toString('utf8')
      .replace(/"[^"]*"/g, '')
      .split('\n')[0] ?? '';
  const counts = delimiters.map((candidate) => line.split(candidate).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Passes bytes on as long as they are UTF-8 without NUL. */
async function* checkText(stream: AsyncIterable<Buffer>, uri: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  const check = (bytes: Buffer | undefined): void => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new FulcrumError('file-not-text', { path: uri, problem: 'invalid byte sequence' }, { cause });
    }
  };
  for await (const bytes of stream) {
    if (first && bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfffe || bytes.readUInt16BE(0) === 0xfeff))
      decodeText(bytes.subarray(0, 2), uri);
    if (bytes.includes(0)) throw new FulcrumError('file-not-text', { path: uri, problem: 'NUL bytes' });
    first = false;
    check(bytes);
    yield bytes;
  }
  check(undefined);
}

function tableError(error: unknown, path: string, uri: string): unknown {
  if (error instanceof FulcrumError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ENOENT') return new FulcrumError('file-not-found', { path }, { cause: error });
  if (code === 'ABORT_ERR') return error;
  return new FulcrumError('file-unreadable', { path: uri, problem: code ?? message }, { cause: error });
}

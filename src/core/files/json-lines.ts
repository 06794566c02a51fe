import { FulcrumError } from '../errors.ts';
import { decodedPieces } from './decoded-text.ts';

/** One line of a file, numbered from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * Reads the lines of a UTF-8 file one at a time, without the byte order mark; lines end in `\n` or `\r\n`.
 * Throws what `decodedPieces` throws.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest = '';
  let number = 0;
  // readline would also cut at U+2028, which JSON strings may hold.
  for await (const piece of decodedPieces(path)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { number: ++number, text: withoutReturn(text) };
  }
  if (rest !== '') yield { number: ++number, text: withoutReturn(rest) };
}

/** Lines parsed as JSON; blank ones are skipped. Throws `record-invalid` with the number of the line. */
export async function* readJsonLines(path: string): AsyncGenerator<{ number: number; value: unknown }> {
  for await (const { number, text } of readLines(path)) {
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const problem = `not JSON (${error instanceof Error ? error.message : String(error)})`;
      throw new FulcrumError('record-invalid', { path, line: number, problem }, { cause: error });
    }
    yield { number, value };
  }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

import { createReadStream } from 'node:fs';
import { FulcrumError } from '../../core/index.ts';
import { startsAsUtf16 } from './formats/decoded-text.ts';

/** One line of a file, numbered from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * Reads the lines of a UTF-8 file one at a time, without the byte order mark; lines end in `\n` or `\r\n`.
 * Throws `file-not-found`, or `file-not-text` for bytes that are not UTF-8.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 0;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      const utf16 = number === 0 && startsAsUtf16(bytes);
      const problem = utf16 ? 'it looks like UTF-16' : `after line ${number}`;
      throw new FulcrumError('file-not-text', { path, problem }, { cause: error });
    }
  };
  // readline would also cut at U+2028, which JSON strings may hold.
  for await (const bytes of createReadStream(path)) {
    const lines = (rest + decode(bytes as Uint8Array)).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { number: ++number, text: withoutReturn(text) };
  }
  rest += decode();
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

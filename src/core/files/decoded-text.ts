import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FulcrumError } from '../errors.ts';

/** Largest file that is read in one piece (JSON, YAML), in bytes. Formats of lines and tables have no limit. */
export const wholeFileLimit = 256 * 1024 * 1024;

const lineFeed = 10;

/**
 * Pieces of a UTF-8 file as they are read, without the byte order mark. Throws `file-not-found`, `file-unreadable` for a
 * folder, or `file-not-text` with the line that is not UTF-8 or holds a NUL, as UTF-16 does.
 */
export async function* decodedPieces(path: string): AsyncGenerator<string> {
  if ((await stat(path)).isDirectory())
    throw new FulcrumError('file-unreadable', { path, problem: 'it is a folder' });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let linesBefore = 0;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      const problem =
        linesBefore === 0 && startsAsUtf16(bytes)
          ? 'it looks like UTF-16'
          : `line ${linesBefore + 1 + (bytes ? linesThatDecode(bytes) : 0)}`;
      throw new FulcrumError('file-not-text', { path, problem }, { cause: error });
    }
  };
  for await (const piece of createReadStream(path)) {
    const bytes = piece as Uint8Array;
    const text = decode(bytes);
    const nul = bytes.indexOf(0);
    if (nul >= 0) {
      const line = linesBefore + countLines(bytes.subarray(0, nul)) + 1;
      throw new FulcrumError('file-not-text', { path, problem: `line ${line} holds a NUL; is it UTF-16?` });
    }
    linesBefore += countLines(bytes);
    yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}

/** Whether a file begins with the byte order mark of UTF-16, as spreadsheets write it. */
export function startsAsUtf16(bytes: Uint8Array | undefined): boolean {
  const [first, second] = bytes ?? [];
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** Lines before the first one that is not UTF-8; the piece may begin or end within a character. */
function linesThatDecode(bytes: Uint8Array): number {
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  for (let lines = 0; ; lines++) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return lines;
    start = end + 1;
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count++;
  return count;
}

/** The text of a file in one piece. Throws what `decodedPieces` throws, and `file-too-large`. */
export async function readWholeText(path: string, limit = wholeFileLimit): Promise<string> {
  const { size } = await stat(path);
  if (size > limit) throw new FulcrumError('file-too-large', { path, bytes: size, limit });
  let text = '';
  for await (const piece of decodedPieces(path)) text += piece;
  return text;
}

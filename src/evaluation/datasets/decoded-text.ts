import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FulcrumError } from '../../../core/index.ts';

/** Largest file that is read in one piece (JSON, YAML), in bytes. Formats of lines and tables have no limit. */
export const wholeFileLimit = 256 * 1024 * 1024;

/**
 * Pieces of a UTF-8 file as they are read, without the byte order mark. Throws `file-not-found`, or `file-not-text`
 * for bytes that are not UTF-8 and for UTF-16.
 */
export async function* decodedPieces(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      throw new FulcrumError('file-not-text', { path, problem: `near byte ${read}` }, { cause: error });
    }
  };
  for await (const piece of createReadStream(path)) {
    const bytes = piece as Uint8Array;
    const text = decode(bytes);
    const nul = bytes.indexOf(0);
    if (nul >= 0) throw new FulcrumError('file-not-text', { path, problem: `NUL at byte ${read + nul}` });
    read += bytes.length;
    yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}

/** The text of a file in one piece. Throws what `decodedPieces` throws, and `file-too-large`. */
export async function readWholeText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > wholeFileLimit)
    throw new FulcrumError('file-too-large', { path, bytes: size, limit: wholeFileLimit });
  let text = '';
  for await (const piece of decodedPieces(path)) text += piece;
  return text;
}

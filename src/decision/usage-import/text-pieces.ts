import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { FulcrumError, toFulcrumError } from '../../core/index.ts';

/**
 * Pieces of a UTF-8 file as they are read, without the byte order mark; a gzip file is unpacked. Throws `file-not-found`,
 * `file-unreadable`, or `file-not-text` for UTF-16 and other bytes that are not UTF-8.
 */
export async function* textPieces(path: string): AsyncGenerator<string> {
  const head = await firstBytes(path);
  const notText = (problem: string, cause?: unknown): FulcrumError =>
    new FulcrumError('file-not-text', { path, problem }, { cause });
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw notText('it is UTF-16');
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  const file = createReadStream(path);
  const stream = packed ? file.pipe(createGunzip()) : file;
  if (packed) file.on('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  try {
    for await (const bytes of stream as AsyncIterable<Uint8Array>) {
      const nul = bytes.indexOf(0);
      if (nul >= 0) throw notText(`NUL at byte ${read + nul}`);
      const text = decode(decoder, bytes, () => notText(`near byte ${read}`));
      read += bytes.length;
      yield text;
    }
    const rest = decode(decoder, undefined, () => notText('it ends within a letter'));
    if (rest !== '') yield rest;
  } catch (error) {
    if (/^Z_|^ERR_.*ZLIB/.test((error as { code?: string }).code ?? ''))
      throw new FulcrumError(
        'file-unreadable',
        { path, problem: `its gzip data are damaged (${(error as Error).message})` },
        { cause: error },
      );
    throw error;
  } finally {
    file.destroy();
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'EISDIR') throw toFulcrumError(error);
    throw new FulcrumError('file-unreadable', { path, problem: 'it is a folder' }, { cause: error });
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array | undefined, failure: () => FulcrumError): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    throw failure();
  }
}

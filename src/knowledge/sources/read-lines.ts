import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FulcrumError } from '../../core/index.ts';
import { documentByteLimit } from '../parsing/decode-text.ts';

/** A line as bytes without its line feed, numbered from 1; `bytes` is null where the line passed the limit. */
export interface ByteLine {
  readonly number: number;
  readonly bytes: Buffer | null;
  readonly length: number;
  /** Where it starts in the (unpacked) file, in bytes. */
  readonly start: number;
}

/**
 * Lines of a file, unpacked where its name ends in `.gz`. Memory stays bounded: a line over the document limit
 * is counted and skipped. Throws `file-not-found`, and `file-unreadable` for a damaged archive.
 */
export async function* readByteLines(path: string, signal?: AbortSignal): AsyncGenerator<ByteLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let start = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= documentByteLimit) parts.push(part);
    else parts = [];
  };
  const take = (): ByteLine => {
    const line = {
      number: ++number,
      bytes: length > documentByteLimit ? null : Buffer.concat(parts),
      length,
      start,
    };
    parts = [];
    start += length + 1;
    length = 0;
    return line;
  };
  try {
    for await (const piece of openStream(path)) {
      signal?.throwIfAborted();
      const bytes = piece as Buffer;
      let from = 0;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        add(bytes.subarray(from, at));
        from = at + 1;
        yield take();
      }
      add(bytes.subarray(from));
    }
  } catch (error) {
    throw streamError(error, path);
  }
  if (length > 0) yield take();
}

function openStream(path: string): AsyncIterable<unknown> {
  const file = createReadStream(path);
  return path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
}

function streamError(error: unknown, path: string): unknown {
  const { code } = error as { code?: string };
  if (code === 'ENOENT') return new FulcrumError('file-not-found', { path }, { cause: error });
  const problem = code?.startsWith('Z_') ? 'it is not a complete gzip archive' : code;
  return problem ? new FulcrumError('file-unreadable', { path, problem }, { cause: error }) : error;
}

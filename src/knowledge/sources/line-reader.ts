import { open } from 'node:fs/promises';
import { type ByteLine, readByteLines } from './read-lines.ts';

/** Where a line stands in a file: its number from 1, and its bytes in the (unpacked) text. */
export type LinePlace = Pick<ByteLine, 'number' | 'start' | 'length'>;

/** Reads single lines of a file again. */
export interface LineReader {
  /** The bytes at that place; null where the file ends before it. */
  read(place: LinePlace, signal?: AbortSignal): Promise<Buffer | null>;
}

/** How long an unpacked stream waits for the next line before it is closed. */
const idleMs = 1000;

/**
 * A plain file is read at the place. A packed one can only be read from its start: the stream stays where it is for
 * a moment, so that lines asked for in their order cost one pass.
 */
export function createLineReader(path: string): LineReader {
  return path.endsWith('.gz') ? createPackedReader(path) : createPlainReader(path);
}

function createPlainReader(path: string): LineReader {
  return {
    async read({ start, length }) {
      const file = await open(path);
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, start);
        return bytesRead === length ? buffer : null;
      } finally {
        await file.close();
      }
    },
  };
}

function createPackedReader(path: string): LineReader {
  let lines: AsyncGenerator<ByteLine> | null = null;
  let passed = 0;
  let timer: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    const open = lines;
    lines = null;
    passed = 0;
    await open?.return(undefined);
  };
  const readNow = async (number: number, signal?: AbortSignal): Promise<Buffer | null> => {
    clearTimeout(timer);
    if (number <= passed) await close();
    lines ??= readByteLines(path);
    try {
      while (passed < number) {
        signal?.throwIfAborted();
        const next = await lines.next();
        if (next.done) return null;
        passed = next.value.number;
        if (passed === number) return next.value.bytes;
      }
      return null;
    } finally {
      timer = setTimeout(() => void close(), idleMs).unref();
    }
  };
  return {
    read({ number }, signal) {
      const result = queue.then(() => readNow(number, signal));
      queue = result.catch(() => undefined);
      return result;
    },
  };
}

import { FulcrumError } from '../../core/index.ts';

/** Largest file or line that is taken as one document, in bytes. */
export const documentByteLimit = 20 * 1024 * 1024;

/**
 * The text of UTF-8 bytes, byte order mark removed. Throws `file-not-text` for NUL bytes, UTF-16 and bytes that
 * are not UTF-8, naming `path`.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new FulcrumError('file-not-text', { path, problem: 'it looks like UTF-16' });
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw new FulcrumError('file-not-text', { path, problem: `NUL at byte ${nul}` });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FulcrumError('file-not-text', { path, problem: 'invalid byte sequence' }, { cause });
  }
}

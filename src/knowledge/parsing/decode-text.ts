import { FulcrumError } from '../../core/index.ts';

/** Largest file or line that is taken as one document, in bytes. */
export const documentByteLimit = 20 * 1024 * 1024;

/**
 * The text of UTF-8 bytes, or of UTF-16 that begins with a byte order mark, which is removed. Throws
 * `file-not-text`, naming `path`, for anything else: other encodings are not guessed.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  const encoding = utf16(bytes) ?? 'utf-8';
  const nul = encoding === 'utf-8' ? bytes.indexOf(0) : -1;
  if (nul >= 0) throw new FulcrumError('file-not-text', { path, problem: `NUL at byte ${nul}` });
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const problem = encoding === 'utf-8' ? 'invalid byte sequence' : 'damaged UTF-16';
    throw new FulcrumError('file-not-text', { path, problem }, { cause });
  }
}

function utf16([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

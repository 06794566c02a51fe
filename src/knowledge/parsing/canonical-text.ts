import { FulcrumError } from '../../core/index.ts';

/**
 * The text that offsets refer to: no byte order mark, line endings `\n`, and U+FFFD for NUL and for halves of
 * surrogate pairs that stand alone, so that it survives storage unchanged. Throws `file-not-text` (naming `uri`)
 * for bytes that are not UTF-8.
 */
export function canonicalText(content: Uint8Array | string, uri: string): string {
  const text = typeof content === 'string' ? content : decode(content, uri);
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\uFFFD')
    .toWellFormed();
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FulcrumError('file-not-text', { path, problem: 'invalid byte sequence' }, { cause });
  }
}

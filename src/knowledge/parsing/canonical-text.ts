import { decodeText } from './decode-text.ts';

/**
 * The text that offsets refer to: no byte order mark, line endings `\n`, and U+FFFD for NUL and for halves of
 * surrogate pairs that stand alone, so that it survives storage unchanged. Throws `file-not-text` (naming `uri`)
 * for bytes that are not text.
 */
export function canonicalText(content: Uint8Array | string, uri: string): string {
  const text = typeof content === 'string' ? content : decodeText(content, uri);
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\uFFFD')
    .toWellFormed();
}

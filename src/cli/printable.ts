/**
 * Text of documents and models as a terminal may be given it: control characters, escape sequences among them, and marks that
 * turn the direction of writing are shown as `\u{…}`; tabs and line breaks stay.
 */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200e}\u{200f}]/gu, (mark) =>
      mark === '\n' || mark === '\t' ? mark : `\\u{${mark.codePointAt(0)?.toString(16)}}`,
    );
}

/** A value as JSON on one or more lines, in which such marks are written as JSON writes them: it reads back the same. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

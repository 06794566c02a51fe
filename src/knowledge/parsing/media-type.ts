import { FulcrumError } from '../../core/index.ts';

/** Media type by the ending of a file's name; a name with another ending is plain text. */
const byEnding: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  markdown: 'text/markdown',
  mdx: 'text/mdx',
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'text/html',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonc: 'application/json',
  json5: 'application/json',
  jsonl: 'application/jsonl',
  ndjson: 'application/jsonl',
  ts: 'text/typescript',
  mts: 'text/typescript',
  cts: 'text/typescript',
  tsx: 'text/tsx',
  js: 'text/javascript',
  mjs: 'text/javascript',
  cjs: 'text/javascript',
  jsx: 'text/jsx',
  py: 'text/x-python',
  pyi: 'text/x-python',
  go: 'text/x-go',
  java: 'text/x-java',
};

/** Source code that is cut by its lines. */
const codeByLines =
  'bash c cc cfg clj cpp cs css cxx dart ex exs fs gradle graphql groovy h hpp hs ini kt kts lua m mm php pl ' +
  'properties proto ps1 r rb rs sass scala scss sh sql svelte swift tf toml vue xml yaml yml zig zsh';
const lineEndings = new Set(codeByLines.split(' '));

/** Endings of the files that are read where nothing else is said: every format but JSON Lines and code by lines. */
export const documentEndings: readonly string[] = [
  'txt',
  ...Object.keys(byEnding).filter((ending) => ending !== 'jsonl' && ending !== 'ndjson'),
];

export const docxType = byEnding.docx!;

/**
 * Media type of a file: what its first bytes say where they are those of a PDF or a Word document, else by its
 * ending. Throws `format-unsupported` for bytes that are known to be of a format that is not read (a workbook, an
 * archive, a picture).
 */
export function mediaTypeOf(path: string, bytes: Uint8Array): string {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const named = byEnding[ending] ?? (lineEndings.has(ending) ? 'text/x-source' : 'text/plain');
  const format = formatOfBytes(bytes);
  if (format === 'pdf') return byEnding.pdf!;
  if (format === 'docx') return docxType;
  if (format !== null) throw new FulcrumError('format-unsupported', { path, format });
  // An empty or damaged one is told when it is parsed.
  return named;
}

/** Whether documents of a media type are text; others are bytes. */
export function isTextType(mediaType: string): boolean {
  return mediaType !== byEnding.pdf && mediaType !== docxType;
}

const signatures: readonly (readonly [readonly number[], string])[] = [
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'an old or a password-protected Office file'],
  [[0x7b, 0x5c, 0x72, 0x74, 0x66], 'rich text (RTF)'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x89, 0x50, 0x4e, 0x47], 'a picture (PNG)'],
  [[0xff, 0xd8, 0xff], 'a picture (JPEG)'],
  [[0x47, 0x49, 0x46, 0x38], 'a picture (GIF)'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20], 'a SQLite database'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
];

/** `pdf`, `docx`, the name of a format that is not read, or null for what may be text. */
function formatOfBytes(bytes: Uint8Array): string | null {
  const head = latin1(bytes.subarray(0, 1024));
  // Readers find the header anywhere in the first kilobyte; a text that speaks of it has no NUL.
  if (/^\s*%PDF-\d/.test(head) || (/%PDF-\d/.test(head) && head.includes('\0'))) return 'pdf';
  if (head.startsWith('PK\u0003\u0004') || head.startsWith('PK\u0005\u0006')) return zipFormat(bytes);
  const found = signatures.find(([signature]) => signature.every((byte, index) => bytes[index] === byte));
  return found?.[1] ?? null;
}

/** What a zip archive is, by the names of its members, which stand in it uncompressed. */
function zipFormat(bytes: Uint8Array): string {
  const names = latin1(bytes.subarray(0, 65_536)) + latin1(bytes.subarray(-65_536));
  if (names.includes('word/')) return 'docx';
  if (names.includes('xl/')) return 'a workbook (XLSX)';
  if (names.includes('ppt/')) return 'a presentation (PPTX)';
  if (names.includes('opendocument')) return 'an OpenDocument file';
  return 'a zip archive';
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

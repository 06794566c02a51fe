import { type ErrorEntry, entry } from './entry.ts';

/** Input files. */
export const fileErrors = {
  'file-not-found': entry(
    '{path} does not exist.',
    'Check the path; relative paths start at the project folder.',
    { status: 404 },
  ),
  'directory-not-found': entry(
    'The folder {path} does not exist.',
    'Check the path; relative paths start at the project folder.',
    { status: 404 },
  ),
  'folder-without-documents': entry(
    'There is no document to read for the project {path}.',
    'Put .md, .mdx, .txt or .html files into the folder of documents, and run the command again.',
    { status: 404 },
  ),
  'file-unreadable': entry(
    '{path} cannot be read: {problem}',
    'Check its permissions, and that a file is named where a file is wanted.',
    {},
  ),
  'file-not-text': entry(
    '{path} is not UTF-8 text ({problem}).',
    'Save it as UTF-8 (from a spreadsheet: "CSV UTF-8"; else iconv -f UTF-16 -t UTF-8); documents can also be left out with --glob.',
    { status: 415 },
  ),
  'file-too-large': entry(
    '{path} has {bytes} bytes; the limit is {limit}.',
    'Split the file, or leave it out with --glob; for documents, parsing.bytes in the config is the limit.',
    { status: 413 },
  ),
  'format-unsupported': entry(
    '{path} is {format}, which is not read.',
    'Save it as PDF, DOCX, HTML, Markdown, CSV or plain text, or leave it out with --glob.',
    { status: 415 },
  ),
  'document-damaged': entry(
    '{path} cannot be parsed: {problem}',
    'Open it in the program that made it and save it again, or leave it out with --glob.',
    { status: 422 },
  ),
  'document-encrypted': entry(
    '{path} is protected by a password.',
    'Save a copy without the password, or leave it out with --glob.',
    { status: 422 },
  ),
  'parse-timeout': entry(
    '{path} was not parsed within {seconds} s.',
    'Split the file, leave it out with --glob, or raise parsing.seconds in the config.',
    { status: 422 },
  ),
  'parse-memory': entry(
    '{path} needs more than {memoryMb} MB to be parsed.',
    'Split the file, leave it out with --glob, or raise parsing.memoryMb in the config.',
    { status: 422 },
  ),
  'parse-crashed': entry(
    'The process that parsed {path} ended: {problem}',
    'Leave the file out with --glob, and please report it with the file.',
    { status: 422 },
  ),
  'record-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and run the command again; nothing was taken from the file.',
  ),
  'document-invalid': entry(
    '{path}, line {line}: {problem}',
    'Correct that line and sync again; the other documents were taken.',
  ),
} as const satisfies Record<string, ErrorEntry>;

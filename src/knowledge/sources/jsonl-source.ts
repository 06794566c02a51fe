import { basename } from 'node:path';
import { FulcrumError } from '../../core/index.ts';
import type { RawDocument, Source, SourceResult } from '../document.ts';
import { decodeText, documentByteLimit } from './decode-text.ts';
import { type ByteLine, readByteLines } from './read-lines.ts';

/** Where the parts of a document stand in a line. */
export interface JsonlFields {
  readonly id: string;
  readonly text: string;
  readonly title?: string | undefined;
  readonly format?: 'text' | 'markdown' | 'html' | undefined;
}

/**
 * Documents of a JSON Lines file in the order of its lines, one line in memory at a time (ids are kept, to find
 * doubles). A line that is broken, lacks a field or repeats an id is yielded as a failure that names file and
 * line. Throws `file-not-found` and, for a damaged archive, `file-unreadable`.
 */
export function createJsonlSource(
  options: JsonlFields & {
    readonly name: string;
    /** Absolute path. */
    readonly file: string;
    /** The file as the user knows it; its name by default. */
    readonly uri?: string | undefined;
  },
): Source {
  const uri = options.uri ?? basename(options.file);
  return {
    name: options.name,
    async *read({ signal } = {}) {
      const seen = new Map<string, number>();
      for await (const line of readByteLines(options.file, signal)) {
        const result = readLine(line, options, uri, seen);
        if (result) yield result;
      }
    },
  };
}

function readLine(
  line: ByteLine,
  fields: JsonlFields,
  uri: string,
  seen: Map<string, number>,
): SourceResult | null {
  const where = `${uri}, line ${line.number}`;
  let id: string | null = null;
  try {
    if (line.bytes === null)
      throw new FulcrumError('file-too-large', { path: where, bytes: line.length, limit: documentByteLimit });
    const text = decodeText(line.bytes, where);
    if (text.trim() === '') return null;
    const record = parseRecord(text);
    id = idOf(record, fields.id);
    const first = seen.get(id);
    if (first !== undefined)
      throw new Error(`the id ${JSON.stringify(id)} was already used in line ${first}`);
    seen.set(id, line.number);
    return { ok: true, document: toDocument(record, fields, id, uri) };
  } catch (cause) {
    const error =
      cause instanceof FulcrumError
        ? cause
        : new FulcrumError(
            'document-invalid',
            { path: uri, line: line.number, problem: (cause as Error).message },
            { cause },
          );
    // Without an id nobody knows which document this line was.
    const key = id ?? `line ${line.number}`;
    return {
      ok: false,
      key,
      uri: `${uri}#${key}`,
      error,
      ...(id === null ? { hidesOthers: true } : {}),
    };
  }
}

function parseRecord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`not JSON (${(cause as Error).message})`, { cause });
  }
}

function idOf(record: unknown, field: string): string {
  const id = fieldOf(record, field);
  if (typeof id === 'number' || (typeof id === 'string' && id.trim() !== '')) return String(id);
  throw new Error(`"${field}" must be a text or a number`);
}

function toDocument(record: unknown, fields: JsonlFields, id: string, uri: string): RawDocument {
  const content = fieldOf(record, fields.text);
  if (typeof content !== 'string') throw new Error(`"${fields.text}" must be a text`);
  const title = fields.title === undefined ? undefined : fieldOf(record, fields.title);
  const format = fields.format ?? 'text';
  return {
    key: id,
    uri: `${uri}#${id}`,
    content,
    mediaType: format === 'text' ? 'text/plain' : `text/${format}`,
    ...(typeof title === 'string' && title.trim() !== '' ? { title: title.trim() } : {}),
  };
}

/** The value of a field: by its whole name, else along the dots of the name. */
function fieldOf(record: unknown, field: string): unknown {
  if (isRecord(record) && Object.hasOwn(record, field)) return record[field];
  let value = record;
  for (const part of field.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

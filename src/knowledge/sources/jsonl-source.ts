import { basename } from 'node:path';
import { contentHash, FulcrumError, sha256 } from '../../core/index.ts';
import type { RawDocument, Source, SourceListing } from '../document.ts';
import { decodeText, documentByteLimit } from '../parsing/decode-text.ts';
import { createLineReader, type LinePlace } from './line-reader.ts';
import { type ByteLine, readByteLines } from './read-lines.ts';
import { recordAttributes } from './record-attributes.ts';
import type { RecordFields } from './source-config.ts';

/** Where the parts of a document stand in a line. */
export interface JsonlFields {
  readonly id: string;
  readonly text: string;
  readonly title?: string | undefined;
  readonly format?: 'text' | 'markdown' | 'html' | undefined;
  /** Fields that say something of the document beside its text. */
  readonly fields?: RecordFields | undefined;
}

/** The file, and the line in it, as errors name them. */
interface RecordPlace {
  readonly uri: string;
  readonly line: string;
}

/** A line that holds a document. */
interface KnownLine extends LinePlace {
  readonly version: string;
}

/**
 * Documents of a JSON Lines file in the order of its lines, one line in memory at a time (ids and places of lines are
 * kept). A line that is broken, lacks a field or repeats an id is a failure that names file and line. Throws
 * `file-not-found` and, for a damaged archive, `file-unreadable`.
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
  const { file, id, text, title, format, fields } = options;
  const uri = options.uri ?? basename(file);
  const settings = contentHash({ id, text, title, format, fields });
  const versionOf = (bytes: Buffer): string => sha256(`${settings} ${sha256(bytes)}`);
  const lines = createLineReader(file);
  let known = new Map<string, KnownLine>();

  async function* list(signal?: AbortSignal): AsyncGenerator<SourceListing> {
    known = new Map();
    for await (const line of readByteLines(file, signal)) {
      const result = readLine(line, options, uri, known, versionOf);
      if (result) yield result;
    }
  }
  return {
    name: options.name,
    capabilities: { versions: 'declared' },
    list: ({ signal } = {}) => list(signal),
    async read({ key }, { signal } = {}) {
      if (known.size === 0) for await (const _ of list(signal));
      const line = known.get(key);
      const bytes = line && (await lines.read(line, signal));
      if (!line || !bytes || versionOf(bytes) !== line.version)
        throw new FulcrumError('document-changed', { uri: `${uri}#${key}` });
      const where = { uri, line: `${uri}, line ${line.number}` };
      return toDocument(JSON.parse(decodeText(bytes, where.line)), options, key, where);
    },
  };
}

function readLine(
  line: ByteLine,
  fields: JsonlFields,
  uri: string,
  known: Map<string, KnownLine>,
  versionOf: (bytes: Buffer) => string,
): SourceListing | null {
  const where = `${uri}, line ${line.number}`;
  let id: string | null = null;
  try {
    if (line.bytes === null)
      throw new FulcrumError('file-too-large', { path: where, bytes: line.length, limit: documentByteLimit });
    const text = decodeText(line.bytes, where);
    if (text.trim() === '') return null;
    const record = parseRecord(text);
    id = idOf(record, fields.id);
    const first = known.get(id);
    if (first !== undefined)
      throw new Error(`the id ${JSON.stringify(id)} was already used in line ${first.number}`);
    const version = versionOf(line.bytes);
    known.set(id, { number: line.number, start: line.start, length: line.length, version });
    toDocument(record, fields, id, { uri, line: where });
    return { ok: true, item: { key: id, uri: `${uri}#${id}`, version } };
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

function toDocument(record: unknown, fields: JsonlFields, id: string, where: RecordPlace): RawDocument {
  const content = fieldOf(record, fields.text);
  if (typeof content !== 'string') throw new Error(`"${fields.text}" must be a text`);
  return {
    key: id,
    uri: `${where.uri}#${id}`,
    content,
    mediaType: mediaTypeOfFormat(fields.format),
    ...recordAttributes((field) => fieldOf(record, field), fields.title, fields.fields, where.line),
  };
}

/** Media type of a text in a record. */
export function mediaTypeOfFormat(format: JsonlFields['format']): string {
  return format === undefined || format === 'text' ? 'text/plain' : `text/${format}`;
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

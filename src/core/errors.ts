import { distance } from 'fastest-levenshtein';
import { type ErrorCode, errorCatalogue } from './errors/catalogue.ts';
import type { ErrorEntry } from './errors/entry.ts';

/** Data that a message template may name: `{key}`. Values are shown as given, so callers shorten long ones. */
export type ErrorData = Record<string, string | number | boolean | null | undefined>;

/** The only error that Fulcrum throws on purpose; built from the catalogue. */
export class FulcrumError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;
  readonly hint: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly exit: 1 | 2;

  constructor(code: ErrorCode, data: ErrorData = {}, options: { cause?: unknown } = {}) {
    const found: ErrorEntry = errorCatalogue[code];
    super(fill(found.message, data), options);
    this.name = 'FulcrumError';
    this.code = code;
    this.data = data;
    this.hint = fill(found.hint, data);
    this.status = found.status;
    this.retryable = found.retryable;
    this.exit = found.exit;
  }

  /** What `--json` and the server show of it. */
  toJSON(): { code: ErrorCode; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Replaces `{name}` by data; a name without data stays as written, so literal JSON in a hint survives. */
function fill(template: string, data: ErrorData): string {
  return template
    .replace(/\{(\w+)\}/g, (whole, name: string) => (name in data ? String(data[name] ?? '') : whole))
    .replace(/ +$/, '')
    .replace(/ {2,}/g, ' ');
}

/** Did-you-mean sentence for a misspelt name, or an empty string when nothing is near. */
export function suggest(wrong: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, edits: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.edits - b.edits)[0];
  if (near) return `Did you mean "${near.name}"?`;
  return known.length > 0 && known.length <= 8 ? `Known: ${known.join(', ')}.` : '';
}

/**
 * Turns anything thrown into a catalogue error. Errors of the operating system that a user can act on
 * (full disk, missing file, no permission) keep their meaning; everything else is `internal`.
 */
export function toFulcrumError(error: unknown): FulcrumError {
  if (error instanceof FulcrumError) return error;
  const known = error as { code?: string; path?: string; name?: string; message?: string; errcode?: number };
  const path = known?.path ?? 'a file of the project';
  const text = known?.message ?? String(error);
  if (known?.name === 'AbortError') return new FulcrumError('cancelled', {}, { cause: error });
  if (
    known?.code === 'ENOSPC' ||
    known?.errcode === 13 ||
    /No space left on device|database or disk is full/i.test(text)
  )
    return new FulcrumError('disk-full', { path }, { cause: error });
  if (known?.errcode === 8 || /attempt to write a readonly database/i.test(text))
    return new FulcrumError('project-readonly', { path, problem: text }, { cause: error });
  if (known?.code === 'ENOENT') return new FulcrumError('file-not-found', { path }, { cause: error });
  if (known?.code === 'EACCES' || known?.code === 'EPERM')
    return new FulcrumError('file-unreadable', { path, problem: known.code }, { cause: error });
  return new FulcrumError('internal', { problem: text.split('\n')[0] ?? text }, { cause: error });
}

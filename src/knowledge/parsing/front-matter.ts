import { parse as parseYaml } from 'yaml';
import { FulcrumError } from '../../core/index.ts';
import type { DocumentAttributes } from '../document.ts';
import { readReaders } from '../sources/document-attributes.ts';

/** What the YAML before a text says of it. */
export interface FrontMatter {
  readonly title: string | null;
  readonly attributes: DocumentAttributes;
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Longer values are prose and nothing to filter by. */
const longestValue = 200;
const mostKeys = 64;

/**
 * Reads `title`, `language` (or `lang`), `date`, `readers` and, as metadata, every other text, number, truth value
 * and list of these; dots lead into nested members (`author.name`). YAML that does not parse gives only a title.
 * Throws `access-list-invalid` (naming `uri`) where `readers` is there but cannot be understood: who may read a
 * document is never guessed.
 */
export function readFrontMatter(block: string, uri: string): FrontMatter {
  const yaml = block.replace(/^---.*\n/, '').replace(/\n?---\s*$/, '');
  let value: unknown;
  try {
    value = parseYaml(yaml, { logLevel: 'error', maxAliasCount: 0 });
  } catch (cause) {
    if (/^readers[ \t]*:/m.test(yaml)) throw invalidReaders(uri, 'the front matter is not YAML', cause);
    const line = /^title:[ \t]*(.+)$/m.exec(yaml)?.[1]?.trim();
    return { title: line?.replace(/^(["'])(.*)\1$/, '$2') || null, attributes: {} };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { title: null, attributes: {} };
  const { title, readers, ...others } = value as Record<string, unknown>;
  const words = typeof title === 'string' || typeof title === 'number' ? String(title).trim() : '';
  return { title: words || null, attributes: attributesOf(readers, others, uri) };
}

function attributesOf(readers: unknown, others: Record<string, unknown>, uri: string): DocumentAttributes {
  const language = languageTag(others.language ?? others.lang);
  const date = typeof others.date === 'string' && isDate(others.date) ? others.date : null;
  const metadata = new Map<string, string | readonly string[]>();
  collect(others, '', metadata);
  if (language) for (const name of ['language', 'lang']) metadata.delete(name);
  if (date) metadata.delete('date');
  return {
    ...(language ? { language } : {}),
    ...(date ? { date } : {}),
    ...(readers === undefined ? {} : { readers: readReaders(readers, { path: uri, field: 'readers' }) }),
    ...(metadata.size > 0 ? { metadata: Object.fromEntries(metadata) } : {}),
  };
}

function invalidReaders(uri: string, problem: string, cause: unknown): FulcrumError {
  return new FulcrumError('access-list-invalid', { path: uri, field: 'readers', problem }, { cause });
}

/** The language as BCP 47 writes it, or null. */
export function languageTag(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    return Intl.getCanonicalLocales(value.trim().replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

function isDate(value: string): boolean {
  return isoDate.test(value) && !Number.isNaN(Date.parse(value.replace(' ', 'T')));
}

function collect(
  members: Record<string, unknown>,
  prefix: string,
  into: Map<string, string | readonly string[]>,
  depth = 0,
): void {
  for (const [name, value] of Object.entries(members)) {
    if (into.size >= mostKeys) return;
    const key = `${prefix}${name}`;
    if (Array.isArray(value)) {
      const values = value.map(scalar).filter((item) => item !== null);
      if (values.length > 0 && values.length === value.length) into.set(key, values);
    } else if (typeof value === 'object' && value !== null) {
      if (depth < 4) collect(value as Record<string, unknown>, `${key}.`, into, depth + 1);
    } else {
      const text = scalar(value);
      if (text !== null) into.set(key, text);
    }
  }
}

function scalar(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  const text = String(value).trim().toWellFormed();
  return text !== '' && text.length <= longestValue ? text : null;
}

import { everyone, FulcrumError, suggest } from '../../core/index.ts';
import type { DocumentAttributes, RawDocument } from '../document.ts';

/** What a source may say of a document beside its text; every member is checked by `readAttributes`. */
export type SourceAttributes = Pick<RawDocument, 'title' | 'readers' | 'language' | 'date' | 'metadata'>;

const memberNames = ['title', 'readers', 'language', 'date', 'metadata'] as const;
const readerToken = /^(?:everyone|(?:user|group):\S(?:.*\S)?)$/;
const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * Checks attributes that came from a sidecar file, a column or code. An absent member stays absent.
 * Throws `access-list-invalid` for readers that cannot be understood, also where a misspelt member may have been
 * meant as readers, and `attribute-invalid` for any other member; both name `path` and the field.
 */
export function readAttributes(value: unknown, path: string): SourceAttributes {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FulcrumError('access-list-invalid', {
      path,
      field: 'the whole',
      problem: 'it holds no members such as "readers"',
    });
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !(memberNames as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new FulcrumError('access-list-invalid', {
      path,
      field: unknown,
      problem: `there is no such member. ${suggest(unknown, memberNames)}`.trim(),
    });
  const { title, readers, language, date, metadata } = given;
  return {
    ...(title === undefined ? {} : { title: readTitle(title, path) }),
    ...(readers === undefined ? {} : { readers: readReaders(readers, { path, field: 'readers' }) }),
    ...(language === undefined ? {} : { language: readLanguage(language, { path, field: 'language' }) }),
    ...(date === undefined ? {} : { date: readDate(date, { path, field: 'date' }) }),
    ...(metadata === undefined ? {} : { metadata: readMetadata(metadata, path) }),
  };
}

/** Where a value stands: a file (with line or row), and the field in it. */
export interface FieldPlace {
  readonly path: string;
  readonly field: string;
}

/**
 * An access list: an array of tokens, or one text of tokens between commas or semicolons. An empty array means
 * nobody but the owners. Throws `access-list-invalid` for anything else, an empty text included: who may read a
 * document is never guessed.
 */
export function readReaders(value: unknown, { path, field }: FieldPlace): string[] {
  const invalid = (problem: string): FulcrumError =>
    new FulcrumError('access-list-invalid', { path, field, problem });
  if (typeof value === 'string' && value.trim() === '') throw invalid('it is empty');
  const tokens = typeof value === 'string' ? value.split(/[,;]/) : value;
  if (!Array.isArray(tokens)) throw invalid('it is no list of readers');
  const read = tokens.map((token) => {
    const text = typeof token === 'string' ? token.trim().normalize('NFC') : '';
    if (!readerToken.test(text) || /\p{Cc}/u.test(text))
      throw invalid(
        `${JSON.stringify(token)?.slice(0, 100)} is none of "everyone", "user:NAME" and "group:NAME"`,
      );
    return text;
  });
  return [...new Set(read)];
}

/** A language as BCP 47 writes it. Throws `attribute-invalid`. */
export function readLanguage(value: unknown, place: FieldPlace): string {
  try {
    const [tag] = Intl.getCanonicalLocales(
      typeof value === 'string' ? value.trim().replaceAll('_', '-') : '',
    );
    if (tag !== undefined) return tag;
  } catch {
    // Said below.
  }
  throw invalidAttribute(place, value, 'is no language tag such as "en" or "de-CH"');
}

/** An ISO 8601 day, or an instant with its zone. Throws `attribute-invalid`. */
export function readDate(value: unknown, place: FieldPlace): string {
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
  if (typeof text === 'string' && isoDate.test(text.trim()) && isRealDay(text.trim())) return text.trim();
  throw invalidAttribute(
    place,
    value,
    'is no day such as 2026-11-24 and no instant such as 2026-11-24T09:00:00Z',
  );
}

/** The 31st of April parses, as the 1st of May. */
function isRealDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(day.getTime()) &&
    day.toISOString().startsWith(text.slice(0, 10))
  );
}

function readTitle(value: unknown, path: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw invalidAttribute({ path, field: 'title' }, value, 'is no text');
}

/** Texts and lists of texts by name; numbers and truth values become texts. Throws `attribute-invalid`. */
export function readMetadata(value: unknown, path: string): Record<string, string | readonly string[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidAttribute({ path, field: 'metadata' }, value, 'is no object of names and values');
  const read = Object.entries(value).map(([name, entry]) => {
    const field = `metadata.${name}`;
    const texts = (Array.isArray(entry) ? entry : [entry]).map((item) => readScalar(item, { path, field }));
    return [name, Array.isArray(entry) ? texts : texts[0]!] as const;
  });
  return Object.fromEntries(read);
}

function readScalar(value: unknown, place: FieldPlace): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalidAttribute(place, value, 'is no text, number or truth value');
}

function invalidAttribute({ path, field }: FieldPlace, value: unknown, problem: string): FulcrumError {
  const shown = JSON.stringify(value)?.slice(0, 100) ?? String(value);
  return new FulcrumError('attribute-invalid', { path, field, problem: `${shown} ${problem}` });
}

/** What is known of a document when source and text are taken together. */
export interface ResolvedAttributes {
  readonly readers: readonly string[];
  readonly language: string | null;
  readonly date: string | null;
  readonly metadata: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Joins what the source says of a document with what its text says. The source comes first, member by member of the
 * metadata. An access list in the text narrows that of the source, see `textReaders` of `RawDocument`.
 */
export function resolveAttributes(raw: RawDocument, said: DocumentAttributes = {}): ResolvedAttributes {
  return {
    readers: narrowReaders(raw.readers ?? [everyone], said.readers, raw.textReaders ?? 'narrow'),
    language: raw.language ?? said.language ?? null,
    date: raw.date ?? said.date ?? raw.lastChanged ?? null,
    metadata: { ...said.metadata, ...raw.metadata },
  };
}

/**
 * Who may read a document that the source gives to `granted` and that says of itself `said`. Narrowed, the result lets
 * nobody in who is not on both lists: tokens that stand for the same people are kept, and whether a user belongs to a
 * group is not known here.
 */
export function narrowReaders(
  granted: readonly string[],
  said: readonly string[] | undefined,
  policy: NonNullable<RawDocument['textReaders']>,
): readonly string[] {
  if (said === undefined || policy === 'ignore') return granted;
  if (policy === 'replace' || granted.includes(everyone)) return said;
  if (said.includes(everyone)) return granted;
  return granted.filter((token) => said.includes(token));
}

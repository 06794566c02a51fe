import {
  readDate,
  readLanguage,
  readMetadata,
  readReaders,
  type SourceAttributes,
} from './document-attributes.ts';
import type { RecordFields } from './source-config.ts';

/**
 * What the fields of a record say of its document. A language, a date or metadata may be missing; an access list may
 * not, once a field is named for it. Throws `access-list-invalid` and `attribute-invalid`, naming `path` and the field.
 */
export function recordAttributes(
  fieldValue: (field: string) => unknown,
  title: string | undefined,
  fields: RecordFields = {},
  path: string,
): SourceAttributes {
  const words = title === undefined ? undefined : fieldValue(title);
  const language = fields.language === undefined ? undefined : given(fieldValue(fields.language));
  const date = fields.date === undefined ? undefined : given(fieldValue(fields.date));
  const metadata = recordMetadata(fieldValue, fields.metadata, path);
  return {
    ...(typeof words === 'string' && words.trim() !== '' ? { title: words.trim() } : {}),
    ...(fields.readers === undefined
      ? {}
      : { readers: readReaders(fieldValue(fields.readers), { path, field: fields.readers }) }),
    ...(language === undefined
      ? {}
      : { language: readLanguage(language, { path, field: fields.language ?? '' }) }),
    ...(date === undefined ? {} : { date: readDate(date, { path, field: fields.date ?? '' }) }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function recordMetadata(
  fieldValue: (field: string) => unknown,
  fields: RecordFields['metadata'],
  path: string,
): SourceAttributes['metadata'] {
  if (fields === undefined) return undefined;
  const named = Array.isArray(fields) ? fields.map((name) => [name, name] as const) : Object.entries(fields);
  const values = named.flatMap(([name, field]) => {
    const value = given(fieldValue(field));
    return value === undefined ? [] : [[name, value] as const];
  });
  return values.length === 0 ? undefined : readMetadata(Object.fromEntries(values), path);
}

function given(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

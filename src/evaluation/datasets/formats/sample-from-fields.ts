import { type Sample, sampleSchema } from '../../../core/index.ts';
import { describe } from '../read-samples.ts';
import type { MappableField } from './column-map.ts';

/** Prefix of the tag that keeps when a sample was asked; `dataset split --by time` reads it. */
export const timeTagPrefix = 'time:';

/** Values of one record by what they are read as: cells of a table, or values of a JSON object. */
export type FieldValues = Readonly<Partial<Record<MappableField, unknown>>>;

/**
 * A sample from loose values. Empty text is "not given". A cell that starts with `[` is a JSON array, as `references`,
 * `facts`, `tags` and the other lists are exported; otherwise `facts` and `references` are one text, and `tags` are separated by commas.
 * @param defaultId id of a record without one.
 * @return the sample, or what is wrong in words.
 */
export function sampleFromFields(
  values: FieldValues,
  defaultId: string,
): { readonly sample: Sample } | { readonly problem: string } {
  try {
    const parsed = sampleSchema.safeParse(memberValues(values, defaultId));
    return parsed.success ? { sample: parsed.data } : { problem: describe(parsed.error) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function memberValues(values: FieldValues, defaultId: string): Record<string, unknown> {
  const text = (field: MappableField): string | undefined => plainText(values[field], field);
  const tags = listValue(values.tags, 'tags', (cell) => cell.split(',').map((tag) => tag.trim()));
  const time = text('time');
  const allTags = [...(tags ?? []), ...(time === undefined ? [] : [`${timeTagPrefix}${time}`])];
  const document = text('document');
  const quote = text('quote');
  const evidence =
    listValue(values.evidence, 'evidence', (cell) => [{ document: cell }]) ??
    (document === undefined ? undefined : [{ document, ...(quote === undefined ? {} : { quote }) }]);
  if (document === undefined && quote !== undefined)
    throw new Error('"quote" needs the document that it is from');
  return withoutAbsent({
    id: text('id') ?? defaultId,
    input: text('input') ?? '',
    reference: text('reference'),
    references: listValue(values.references, 'references', (cell) => [cell]),
    facts: formsValue(values.facts, 'facts'),
    mustNot: formsValue(values.mustNot, 'mustNot'),
    maxWords: wholeNumber(values.maxWords, 'maxWords'),
    answerable: yesOrNo(values.answerable),
    label: text('label'),
    evidence,
    group: text('group'),
    tags: allTags.length > 0 ? allTags.filter((tag) => tag !== '') : undefined,
    hiddenDocuments: listValue(values.hiddenDocuments, 'hiddenDocuments', (cell) => [cell]),
    split: text('split'),
  });
}

/** Text of a cell; undefined where there is none. Numbers and truth values are written out. */
export function plainText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`"${name}" is not text`);
}

function listValue(
  value: unknown,
  name: string,
  fromText: (cell: string) => unknown[],
): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const cell = plainText(value, name);
  if (cell === undefined) return undefined;
  if (!cell.trimStart().startsWith('[')) return fromText(cell);
  try {
    const list: unknown = JSON.parse(cell);
    if (Array.isArray(list)) return list;
  } catch {
    // Text that only happens to start with a bracket.
  }
  return fromText(cell);
}

/** Facts, or what must not be said: a list of lists of forms; a plain text is one of one form. */
function formsValue(value: unknown, name: string): unknown[] | undefined {
  return listValue(value, name, (cell) => [[cell]])?.map((forms) =>
    typeof forms === 'string' ? [forms] : forms,
  );
}

function wholeNumber(value: unknown, name: string): number | undefined {
  const text = plainText(value, name);
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  throw new Error(`"${name}" is a whole number, not "${text.slice(0, 40)}"`);
}

function yesOrNo(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = plainText(value, 'answerable')?.trim().toLowerCase();
  if (word === undefined) return undefined;
  if (['true', 'yes', 'y', '1'].includes(word)) return true;
  if (['false', 'no', 'n', '0'].includes(word)) return false;
  throw new Error(`"answerable" is yes or no, not "${word.slice(0, 40)}"`);
}

/** Without the members that are undefined. */
export function withoutAbsent(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

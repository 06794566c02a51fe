import { FulcrumError } from '../core/index.ts';
import type { InspectedDocument, SourceInspection } from '../knowledge/index.ts';

/** Options of `fulcrum source add`. */
export interface SourceOptions {
  files?: string;
  git?: string;
  jsonl?: string;
  csv?: string;
  beir?: string;
  module?: string;
  glob?: string[];
  exclude?: string[];
  gitignore?: boolean;
  ref?: string;
  path?: string;
  id?: string;
  text?: string[];
  title?: string;
  readersField?: string;
  languageField?: string;
  dateField?: string;
  metadataField?: string[];
  readers?: string;
}

const kinds = ['files', 'git', 'jsonl', 'csv', 'beir', 'module'] as const;
type Kind = (typeof kinds)[number];

/** Options beside the kind itself, and the kinds that take them. */
const takenBy: Partial<Record<keyof SourceOptions, readonly Kind[]>> = {
  glob: ['files', 'git'],
  exclude: ['files', 'git'],
  gitignore: ['files'],
  ref: ['git'],
  path: ['git'],
  id: ['jsonl', 'csv'],
  text: ['jsonl', 'csv'],
  title: ['jsonl', 'csv'],
  readersField: ['jsonl', 'csv'],
  languageField: ['jsonl', 'csv'],
  dateField: ['jsonl', 'csv'],
  metadataField: ['jsonl', 'csv'],
};

/** The config entry that options describe. Throws `usage` unless exactly one kind of source is named, with what it needs. */
export function sourceDefinition(
  options: SourceOptions,
  place: { directory(path: string): string; file(path: string): string },
): Record<string, unknown> {
  const named = kinds.filter((kind) => options[kind] !== undefined);
  const [kind] = named;
  if (kind === undefined || named.length > 1)
    throw new FulcrumError('usage', {
      problem:
        'Name exactly one of --files DIR, --git DIR, --jsonl FILE, --csv FILE, --beir DIR and --module FILE.',
    });
  for (const [option, takers] of Object.entries(takenBy))
    if (options[option as keyof SourceOptions] !== undefined && !takers.includes(kind))
      throw new FulcrumError('usage', {
        problem: `${flag(option)} goes with ${takers.map(flag).join(' and ')}.`,
      });
  return withoutAbsent({
    ...kindMembers(kind, options, place),
    readers: options.readers?.split(/[,;]/).map((token) => token.trim()),
  });
}

function kindMembers(
  kind: Kind,
  options: SourceOptions,
  place: { directory(path: string): string; file(path: string): string },
): Record<string, unknown> {
  const { ref, path, gitignore } = options;
  const glob = single(options.glob);
  const exclude = single(options.exclude);
  const folder = () => place.directory(options[kind] as string);
  const file = () => place.file(options[kind] as string);
  switch (kind) {
    case 'files':
      return { type: kind, directory: folder(), glob, exclude, gitignore };
    case 'git':
      return { type: kind, directory: folder(), ref, path, glob, exclude };
    case 'beir':
      return { type: kind, directory: folder() };
    case 'module':
      return { type: kind, file: file() };
    default:
      return { type: kind, file: file(), ...recordMembers(kind, options) };
  }
}

function recordMembers(kind: 'jsonl' | 'csv', options: SourceOptions): Record<string, unknown> {
  const { id, title } = options;
  const text = single(options.text);
  if (id === undefined || (kind === 'jsonl' && typeof text !== 'string'))
    throw new FulcrumError('usage', {
      problem: kind === 'csv' ? '--csv needs --id COLUMN.' : '--jsonl needs --id FIELD and one --text FIELD.',
    });
  const fields = withoutAbsent({
    readers: options.readersField,
    language: options.languageField,
    date: options.dateField,
    metadata: options.metadataField,
  });
  return { id, text, title, fields: Object.keys(fields).length > 0 ? fields : undefined };
}

function single(values: readonly string[] | undefined): string | readonly string[] | undefined {
  return values?.length === 1 ? values[0] : values;
}

function withoutAbsent(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function flag(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Failures named in the text; the JSON has all of them. */
const failuresShown = 10;

/** What `fulcrum source check` prints for people. */
export function inspectionText(inspection: SourceInspection): string {
  const { source, listed, unversioned, endings, documents, readers, unmatchedRules, failures } = inspection;
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .slice(0, 12)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const lines = [
    `${source}: ${listed} documents${listed === 0 ? '' : ` (${counts(endings)})`}, ${failures.length} failed`,
    ...(unversioned > 0 && inspection.versions === 'declared'
      ? [`${unversioned} declare no version (they changed just now, or never do) and are read by every sync.`]
      : []),
    ...unmatchedRules.map(
      (pattern) => `! The rule "${pattern}" matches no document: what it says of readers applies to nothing.`,
    ),
    ...(documents.length === 0 ? [] : ['', `Read ${documents.length}. Readers: ${counts(readers)}`]),
    ...documents.map(documentLine),
    ...(failures.length === 0 ? [] : ['', 'Failed:']),
    ...failures.slice(0, failuresShown).map(({ uri, code, message }) => `  ${uri} (${code}): ${message}`),
  ];
  if (failures.length > failuresShown)
    lines.push(`  and ${failures.length - failuresShown} more (see --json)`);
  return lines.join('\n');
}

function documentLine(document: InspectedDocument): string {
  const { uri, mediaType, bytes, characters, chunks, readers, language, date, metadata, warnings } = document;
  const said = [
    readers.length === 0 ? 'readers: nobody but owners' : `readers: ${readers.join(', ')}`,
    ...(language === null ? [] : [`language: ${language}`]),
    ...(date === null ? [] : [`date: ${date}`]),
    ...Object.entries(metadata).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`),
  ];
  return [
    `  ${uri}  ${mediaType}, ${bytes} bytes, ${characters} characters of text, ${chunks} ${chunks === 1 ? 'chunk' : 'chunks'}`,
    `    ${said.join('; ')}`,
    ...warnings.map((warning) => `    ! ${warning}`),
  ].join('\n');
}

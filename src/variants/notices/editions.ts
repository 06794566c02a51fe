import type { Principal } from '../../core/index.ts';

/** What is known of a document without reading its text. */
export interface ListedDocument {
  readonly documentId: string;
  readonly source: string;
  readonly key: string;
  readonly title?: string | null | undefined;
  readonly date?: string | undefined;
  readonly metadata?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The documents that a principal may read. Supplied by `app`. */
export type ListDocuments = (principal: Principal) => Promise<readonly ListedDocument[]>;

/** Finds later editions of documents among those that may be read. */
export interface Editions {
  /** Ids of the later editions of a document, latest first; empty where nothing says that there are any. */
  laterThan(
    documentId: string,
    principal: Principal,
    sources?: readonly string[],
  ): Promise<readonly string[]>;
}

/** A version or a day by which editions are ordered, as it stands in a path, a source's name or the metadata. */
type Mark = { readonly kind: 'version' | 'day'; readonly parts: readonly number[]; readonly shown: string };

interface Edition extends ListedDocument {
  readonly mark: Mark;
}

/**
 * Editions are documents of the same path but for a version or a day in it or in the name of their source (`v2/setup.md` and
 * `v3/setup.md`, `docs-2.25` and `docs-3.0`), or of the same path in sources that share a name, told apart by `version` in their
 * metadata; or of the same title with a date each. Documents that nothing orders are not compared.
 * @param indexVersion name of what can be found: the list is made anew when it changes.
 */
export function createEditions(options: {
  readonly list: ListDocuments;
  readonly indexVersion: (tenant: string) => Promise<string>;
}): Editions {
  const kept = new Map<string, { readonly version: string; readonly groups: Promise<Groups> }>();
  return {
    async laterThan(documentId, principal, sources) {
      const name = JSON.stringify(principal);
      const version = await options.indexVersion(principal.tenant);
      let known = kept.get(name);
      if (known?.version !== version) {
        known = { version, groups: options.list(principal).then(groupEditions) };
        kept.delete(name);
        kept.set(name, known);
        // A server asks for many principals; the oldest list goes.
        if (kept.size > maxLists) kept.delete(kept.keys().next().value ?? '');
      }
      const { byDocument, groups } = await known.groups;
      const key = byDocument.get(documentId);
      const group = key === undefined ? [] : (groups.get(key) ?? []);
      const own = group.find((edition) => edition.documentId === documentId);
      if (!own) return [];
      return group
        .filter(
          (other) =>
            other.mark.kind === own.mark.kind &&
            compareMarks(other.mark, own.mark) > 0 &&
            (sources === undefined || sources.includes(other.source)),
        )
        .sort((a, b) => compareMarks(b.mark, a.mark))
        .map((edition) => edition.documentId);
    },
  };
}

/** Most lists of documents that are kept. */
const maxLists = 20;

interface Groups {
  readonly byDocument: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, readonly Edition[]>;
}

function groupEditions(documents: readonly ListedDocument[]): Groups {
  const byDocument = new Map<string, string>();
  const groups = new Map<string, Edition[]>();
  for (const document of documents) {
    const read = readMark(document);
    if (read === null) continue;
    byDocument.set(document.documentId, read.key);
    const group = groups.get(read.key);
    const edition = { ...document, mark: read.mark };
    if (group) group.push(edition);
    else groups.set(read.key, [edition]);
  }
  return { byDocument, groups };
}

const versionName = /^(?:version[-_ ]?|v|release[-_ ]?)?(\d{1,4}(?:\.\d{1,5}){0,3})(?:\.x)?$/i;
const dayName = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/;

/** The mark of an edition, and the name that its editions share; null where nothing marks it. */
export function readMark({
  source,
  key,
  metadata,
  title,
  date,
}: ListedDocument): { key: string; mark: Mark } | null {
  const segments = key.split('/');
  const at = segments.slice(0, -1).findIndex((segment) => markOf(segment) !== null);
  const inPath = at === -1 ? null : markOf(segments[at] ?? '');
  if (inPath) {
    const shared = segments.map((segment, index) => (index === at ? '*' : segment)).join('/');
    return { key: `${source}\n${shared}`, mark: inPath };
  }
  const [, base, tail] = /^(.+?)[-_@ ]((?:v|version-?)?\d[\d.-]*)$/i.exec(source) ?? [];
  const inSource = tail === undefined ? null : markOf(tail);
  if (inSource) return { key: `${base}\n${key}`, mark: inSource };
  const version = metadata?.version;
  const said = typeof version === 'string' ? markOf(version) : null;
  if (said) return { key: `*\n${key}`, mark: said };
  const day = date === undefined ? null : markOf(date.slice(0, 10));
  return day && title ? { key: `title\n${title}`, mark: day } : null;
}

function markOf(name: string): Mark | null {
  const day = dayName.exec(name);
  if (day && Number(day[2]) >= 1 && Number(day[2]) <= 12)
    return { kind: 'day', parts: [Number(day[1]), Number(day[2]), Number(day[3] ?? 0)], shown: name };
  const version = versionName.exec(name)?.[1];
  // "2024" alone may be a year or a number of anything; with a letter or a point it is a version.
  if (version === undefined || (/^\d+$/.test(name) && name.length !== 1)) return null;
  return { kind: 'version', parts: version.split('.').map(Number), shown: version };
}

function compareMarks(a: Mark, b: Mark): number {
  for (let at = 0; at < Math.max(a.parts.length, b.parts.length); at++) {
    const difference = (a.parts[at] ?? 0) - (b.parts[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

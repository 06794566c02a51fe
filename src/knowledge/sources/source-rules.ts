import { matchesGlob } from 'node:path/posix';
import { contentHash } from '../../core/index.ts';
import type { RawDocument, Source } from '../document.ts';
import type { SourceCommons } from './source-config.ts';

/**
 * A source under what its config says of its documents. Of one member the document's own value (column, sidecar file)
 * comes first, then the last rule that matches its key and names the member, then, for readers, those of the source.
 * Metadata are joined name by name in the same order. What the config says is part of every declared version, so that
 * a changed rule reaches documents that did not change.
 */
export function applyRules(source: Source, commons: SourceCommons): Source {
  const { readers, rules = [], textReaders } = commons;
  if (readers === undefined && rules.length === 0 && textReaders === undefined) return source;
  const declared = declareUnder(source, contentHash({ readers, rules, textReaders }));
  return {
    ...declared,
    read: async (item, options) => withRules(await declared.read(item, options), commons),
  };
}

/** The source with versions that depend on `settings` as well. */
export function declareUnder(source: Source, settings: string): Source {
  const ending = `+${settings}`;
  return {
    name: source.name,
    capabilities: source.capabilities,
    async *list(options) {
      for await (const listing of source.list(options)) {
        if (!listing.ok || listing.item.version === null) yield listing;
        else yield { ok: true, item: { ...listing.item, version: `${listing.item.version}${ending}` } };
      }
    },
    // The source is asked for the item as it listed it.
    read: ({ version, ...item }, options) =>
      source.read(
        { ...item, version: version?.endsWith(ending) ? version.slice(0, -ending.length) : version },
        options,
      ),
  };
}

/** Patterns of the rules that match none of the keys: of a misspelt one nobody would learn that it keeps nobody out. */
export function unmatchedPatterns({ rules = [] }: SourceCommons, keys: readonly string[]): string[] {
  const patterns = rules.flatMap(({ match }) => [match].flat());
  return [...new Set(patterns)].filter((glob) => !keys.some((key) => matchesGlob(key, glob)));
}

function withRules(raw: RawDocument, { readers, rules = [], textReaders }: SourceCommons): RawDocument {
  const matching = rules.filter(({ match }) => [match].flat().some((glob) => matchesGlob(raw.key, glob)));
  const lastOf = <Member extends 'readers' | 'language' | 'date'>(member: Member) =>
    matching.findLast((rule) => rule[member] !== undefined)?.[member];
  const metadata = Object.assign({}, ...matching.map((rule) => rule.metadata ?? {}), raw.metadata ?? {});
  return {
    ...raw,
    readers: raw.readers ?? lastOf('readers') ?? readers,
    language: raw.language ?? lastOf('language'),
    date: raw.date ?? lastOf('date'),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(textReaders === undefined ? {} : { textReaders }),
  };
}

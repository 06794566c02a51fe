import type { ChunkFilter } from '../chunk-store.ts';
import { columnFilter, languageMatches } from '../store/chunk-filter.ts';

/**
 * One filter that lets through what all of the given ones do, so that a caller can narrow what a variant or another
 * caller has narrowed, and never widen it. Throws `filter-invalid` for a date that is none.
 */
export function combineFilters(...filters: readonly (ChunkFilter | undefined)[]): ChunkFilter {
  return filters.reduce<ChunkFilter>((all, filter) => (filter ? both(all, filter) : all), {});
}

function both(a: ChunkFilter, b: ChunkFilter): ChunkFilter {
  const metadata: Record<string, readonly string[]> = { ...a.metadata };
  for (const [key, values] of Object.entries(b.metadata ?? {}))
    metadata[key] = Object.hasOwn(metadata, key) ? common(metadata[key]!, values) : values;
  const excepted = new Set([...(a.exceptDocuments ?? []), ...(b.exceptDocuments ?? [])]);
  const combined: ChunkFilter = {
    sources: commonOf(a.sources, b.sources),
    exceptDocuments: excepted.size === 0 ? undefined : [...excepted],
    chunkIds: commonOf(a.chunkIds, b.chunkIds),
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    languages: a.languages && b.languages ? narrower(a.languages, b.languages) : (a.languages ?? b.languages),
    from: laterStart(a.from, b.from),
    to: earlierEnd(a.to, b.to),
  };
  return Object.fromEntries(Object.entries(combined).filter(([, value]) => value !== undefined));
}

function common(a: readonly string[], b: readonly string[]): string[] {
  return a.filter((value) => b.includes(value));
}

function commonOf(a: readonly string[] | undefined, b: readonly string[] | undefined) {
  return a && b ? common(a, b) : (a ?? b);
}

/** Of each two ranges one of which lies in the other, the one inside. */
function narrower(a: readonly string[], b: readonly string[]): string[] {
  const inside = a.flatMap((one) =>
    b.flatMap((other) =>
      languageMatches(one, other.toLowerCase())
        ? [one]
        : languageMatches(other, one.toLowerCase())
          ? [other]
          : [],
    ),
  );
  return [...new Set(inside)];
}

function laterStart(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (columnFilter({ from: a })?.from ?? 0) >= (columnFilter({ from: b })?.from ?? 0) ? a : b;
}

function earlierEnd(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (columnFilter({ to: a })?.to ?? 0) <= (columnFilter({ to: b })?.to ?? 0) ? a : b;
}

import { type Evidence, FulcrumError, type Sample, sha256 } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { quotePattern } from './quote-pattern.ts';

/** How document ids without a source are completed. */
export interface SourceNames {
  /** Names of the sources of the project. */
  readonly known: readonly string[];
  /** The source that ids without one belong to; called only when there is such an id. Throws `source-ambiguous`. */
  readonly resolve: () => string;
}

/** A quote that stands in its document more than once; the first place was taken. */
export interface AmbiguousQuote {
  readonly sample: string;
  readonly document: string;
  readonly occurrences: number;
}

export interface AnchoredSamples {
  readonly samples: Sample[];
  readonly ambiguous: AmbiguousQuote[];
  /** Pieces of evidence that were quotes and have offsets now. */
  readonly anchored: number;
}

/** Longest list of missing evidence in a message. */
const namedMissing = 10;

/**
 * Checks every piece of evidence against the corpus and gives it exact offsets: quotes become `start`, `end` and
 * `hash`, offsets are checked against their hash or quote, and ids get their source. Each document is read once.
 * Throws `evidence-not-found`, which names the pieces that are not there.
 */
export async function anchorEvidence(
  samples: readonly Sample[],
  sources: SourceNames,
  readDocument: ReadDocument,
): Promise<AnchoredSamples> {
  const hidden = new Map(samples.map((sample) => [sample, hiddenPieces(sample)]));
  const places = placesByDocument(samples, hidden, sources);
  const found = new Map<Evidence, Evidence>();
  const missing: string[] = [];
  const ambiguous: AmbiguousQuote[] = [];
  let total = 0;
  let anchored = 0;
  for (const [document, pieces] of places) {
    const text = (await readDocument(document))?.text ?? null;
    for (const { sample, evidence } of pieces) {
      total++;
      const place = text === null ? null : locate(text, evidence);
      if (place === null) {
        missing.push(`${sample} -> ${document}${text === null ? ' (no such document)' : shown(evidence)}`);
        continue;
      }
      if (place.occurrences > 1) ambiguous.push({ sample, document, occurrences: place.occurrences });
      if (evidence.quote !== undefined) anchored++;
      found.set(evidence, {
        document,
        ...place.span,
        ...(evidence.grade === undefined ? {} : { grade: evidence.grade }),
      });
    }
  }
  if (missing.length > 0)
    throw new FulcrumError('evidence-not-found', {
      count: missing.length,
      total,
      items: `${missing.slice(0, namedMissing).join('; ')}${missing.length > namedMissing ? '; …' : ''}`,
    });
  return {
    samples: samples.map((sample) => withEvidence(sample, hidden.get(sample) ?? [], found)),
    ambiguous,
    anchored,
  };
}

interface Place {
  readonly span: { start: number; end: number; hash: string } | Record<string, never>;
  readonly occurrences: number;
}

/**
 * Where a piece of evidence stands in a canonical text; null where it does not. A quote that does not stand there as it is may
 * differ in white space, as one does that was copied from a page whose lines are broken elsewhere.
 */
function locate(text: string, { quote, start, end, hash }: Evidence): Place | null {
  if (start !== undefined && end !== undefined) {
    const slice = text.slice(start, end);
    const actual = sha256(slice);
    if (end > text.length || (hash !== undefined && hash !== actual)) return null;
    if (quote !== undefined && canonical(quote) !== slice) return null;
    return { span: { start, end, hash: actual }, occurrences: 1 };
  }
  if (quote === undefined) return { span: {}, occurrences: 1 };
  const wanted = canonical(quote);
  const slices = wanted !== '' && text.includes(wanted) ? null : text.match(quotePattern(quote) ?? noPlace);
  const found = slices?.[0] ?? wanted;
  const at = text.indexOf(found);
  if (at < 0) return null;
  const span = { start: at, end: at + found.length, hash: sha256(found) };
  if (hash !== undefined && hash !== span.hash) return null;
  return { span, occurrences: slices?.length ?? text.split(wanted).length - 1 };
}

/** Matches nowhere. */
const noPlace = /(?!)/g;

/** Line endings as the canonical text has them. */
function canonical(quote: string): string {
  return quote.replace(/\r\n?/g, '\n');
}

function placesByDocument(
  samples: readonly Sample[],
  hidden: ReadonlyMap<Sample, readonly Evidence[]>,
  sources: SourceNames,
): Map<string, { sample: string; evidence: Evidence }[]> {
  const places = new Map<string, { sample: string; evidence: Evidence }[]>();
  for (const each of samples)
    for (const evidence of [...(each.evidence ?? []), ...(hidden.get(each) ?? [])]) {
      const sample = each.id;
      const named = sources.known.some((source) => evidence.document.startsWith(`${source}:`));
      const document = named ? evidence.document : `${sources.resolve()}:${evidence.document}`;
      const there = places.get(document);
      if (there) there.push({ sample, evidence });
      else places.set(document, [{ sample, evidence }]);
    }
  return places;
}

/** Hidden documents are looked up as evidence without a place is: a misspelt one would hide nothing. */
function hiddenPieces({ hiddenDocuments }: Sample): Evidence[] {
  return (hiddenDocuments ?? []).map((document) => ({ document }));
}

function withEvidence(
  sample: Sample,
  hidden: readonly Evidence[],
  found: ReadonlyMap<Evidence, Evidence>,
): Sample {
  const completed = (pieces: readonly Evidence[]): Evidence[] =>
    pieces.map((piece) => found.get(piece) ?? piece);
  return {
    ...sample,
    ...(sample.evidence ? { evidence: completed(sample.evidence) } : {}),
    ...(hidden.length > 0 ? { hiddenDocuments: completed(hidden).map(({ document }) => document) } : {}),
  };
}

function shown({ quote, start, end }: Evidence): string {
  const line = quote?.replace(/\s+/g, ' ');
  if (line !== undefined) return ` "${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
  return start === undefined ? '' : ` [${start}, ${end})`;
}

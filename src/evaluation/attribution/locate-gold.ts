import type { Answer, Context, Evidence, Sample } from '../../core/index.ts';
import type { RankedSpan, ReadDocument } from '../evaluated.ts';
import { holdsFact, normaliseFact } from '../scorers/fact-match.ts';
import { goldItems, overlaps, type Place } from '../scorers/relevance.ts';
import type { GoldPlace } from './sample-outcome.ts';

/** Shortest form of a fact that is taken as found wherever it stands; shorter ones stand everywhere by chance. */
const leastTellingForm = 4;

/** Characters around a piece of evidence that are read with it when its facts are looked for. */
const surroundings = 200;

/** A place that a variant or a search has come upon; `text` where it is not to be read from the corpus. */
interface FoundPlace extends Place {
  readonly text?: string | undefined;
}

/** Finds gold evidence in candidates and contexts, reading each document once. */
export interface GoldLocator {
  locate(options: {
    readonly sample: Sample;
    /** Null where there is no answer. */
    readonly answer: Answer | null;
    /** Searches for candidates, best first, where the context lacks the evidence; undefined where they are not known. */
    readonly candidates: (() => Promise<readonly RankedSpan[]>) | undefined;
    /** Whether the variant has a corpus of its own, so that ours says nothing about it. */
    readonly foreign: boolean;
  }): Promise<GoldPlace>;
  /** Facts of which no accepted form stands in the evidence or near it; none where the evidence cannot be read. */
  missingFacts(sample: Sample): Promise<readonly string[]>;
}

/**
 * Evidence counts as found when every piece of it is met, or every fact is held by some passage, for a fact may stand
 * in a place that nobody marked (only where all its forms have four characters or more).
 */
export function createGoldLocator(readDocument: ReadDocument): GoldLocator {
  const texts = new Map<string, Promise<string | null>>();
  const textOf = (documentId: string): Promise<string | null> => {
    const known = texts.get(documentId);
    if (known) return known;
    const read = readDocument(documentId).then((document) => document?.text ?? null);
    texts.set(documentId, read);
    return read;
  };
  const textAt = async (place: FoundPlace): Promise<string> => {
    if (place.text !== undefined) return place.text;
    const text = await textOf(place.documentId);
    return text === null ? '' : text.slice(place.start ?? 0, place.end);
  };

  /** Number of places, from the first, that hold all of it; null where even all of them do not. */
  const placesNeeded = async (sample: Sample, places: readonly FoundPlace[]): Promise<number | null> => {
    const pieces = new Set(goldItems(sample.evidence));
    const facts = new Set(tellingFacts(sample));
    const factsTell = facts.size > 0;
    for (const [index, place] of places.entries()) {
      const text = await textAt(place);
      for (const piece of pieces)
        if (overlaps(place, piece) || (place.text !== undefined && (await quotes(text, piece))))
          pieces.delete(piece);
      for (const fact of facts) if (holdsFact(text, fact)) facts.delete(fact);
      if (pieces.size === 0 || (factsTell && facts.size === 0)) return index + 1;
    }
    return null;
  };

  const quotes = async (text: string, piece: Evidence): Promise<boolean> => {
    const { document, start, end, quote } = piece;
    const whole = start === undefined || end === undefined ? null : await textOf(document);
    const wanted = normaliseFact(quote ?? whole?.slice(start, end) ?? '');
    return wanted !== '' && normaliseFact(text).includes(wanted);
  };

  return {
    async locate({ sample, answer, candidates, foreign }) {
      const gold = goldItems(sample.evidence);
      if (gold.length === 0)
        return { marked: false, inCorpus: null, candidateRank: undefined, inContext: null };
      const read = await Promise.all(gold.map(({ document }) => textOf(document)));
      const inCorpus = foreign ? null : read.every((text) => text !== null);
      const contexts = answer === null ? null : contextPlaces(answer.contexts);
      const inContext = contexts === null ? null : (await placesNeeded(sample, contexts)) !== null;
      const searched = inContext === false && inCorpus !== false ? await candidates?.() : undefined;
      return {
        marked: true,
        inCorpus,
        candidateRank: searched === undefined ? undefined : await placesNeeded(sample, searched),
        inContext,
      };
    },
    async missingFacts(sample) {
      const gold = goldItems(sample.evidence);
      const read = await Promise.all(gold.map((piece) => surroundingsOf(piece, textOf)));
      if (gold.length === 0 || read.some((text) => text === null)) return [];
      const text = read.join('\n');
      return (sample.facts ?? []).filter((forms) => !holdsFact(text, forms)).map((forms) => forms[0] ?? '');
    },
  };
}

async function surroundingsOf(
  { document, start, end }: Evidence,
  textOf: (documentId: string) => Promise<string | null>,
): Promise<string | null> {
  const text = await textOf(document);
  if (text === null || start === undefined || end === undefined) return text;
  return text.slice(Math.max(0, start - surroundings), end + surroundings);
}

function tellingFacts({ facts = [] }: Sample): readonly string[][] {
  const telling = facts.every((forms) => forms.every((form) => form.length >= leastTellingForm));
  return telling ? facts : [];
}

/** What was before the reader; null where a context says neither its document nor its text. */
function contextPlaces(contexts: readonly Context[]): FoundPlace[] | null {
  const places: FoundPlace[] = [];
  for (const { documentId, start, end, text, shown } of contexts) {
    if (shown === null) continue;
    if (documentId === null && text === undefined) return null;
    const document = documentId ?? '';
    if (shown) for (const span of shown.spans) places.push({ documentId: document, ...span });
    else places.push({ documentId: document, start: start ?? undefined, end: end ?? undefined, text });
  }
  return places;
}

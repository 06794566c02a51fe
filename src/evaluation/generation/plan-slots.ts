import { sha256 } from '../../core/index.ts';
import type { CorpusPassage, QuestionKind } from './generation.ts';

/** One attempt at a question: its kind and the passage that it starts from. */
export interface Slot {
  /** Place in the plan, from 0. */
  readonly ordinal: number;
  readonly kind: QuestionKind;
  readonly passage: CorpusPassage;
}

/** Longest passage that a question is made from, in characters. */
const longestPassage = 1500;
/** Letters and digits that a passage must have to be asked about. */
const fewestLetters = 90;

/**
 * Kinds in turn, 20 to a round: 8 single facts, 3 over several documents, 3 how-to, 2 comparisons, 2 that have no answer
 * and 2 follow-ups, spread so that every beginning of the plan has about these shares.
 */
const kindRound: readonly QuestionKind[] = [
  'single-fact',
  'how-to',
  'single-fact',
  'multi-document',
  'comparison',
  'single-fact',
  'unanswerable',
  'single-fact',
  'follow-up',
  'multi-document',
  'single-fact',
  'how-to',
  'single-fact',
  'comparison',
  'multi-document',
  'single-fact',
  'unanswerable',
  'follow-up',
  'how-to',
  'single-fact',
];

/** Documents in the order in which a plan comes to them. */
export function documentOrder<Document extends { readonly documentId: string }>(
  documents: readonly Document[],
  seed: string,
): Document[] {
  return documents
    .map((document) => ({ document, place: placeOf(document.documentId, seed) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ document }) => document);
}

function placeOf(id: string, seed: string): string {
  return sha256(`${seed}\n${id}`);
}

/**
 * Orders the passages of a corpus so that every beginning of the order is spread over documents first and over the
 * sections of each document second: each document gives one passage before any gives a second, each section one before
 * its own second. Which comes first depends on `seed` only, so that more questions extend fewer.
 */
export function planSlots(
  sections: readonly CorpusPassage[],
  kinds: readonly QuestionKind[],
  seed: string,
): Slot[] {
  const place = (id: string): string => placeOf(id, seed);
  const byDocument = Map.groupBy(sections, (section) => section.documentId);
  const queues = [...byDocument.entries()]
    .sort(([a], [b]) => (place(a) < place(b) ? -1 : 1))
    .map(([, own]) =>
      inTurns(
        own
          .map((section) => ({ section, order: place(`${section.documentId}#${section.start}`) }))
          .sort((a, b) => (a.order < b.order ? -1 : 1))
          .map(({ section }) => passagesOf(section)),
      ),
    );
  const round = kindRound.filter((kind) => kinds.includes(kind));
  return inTurns(queues).map((passage, ordinal) => ({
    ordinal,
    kind: round[ordinal % round.length] ?? 'single-fact',
    passage,
  }));
}

/** First members of all lists, then the second ones, and so on. */
function inTurns<Member>(lists: readonly (readonly Member[])[]): Member[] {
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => (turn < list.length ? [list[turn] as Member] : [])),
  ).flat();
}

/** Cuts a section into passages at empty lines; those with hardly any words, and front matter, are left out. */
export function passagesOf(section: CorpusPassage): CorpusPassage[] {
  const passages: { start: number; end: number }[] = [];
  for (const { 0: paragraph, index } of section.text.matchAll(/\S(?:.|\n(?![^\S\n]*\n))*/g)) {
    const end = index + paragraph.trimEnd().length;
    const last = passages.at(-1);
    if (last && end - last.start <= longestPassage) last.end = end;
    else passages.push({ start: index, end });
  }
  return passages
    .map(({ start, end }) => ({
      ...section,
      start: section.start + start,
      end: section.start + Math.min(end, start + longestPassage),
      text: section.text.slice(start, Math.min(end, start + longestPassage)),
    }))
    .filter(
      ({ text }) => !text.startsWith('---\n') && (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= fewestLetters,
    );
}

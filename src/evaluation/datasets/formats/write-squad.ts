import type { Evidence, Sample } from '../../../core/index.ts';
import type { ReadDocument } from '../../evaluated.ts';
import type { FormatWriteOptions, FormatWritten } from './format.ts';
import { acceptedAnswers, countLosses } from './losses-of.ts';
import { createLossCounter, type LossCounter } from './lost-fields.ts';

const held = new Set(['id', 'input', 'reference', 'references', 'answerable', 'evidence']);

interface SquadAnswer {
  readonly text: string;
  readonly answer_start: number;
}

/**
 * Samples as SQuAD 2.0, one paragraph for each document that evidence is in: its whole text. Accepted answers that
 * stand in the evidence are the answers, else the evidence itself. Unanswerable samples without a document get an
 * empty context. Answerable samples whose evidence has no offsets, or is not in the corpus any more, are left out.
 */
export async function writeSquad({ samples, readDocument }: FormatWriteOptions): Promise<FormatWritten> {
  const lost = createLossCounter();
  const paragraphs = new Map<string, { context: string; qas: object[] }>();
  let leftOut = 0;
  for (const sample of samples) {
    const place = await placeOf(sample, readDocument);
    if (place === null) {
      leftOut++;
      continue;
    }
    countLosses(sample, held, lost);
    const paragraph = paragraphs.get(place.document) ?? { context: place.text, qas: [] };
    paragraphs.set(place.document, paragraph);
    paragraph.qas.push({
      id: sample.id,
      question: sample.input,
      answers: sample.answerable ? answersOf(sample, place, lost) : [],
      is_impossible: !sample.answerable,
    });
  }
  const data = [...paragraphs].map(([title, paragraph]) => ({ title, paragraphs: [paragraph] }));
  return {
    files: [{ path: '', lines: [JSON.stringify({ version: 'v2.0', data })] }],
    lost: lost.report(),
    leftOut,
  };
}

interface Place {
  readonly document: string;
  readonly text: string;
  readonly spans: readonly { start: number; end: number }[];
}

async function placeOf(sample: Sample, readDocument: ReadDocument): Promise<Place | null> {
  const pieces = (sample.evidence ?? []).filter(hasOffsets);
  const document = pieces[0]?.document;
  if (!sample.answerable) return { document: '', text: '', spans: [] };
  const text = document === undefined ? undefined : (await readDocument(document))?.text;
  if (document === undefined || text === undefined) return null;
  return { document, text, spans: pieces.filter((piece) => piece.document === document) };
}

function answersOf(sample: Sample, place: Place, lost: LossCounter): SquadAnswer[] {
  if (sample.evidence?.some((piece) => piece.document !== place.document || !hasOffsets(piece)))
    lost.count('evidence in a second document');
  if (sample.evidence?.some(({ grade }) => grade !== undefined)) lost.count('evidence grade');
  const answers: SquadAnswer[] = [];
  for (const answer of acceptedAnswers(sample)) {
    const at = place.spans
      .map(({ start, end }) => place.text.slice(0, end).indexOf(answer, start))
      .find((start) => start >= 0);
    if (answer === '' || at === undefined) lost.count('reference that is no part of the evidence');
    else answers.push({ text: answer, answer_start: at });
  }
  if (answers.length > 0) return answers;
  return place.spans.map(({ start, end }) => ({ text: place.text.slice(start, end), answer_start: start }));
}

function hasOffsets(piece: Evidence): piece is Evidence & { start: number; end: number } {
  return piece.start !== undefined && piece.end !== undefined;
}

import { type Evidence, FulcrumError, type Sample, sha256 } from '../../../core/index.ts';
import type { ReadSample } from '../read-samples.ts';
import type { FormatRead, FormatReadOptions, FormatWriteOptions, FormatWritten } from './format.ts';
import { isRecord, readItems } from './json-items.ts';
import { canonicalLines, locatePassages, type PassagePlace } from './locate-passages.ts';
import { acceptedAnswers, asReferences, countLosses } from './losses-of.ts';
import { createLossCounter, type LossCounter } from './lost-fields.ts';
import { inputOf, messagesOf } from './openai.ts';
import { sampleFromFields } from './sample-from-fields.ts';

/** Keys that are read, under their new names and those of before version 0.2. */
const readKeys = new Set([
  'user_input',
  'question',
  'reference',
  'ground_truth',
  'ground_truths',
  'reference_contexts',
  'synthesizer_name',
]);

/**
 * Reads a Ragas dataset or test set (JSON Lines, or JSON with an array), new and old names. Of a conversation the last
 * human turn is the input. With a source `reference_contexts` are looked for in its documents and become evidence;
 * without one they are lost, as are retrieved contexts and responses.
 */
export async function readRagas(path: string, options: FormatReadOptions): Promise<FormatRead> {
  const lost = createLossCounter();
  const read: { sample: Sample; contexts: string[]; line: number }[] = [];
  for await (const { number, value } of readItems(path)) {
    if (!isRecord(value))
      throw new FulcrumError('record-invalid', { path, line: number, problem: 'not an object' });
    const fields = sampleFromFields(fieldsOf(value, lost), String(number));
    if ('problem' in fields)
      throw new FulcrumError('record-invalid', { path, line: number, problem: fields.problem });
    for (const [key, member] of Object.entries(value))
      if (!readKeys.has(key) && member !== null && member !== '') lost.count(key);
    read.push({ sample: fields.sample, contexts: textList(value.reference_contexts), line: number });
  }
  const passages = new Map(read.flatMap(({ contexts }) => contexts.map((context) => [context, undefined])));
  const places = await locatePassages(passages, options);
  const records = read.map(({ sample, contexts, line }): ReadSample => {
    if (contexts.length > 0 && places.size === 0) lost.count('reference_contexts');
    const evidence = contexts.flatMap((context) => evidenceAt(context, places.get(context)));
    const group = evidence[0]?.document;
    return { line, sample: group === undefined ? sample : { ...sample, evidence, group } };
  });
  return { records, lost: lost.report(), leftOut: 0 };
}

/** Samples as Ragas rows; evidence with offsets becomes `reference_contexts`. */
export async function writeRagas({ samples, readDocument }: FormatWriteOptions): Promise<FormatWritten> {
  const lost = createLossCounter();
  const held = new Set(['input', 'reference', 'references', 'evidence']);
  const lines: string[] = [];
  for (const sample of samples) {
    countLosses(sample, held, lost);
    const [reference, ...others] = acceptedAnswers(sample);
    if (others.length > 0) lost.count('references after the first');
    const contexts: string[] = [];
    for (const { document, start, end, grade } of sample.evidence ?? []) {
      const text = start === undefined ? undefined : (await readDocument(document))?.text;
      if (text === undefined) lost.count('evidence without a passage');
      else contexts.push(text.slice(start, end));
      if (grade !== undefined) lost.count('evidence grade');
    }
    lines.push(
      JSON.stringify({
        user_input: sample.input,
        ...(reference === undefined ? {} : { reference }),
        ...(contexts.length > 0 ? { reference_contexts: contexts } : {}),
      }),
    );
  }
  return { files: [{ path: '', lines }], lost: lost.report(), leftOut: 0 };
}

function fieldsOf(row: Record<string, unknown>, lost: LossCounter): Record<string, unknown> {
  const asked = row.user_input ?? row.question;
  const truths = [row.reference, row.ground_truth, ...textList(row.ground_truths)];
  const synthesizer = row.synthesizer_name;
  return {
    input: Array.isArray(asked) ? inputOf(messagesOf(asked, lost), lost) : asked,
    ...asReferences(truths.filter((truth) => typeof truth === 'string' && truth !== '') as string[]),
    ...(typeof synthesizer === 'string' ? { tags: [`synthesizer:${synthesizer}`] } : {}),
  };
}

function textList(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string' && each !== '')
    : [];
}

function evidenceAt(context: string, place: PassagePlace | undefined): Evidence[] {
  if (!place) return [];
  const text = canonicalLines(context);
  return [
    { document: place.document, start: place.start, end: place.start + text.length, hash: sha256(text) },
  ];
}

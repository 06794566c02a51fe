import { z } from 'zod';
import { type Evidence, FulcrumError, type Sample, sha256 } from '../../../core/index.ts';
import { describe, type ReadSample } from '../read-samples.ts';
import type { FormatRead, FormatReadOptions } from './format.ts';
import { readJsonFile } from './json-items.ts';
import { canonicalLines, locatePassages, type PassagePlace } from './locate-passages.ts';
import { asReferences } from './losses-of.ts';
import { createLossCounter, type LossCounter } from './lost-fields.ts';

const answerSchema = z.object({ text: z.string(), answer_start: z.number().int().optional() });
const questionSchema = z.object({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  question: z.string().min(1),
  answers: z.array(answerSchema).default([]),
  is_impossible: z.boolean().optional(),
  plausible_answers: z.array(z.unknown()).optional(),
});
const paragraphSchema = z.object({ context: z.string(), qas: z.array(questionSchema) });
const squadSchema = z.object({
  data: z.array(z.object({ title: z.string().optional(), paragraphs: z.array(paragraphSchema) })),
});

type Paragraph = z.infer<typeof paragraphSchema>;
type Question = z.infer<typeof questionSchema>;
type Answer = z.infer<typeof answerSchema>;

/**
 * Reads SQuAD 1.1 and 2.0. Answers become references; a question that is impossible, or without answers, is unanswerable.
 * With a source its documents are searched for the contexts (the document named like the title first) and answer spans
 * become evidence, overlapping ones as one; without a source the contexts are lost. Questions under one title are a group.
 */
export async function readSquad(path: string, options: FormatReadOptions): Promise<FormatRead> {
  const parsed = squadSchema.safeParse(await readJsonFile(path));
  if (!parsed.success)
    throw new FulcrumError('record-invalid', { path, line: 1, problem: describe(parsed.error) });
  const lost = createLossCounter();
  const contexts = new Map<string, string | undefined>();
  for (const { title, paragraphs } of parsed.data.data)
    for (const { context } of paragraphs) if (context !== '') contexts.set(context, title || undefined);
  const places = await locatePassages(contexts, options);
  const records: ReadSample[] = [];
  for (const { title, paragraphs } of parsed.data.data)
    for (const paragraph of paragraphs)
      for (const question of paragraph.qas) {
        const line = records.length + 1;
        if (paragraph.context !== '' && !places.has(paragraph.context)) lost.count('context');
        if (question.plausible_answers?.length) lost.count('plausible_answers');
        const at = { path, number: line, place: places.get(paragraph.context) };
        records.push({ sample: sampleOf(question, paragraph, title, at, lost), line });
      }
  return { records, lost: lost.report(), leftOut: 0 };
}

function sampleOf(
  question: Question,
  { context }: Paragraph,
  title: string | undefined,
  at: { path: string; number: number; place: PassagePlace | undefined },
  lost: LossCounter,
): Sample {
  const answers = question.answers.filter(({ text }) => text !== '');
  const answerable = question.is_impossible !== true && answers.length > 0;
  if (!answerable && answers.length > 0) lost.count('answers of an impossible question');
  for (const { text, answer_start } of answers)
    if (answer_start !== undefined && context.slice(answer_start, answer_start + text.length) !== text)
      throw new FulcrumError('record-invalid', {
        path: at.path,
        line: at.number,
        problem: `question "${question.id}": the answer "${text.slice(0, 60)}" does not stand at ${answer_start} of its context`,
      });
  const evidence = answerable && at.place ? spansOf(answers, context, at.place) : [];
  return {
    id: question.id,
    input: question.question,
    ...(answerable ? asReferences(answers.map(({ text }) => text)) : {}),
    answerable,
    ...(evidence.length > 0 ? { evidence } : {}),
    ...(title ? { group: title } : {}),
  };
}

/** Answer spans in the document, overlapping ones joined. */
function spansOf(answers: readonly Answer[], context: string, place: PassagePlace): Evidence[] {
  const text = canonicalLines(context);
  const spans = answers
    .filter(({ answer_start }) => answer_start !== undefined)
    .map((answer) => {
      const before = canonicalLines(context.slice(0, answer.answer_start)).length;
      return { start: before, end: before + canonicalLines(answer.text).length };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const joined: { start: number; end: number }[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined.map(({ start, end }) => ({
    document: place.document,
    start: place.start + start,
    end: place.start + end,
    hash: sha256(text.slice(start, end)),
  }));
}

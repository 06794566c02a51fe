import { z } from 'zod';

/** What a model that answers by structure gives: the answer, and the number of the passage that it is from. */
export const structuredAnswerSchema = z.strictObject({
  answer: z.string(),
  passage: z.number().int().nullable(),
});

/** Added to the instructions where the answer is a structure. */
export const structuredInstructions =
  'Answer as JSON: {"answer": "…", "passage": the number of the passage, or null}.';

/** The text of a structured answer with its passage as a marker; the raw text where it is no such structure. */
export function textOfStructure(object: unknown, raw: string): string {
  const parsed = structuredAnswerSchema.safeParse(object);
  if (!parsed.success) return raw;
  const { answer, passage } = parsed.data;
  return passage === null ? answer : `${answer} [${passage}]`;
}

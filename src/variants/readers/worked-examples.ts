import { z } from 'zod';
import type { Message } from '../../models/index.ts';
import { groundedPrompt } from './prompts.ts';

/** Config `shots`: a question with its right answer and, for readers of passages, the passage that it is in. */
export const shotSchema = z.strictObject({
  input: z.string().min(1),
  output: z.string().min(1),
  passage: z.string().min(1).optional(),
});
export type Shot = z.infer<typeof shotSchema>;

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

/** The turns of worked examples, each with its own passage as number 1, to be put before the question. */
export function shotTurns(shots: readonly Shot[], structured: boolean): Message[] {
  return shots.flatMap(({ input, output, passage }): Message[] => {
    const [, asked] =
      passage === undefined
        ? [null, { role: 'user' as const, content: input }]
        : groundedPrompt(input, [{ number: 1, title: '', text: passage }]);
    const number = passage === undefined ? null : 1;
    const content = structured
      ? JSON.stringify({ answer: output, passage: number })
      : `${output}${number === null ? '' : ` [${number}]`}`;
    return [asked ?? { role: 'user', content: input }, { role: 'assistant', content }];
  });
}

/** A prompt with turns put between its instructions and its question. */
export function withTurns(prompt: readonly Message[], turns: readonly Message[]): Message[] {
  const [system, ...rest] = prompt;
  return system ? [system, ...turns, ...rest] : [...turns];
}

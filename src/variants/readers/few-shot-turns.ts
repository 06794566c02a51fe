import { z } from 'zod';
import type { Message } from '../../models/index.ts';
import { groundedPrompt } from './prompts.ts';

/** A question with its right answer and, for readers of passages, the passage that it is in. */
export const fewShotSampleSchema = z.strictObject({
  input: z.string().min(1),
  output: z.string().min(1),
  passage: z.string().min(1).optional(),
});
export type FewShotSample = z.infer<typeof fewShotSampleSchema>;

/**
 * Few-shot samples as turns to be put before the question, each with its own passage as number 1.
 * @param structured the answers are shown as JSON, as `structuredAnswerSchema` has it.
 */
export function fewShotTurns(samples: readonly FewShotSample[], structured: boolean): Message[] {
  return samples.flatMap(({ input, output, passage }): Message[] => {
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
  const start = prompt[0]?.role === 'system' ? 1 : 0;
  return [...prompt.slice(0, start), ...turns, ...prompt.slice(start)];
}

import type { Message } from '../language-model.ts';

/** A piece of a prompt. Only our own markers are control tokens: in `text`, "<|im_end|>" is plain characters. */
export type PromptPiece = { readonly control: string } | { readonly text: string };

/** A conversation as the model was trained to see it, open for the assistant's turn. */
export function renderPrompt(messages: readonly Message[], template: 'chatml' | 'none'): PromptPiece[] {
  if (template === 'none') return [{ text: messages.map((message) => message.content).join('\n\n') }];
  const turns = messages.flatMap(({ role, content }): PromptPiece[] => [
    { control: '<|im_start|>' },
    { text: `${role}\n${content}` },
    { control: '<|im_end|>' },
    { text: '\n' },
  ]);
  return [...turns, { control: '<|im_start|>' }, { text: 'assistant\n' }];
}

import type { Message } from '../language-model.ts';

/** A piece of a prompt. Only our own markers are control tokens: in `text`, "<|im_end|>" is plain characters. */
export type PromptPiece = { readonly control: string } | { readonly text: string };

/** A piece of a conversation for training; `endOfText` is the token by which the model says that it is done. */
export type TrainingPiece = (
  | { readonly control: string }
  | { readonly text: string }
  | { readonly endOfText: true }
) & {
  readonly trained?: true;
};

/** How a model's conversations are written. */
export type ChatTemplate = 'chatml' | 'none';

/** A conversation as the model was trained to see it, open for the assistant's turn. */
export function renderPrompt(messages: readonly Message[], template: ChatTemplate): PromptPiece[] {
  if (template === 'none') return [{ text: messages.map((message) => message.content).join('\n\n') }];
  return [...messages.flatMap(turnPieces), ...openTurn];
}

/**
 * A whole conversation for training: the prompt of its last turn exactly as `renderPrompt` writes it, then the turn and its end.
 * @param trained whether a turn is trained on; the last one is by default, and of the others only the assistant's can be.
 */
export function renderConversation(
  messages: readonly (Message & { readonly trained?: boolean | undefined })[],
  template: ChatTemplate,
): TrainingPiece[] {
  const before = messages.slice(0, -1);
  const last = messages.at(-1);
  const isTrained = last?.trained !== false;
  const mark: { readonly trained?: true } = isTrained ? { trained: true } : {};
  if (template === 'none')
    return [
      ...renderPrompt(before, template),
      { text: last?.content ?? '', ...mark },
      { endOfText: true, ...mark },
    ];
  return [
    ...before.flatMap((message): TrainingPiece[] =>
      message.trained ? trainedTurn(message) : turnPieces(message),
    ),
    ...openTurn,
    { text: last?.content ?? '', ...mark },
    { control: '<|im_end|>', ...mark },
  ];
}

const openTurn: readonly PromptPiece[] = [{ control: '<|im_start|>' }, { text: 'assistant\n' }];

function turnPieces({ role, content }: Message): PromptPiece[] {
  return [
    { control: '<|im_start|>' },
    { text: `${role}\n${content}` },
    { control: '<|im_end|>' },
    { text: '\n' },
  ];
}

/** A turn in the middle that is learnt: its words and its end, not who speaks. */
function trainedTurn({ role, content }: Message): TrainingPiece[] {
  return [
    { control: '<|im_start|>' },
    { text: `${role}\n` },
    { text: content, trained: true },
    { control: '<|im_end|>', trained: true },
    { text: '\n' },
  ];
}

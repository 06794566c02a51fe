/** Instructions by name. */
export type InstructionChoices = ReadonlyMap<string, string>;

/** Name of the instructions that a variant has already. */
export const asItIs = 'as it is';

/** What is added to instructions by rule, for models that read passages and for those that do not. */
const additions = {
  reading: {
    brief: 'Give only the fact that was asked for, in as few words as possible.',
    'exact words': 'Take names, numbers and commands over exactly as the passages write them.',
    'all parts': 'Answer every part of the question, and nothing that was not asked.',
  },
  knowing: {
    brief: 'Give only what was asked for, in as few words as possible.',
    'one of these': 'Answer with one of the answers that the examples use, and write nothing else.',
  },
} as const;

/**
 * The instructions of a variant as they are, with each addition, and those that the user wrote.
 * @param own instructions in full, by name.
 */
export function instructionChoices(
  current: string,
  reads: boolean,
  own: Readonly<Record<string, string>> = {},
): InstructionChoices {
  const added = Object.entries(reads ? additions.reading : additions.knowing);
  return new Map([
    [asItIs, current],
    ...added.map(([name, text]): [string, string] => [name, `${current} ${text}`]),
    ...Object.entries(own),
  ]);
}

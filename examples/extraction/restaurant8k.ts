import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** The slots of the data set; a customer says none, one or several of them in a turn. */
export const slotNames = ['people', 'date', 'time', 'first_name', 'last_name'] as const;
export type SlotName = (typeof slotNames)[number];
export type Slots = Partial<Record<SlotName, string>>;

/** What a customer said, and the slots in it, word for word. */
export interface Turn {
  readonly text: string;
  /** What the desk had just asked for. */
  readonly asked: readonly string[];
  readonly slots: Slots;
}

interface Labelled {
  readonly userInput: { readonly text: string };
  readonly context?: { readonly requestedSlots?: readonly string[] };
  /** A start or an end that is absent is 0. */
  readonly labels?: readonly {
    readonly slot: SlotName;
    readonly valueSpan?: { readonly startIndex?: number; readonly endIndex?: number };
  }[];
}

/** The turns of a split of restaurant8k, which is read where it lies. */
export function readTurns(split: 'train_0' | 'test'): Turn[] {
  const labelled: Labelled[] = JSON.parse(
    readFileSync(join(shared, 'restaurant8k', `${split}.json`), 'utf8'),
  );
  return labelled.map(({ userInput: { text }, context, labels = [] }) => ({
    text,
    asked: context?.requestedSlots ?? [],
    slots: Object.fromEntries(
      labels.map(({ slot, valueSpan }) => [
        slot,
        text.slice(valueSpan?.startIndex ?? 0, valueSpan?.endIndex ?? 0),
      ]),
    ),
  }));
}

/** The input of a sample: what was asked for before, then what the customer said. */
export function inputOf({ text, asked }: Pick<Turn, 'text' | 'asked'>): string {
  return asked.length === 0 ? text : `(asked for ${asked.join(', ')}) ${text}`;
}

/** The parts of such an input. */
export function readInput(input: string): Pick<Turn, 'text' | 'asked'> {
  const found = /^\(asked for ([a-z_, ]+)\) (.*)$/s.exec(input);
  return found ? { asked: found[1]!.split(', '), text: found[2]! } : { asked: [], text: input };
}

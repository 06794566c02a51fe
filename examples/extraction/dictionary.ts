import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInput, type SlotName, type Slots, slotNames } from './restaurant8k.ts';

/**
 * A dictionary from the training turns: a phrase becomes a value of a slot when most training turns that hold the phrase
 * have it as a value; turns in which the desk had asked for the slot are counted apart. The longest phrases win. No model.
 */
export function answer({ input }: { input: string }): { answer: string; costUsd: number } {
  dictionary ??= learn();
  const { text, asked } = readInput(input);
  const words = wordsOf(text);
  const slots: Slots = {};
  const taken = new Set<number>();
  for (let length = Math.min(longest, words.length); length > 0; length--)
    for (let start = 0; start + length <= words.length; start++) {
      const range = Array.from({ length }, (_, index) => start + index);
      if (range.some((index) => taken.has(index))) continue;
      const phrase = text.slice(words[start]!.start, words[start + length - 1]!.end);
      const slot = bestSlot(dictionary, phrase, asked, slots);
      if (slot === null) continue;
      slots[slot] = phrase;
      for (const index of range) taken.add(index);
    }
  return { answer: JSON.stringify(slots), costUsd: 0 };
}

/** Longest phrase, in words. */
const longest = 6;

interface Counts {
  held: number;
  readonly valueOf: Map<SlotName, number>;
}
type Dictionary = ReadonlyMap<string, Counts>;

let dictionary: Dictionary | null = null;

function bestSlot(
  known: Dictionary,
  phrase: string,
  asked: readonly string[],
  filled: Slots,
): SlotName | null {
  const wanted = slotNames.filter((slot) => filled[slot] === undefined);
  for (const context of [asked.join(), null]) {
    const counts = known.get(keyOf(phrase, context));
    if (!counts) continue;
    const slot = wanted.find((each) => (counts.valueOf.get(each) ?? 0) / counts.held > 0.5);
    return slot ?? null;
  }
  return null;
}

function learn(): Dictionary {
  const counts = new Map<string, Counts>();
  const count = (key: string, slot: SlotName | undefined): void => {
    const entry = counts.get(key) ?? { held: 0, valueOf: new Map() };
    entry.held += 1;
    if (slot) entry.valueOf.set(slot, (entry.valueOf.get(slot) ?? 0) + 1);
    counts.set(key, entry);
  };
  const data = readFileSync(join(import.meta.dirname, '.fulcrum/restaurant8k.jsonl'), 'utf8');
  for (const line of data.trim().split('\n')) {
    const sample = JSON.parse(line) as { input: string; reference: string; split: string };
    if (sample.split !== 'train') continue;
    const { text, asked } = readInput(sample.input);
    const slots = JSON.parse(sample.reference) as Slots;
    for (const phrase of new Set(phrasesOf(text))) {
      const slot = slotNames.find((each) => slots[each]?.toLowerCase() === phrase);
      count(keyOf(phrase, asked.join()), slot);
      count(keyOf(phrase, null), slot);
    }
  }
  return counts;
}

/** Every digit counts as 0, so that one time of day stands for all. */
const keyOf = (phrase: string, asked: string | null): string =>
  `${asked ?? '*'}\n${phrase.toLowerCase().replace(/\d/g, '0')}`;

function phrasesOf(text: string): string[] {
  const words = wordsOf(text);
  return words.flatMap((word, start) =>
    words.slice(start, start + longest).map(({ end }) => text.slice(word.start, end).toLowerCase()),
  );
}

/** Words with the marks inside them: `12:30`, `11th`, `o'clock`. */
function wordsOf(text: string): { start: number; end: number }[] {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:[:.'’/-][\p{L}\p{N}]+)*/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

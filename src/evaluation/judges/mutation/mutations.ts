import type { Answer } from '../../../core/index.ts';
import { sha256 } from '../../../core/index.ts';

/** A harm done to an answer, that a scorer ought to notice. */
export interface Mutation {
  readonly name: MutationName;
  /** What is done, for lists. */
  readonly description: string;
  /**
   * The harmed answer, always the same for the same answer; null where there is nothing to harm.
   * @param others texts of other answers, to take a name from.
   */
  mutate(answer: Answer, others: readonly string[]): Answer | null;
}

export const mutationNames = ['numbers', 'negations', 'names', 'order', 'citations'] as const;
export type MutationName = (typeof mutationNames)[number];

/** Every mutation. */
export const mutations: readonly Mutation[] = [
  {
    name: 'numbers',
    description: 'two numbers swapped, or the only one changed',
    mutate: (answer) => withText(answer, swapNumbers(answer.answer)),
  },
  {
    name: 'negations',
    description: 'one sentence denied, or its denial taken out',
    mutate: (answer) => withText(answer, flipNegation(answer.answer)),
  },
  {
    name: 'names',
    description: 'two names swapped, or one replaced by a name from another answer',
    mutate: (answer, others) => withText(answer, swapNames(answer.answer, others)),
  },
  {
    name: 'order',
    description: 'sentences or steps in the opposite order',
    mutate: (answer) => withText(answer, reverseOrder(answer.answer)),
  },
  {
    name: 'citations',
    description: 'all citations dropped',
    mutate: (answer) =>
      answer.citations.length === 0
        ? null
        : { ...answer, answer: answer.answer.replace(/\s*\[\d{1,3}\]/g, ''), citations: [] },
  },
];

function withText(answer: Answer, text: string | null): Answer | null {
  return text === null || text === answer.answer ? null : { ...answer, answer: text };
}

/** Numbers, but not markers of citations and parts of names. */
const numbers = /(?<![\p{L}\p{N}_.[])\d+(?:[.,]\d+)*(?![\p{L}\p{N}_\]])/gu;

/** Swaps the first number with the next other one; the only number becomes half as much again and one. */
export function swapNumbers(text: string): string | null {
  const found = [...text.matchAll(numbers)];
  const [first] = found;
  if (!first) return null;
  const second = found.find(([number]) => number !== first[0]);
  if (!second) {
    const value = Number(first[0].replaceAll(',', ''));
    return Number.isFinite(value)
      ? splice(text, [[first.index, first[0], String(Math.floor(value * 1.5) + 1)]])
      : null;
  }
  return splice(text, [
    [first.index, first[0], second[0]],
    [second.index, second[0], first[0]],
  ]);
}

const denial =
  /\b(is|are|was|were|can|could|will|would|must|should|does|do|did|has|have|had|may|might) not\b|\b(is|are|was|were|could|would|must|should|does|do|did|has|have|had)n['’]t\b|\bcannot\b/i;
const auxiliary =
  /\b(is|are|was|were|can|could|will|would|must|should|has|have|had|may|might)\b(?! not\b|n['’]t)/i;

/** Takes out the first denial; without one the first auxiliary verb is denied. */
export function flipNegation(text: string): string | null {
  const denied = denial.exec(text);
  if (denied) {
    const affirmed = denied[1] ?? denied[2] ?? 'can';
    return splice(text, [[denied.index, denied[0], affirmed]]);
  }
  const plain = auxiliary.exec(text);
  return plain ? splice(text, [[plain.index, plain[0], `${plain[0]} not`]]) : null;
}

/** Words with a capital that do not begin a sentence. */
const names = /(?<=[\p{Ll}\p{N},;:)]['")]? ["'(]?)\p{Lu}[\p{L}\p{M}]{2,}/gu;

/** Swaps the first two different names; the only one gives way to one from the other texts. */
export function swapNames(text: string, others: readonly string[]): string | null {
  const found = [...text.matchAll(names)];
  const [first] = found;
  if (!first) return null;
  const second = found.find(([name]) => name !== first[0]);
  if (second)
    return splice(text, [
      [first.index, first[0], second[0]],
      [second.index, second[0], first[0]],
    ]);
  const pool = [...new Set(others.flatMap((other) => [...other.matchAll(names)].map(([name]) => name)))]
    .filter((name) => !text.includes(name))
    .sort();
  const chosen = pool[Number.parseInt(sha256(text).slice(0, 8), 16) % Math.max(1, pool.length)];
  return chosen === undefined ? null : splice(text, [[first.index, first[0], chosen]]);
}

/** Turns the order of lines round, or of sentences where there is one line; null under three of them. */
export function reverseOrder(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 2) return lines.reverse().join('\n');
  const sentences = text.trim().split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  return sentences.length > 2 ? sentences.reverse().join(' ') : null;
}

/** Replaces parts of a text; `changes` are in order of place. */
function splice(
  text: string,
  changes: readonly (readonly [at: number, old: string, fresh: string])[],
): string {
  let result = '';
  let from = 0;
  for (const [at, old, fresh] of changes) {
    result += text.slice(from, at) + fresh;
    from = at + old.length;
  }
  return result + text.slice(from);
}

import type { Answer, Sample } from '../../../core/index.ts';
import { referencesOf } from '../answer-text.ts';

/** Where the gold of a structured scorer stands in a sample. */
export type GoldPlace = 'reference' | 'label';

/** What stands in an answer, or why it is no output of the kind that was asked for. */
export type Output<T> =
  | { readonly status: 'read'; readonly value: T }
  | { readonly status: 'invalid'; readonly reason: string; readonly problem?: string | undefined };

/**
 * The part of an answer that is the output: all of it, or with `fenced` the inside of its one code fence where there
 * is one. Citation markers stay, for `[1]` is JSON. Several fences are invalid, since nobody can say which one is meant.
 */
export function outputText({ answer }: Answer, fenced: boolean): Output<string> {
  const text = answer.trim();
  if (text === '') return { status: 'invalid', reason: 'empty' };
  if (!fenced) return { status: 'read', value: text };
  const blocks = fencedBlocks(text);
  if (blocks.length > 1) return { status: 'invalid', reason: 'several-blocks' };
  return { status: 'read', value: (blocks[0] ?? text).trim() };
}

/** Insides of the code fences (three backticks at the beginning of a line); an unclosed one reaches to the end. */
function fencedBlocks(text: string): string[] {
  const blocks: string[] = [];
  let open: string[] | null = null;
  for (const line of text.split('\n')) {
    if (!line.trimStart().startsWith('```')) open?.push(line);
    else if (open === null) open = [];
    else {
      blocks.push(open.join('\n'));
      open = null;
    }
  }
  if (open !== null) blocks.push(open.join('\n'));
  return blocks;
}

/** Accepted gold texts of a sample. */
export function goldTexts(sample: Sample, place: GoldPlace): string[] {
  if (place === 'reference') return referencesOf(sample);
  return sample.label === undefined ? [] : [sample.label];
}

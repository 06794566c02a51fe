import { z } from 'zod';
import { readJson } from './json-value.ts';
import { type MatchCounts, totalOf } from './match-counts.ts';
import type { Output } from './output-text.ts';

/** An entity in an answer or a reference; offsets are UTF-16 code units of the input, `[start, end)`. */
const entitySchema = z
  .object({
    type: z.string().min(1),
    text: z.string().min(1).optional(),
    start: z.number().int().nonnegative().optional(),
    end: z.number().int().positive().optional(),
  })
  .refine(({ text, start, end }) => text !== undefined || (start !== undefined && end !== undefined))
  .refine(({ start, end }) => (start === undefined) === (end === undefined) && (start ?? 0) < (end ?? 1));
export type Entity = z.infer<typeof entitySchema>;

/** Reads a JSON list of {type, text, start?, end?}; further keys are overlooked. */
export function readEntities(text: string): Output<Entity[]> {
  const json = readJson(text);
  if (json.status === 'invalid') return json;
  const entities = z.array(entitySchema).safeParse(json.value);
  if (entities.success) return { status: 'read', value: entities.data };
  return {
    status: 'invalid',
    reason: 'not-entities',
    problem: entities.error.issues[0]?.path.join('.') ?? '',
  };
}

/** What makes two entities the same beside their type. */
export type EntityMatch = 'offsets' | 'text';

/** By offsets where every gold entity has them, else by text. */
export function matchFor(gold: readonly Entity[], chosen: EntityMatch | 'auto'): EntityMatch {
  if (chosen !== 'auto') return chosen;
  return gold.every(({ start }) => start !== undefined) && gold.length > 0 ? 'offsets' : 'text';
}

/**
 * Entities in common, each gold one found at most once: same type and same boundaries (or same text), as the CoNLL
 * evaluation and seqeval count; a right boundary with a wrong type is one false positive and one miss. By offsets an entity
 * without them is found where its text stands in the input exactly once.
 */
export function compareEntities(
  gold: readonly Entity[],
  predicted: readonly Entity[],
  match: EntityMatch,
  input: string,
): MatchCounts {
  const keyOf = ({ type, text, start, end }: Entity): string => {
    if (match === 'text') return JSON.stringify([type, text ?? input.slice(start, end)]);
    const at = start === undefined ? onlyPlace(input, text ?? '') : start;
    return JSON.stringify([type, at, start === undefined ? at + (text?.length ?? 0) : end]);
  };
  const parts = new Map<string, [number, number, number]>();
  const count = (type: string, column: 0 | 1 | 2): void => {
    const sums = parts.get(type) ?? [0, 0, 0];
    sums[column]++;
    parts.set(type, sums);
  };
  const left = new Map<string, number>();
  for (const entity of gold) {
    count(entity.type, 2);
    left.set(keyOf(entity), (left.get(keyOf(entity)) ?? 0) + 1);
  }
  for (const entity of predicted) {
    count(entity.type, 1);
    const open = left.get(keyOf(entity)) ?? 0;
    if (open === 0) continue;
    left.set(keyOf(entity), open - 1);
    count(entity.type, 0);
  }
  return totalOf(parts);
}

/** Where a text stands in another; -1 where it does so nowhere or several times. */
function onlyPlace(input: string, text: string): number {
  const first = input.indexOf(text);
  return first >= 0 && input.indexOf(text, first + 1) < 0 ? first : -1;
}

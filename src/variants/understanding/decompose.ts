import { z } from 'zod';
import type { Cost, Usage } from '../../core/index.ts';
import type { Hit } from '../../knowledge/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import { withInputParts } from '../readers/prompt-parts.ts';

/** Parts of one question that are searched. */
const mostParts = 4;
const longestPart = 300;
const maxOutputTokens = 200;
/** Constant of reciprocal rank fusion (Cormack et al. 2009). */
const rankConstant = 60;

/** What the model is told; part of the definition of a variant. */
export const decomposeInstructions =
  'Take the question apart into the fewest questions that can be looked up one by one, at most four. Each must be understood by itself: repeat names. If one look-up answers it, give the question alone.';

const partsSchema = z.object({ questions: z.array(z.string()).max(mostParts) });

/** A model that is not held to the schema may write more; what is over is left out. */
const writtenSchema = z.object({ questions: z.array(z.string()) });

/** A question in parts, and what that took. */
export interface QuestionParts {
  /** Without the question itself; empty where it has one part only. */
  readonly parts: readonly string[];
  readonly usage: Usage;
  readonly cost: Cost;
}

/**
 * Has a model take a compound question apart. What it writes is data: parts are short lines without quotes, which would
 * search for a phrase. An answer of no use leaves the question whole.
 */
export async function decomposeByModel(
  input: string,
  model: LanguageModel,
  signal?: AbortSignal | undefined,
): Promise<QuestionParts> {
  const messages: Message[] = [
    { role: 'system', content: decomposeInstructions },
    { role: 'user', content: `Question: ${input}` },
  ];
  const { object, usage, cost } = await model.generate({
    messages,
    schema: partsSchema,
    maxOutputTokens,
    temperature: 0,
    signal,
  });
  const written = writtenSchema.safeParse(object);
  const parts = (written.success ? written.data.questions : [])
    .map((part) =>
      part
        .replace(/["\u201c\u201d\u201e\u00ab\u00bb]/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => part.length <= longestPart && /[\p{L}\p{N}]/u.test(part));
  const unique = [...new Set(parts)].slice(0, mostParts);
  return {
    parts: unique.length < 2 ? [] : unique,
    usage: withInputParts(usage, messages, input),
    cost,
  };
}

/**
 * One list of the hits of several searches by reciprocal rank fusion: scores of different queries cannot be compared. A
 * hit that several searches found keeps its best score. What a hit has grown to is that of the search that ranks it best.
 */
export function fuseSearches(lists: readonly (readonly Hit[])[], limit: number): Hit[] {
  const fused = new Map<string, { hit: Hit; weight: number; rank: number }>();
  for (const list of lists)
    for (const [rank, hit] of list.entries()) {
      const before = fused.get(hit.chunkId);
      const weight = (before?.weight ?? 0) + 1 / (rankConstant + rank + 1);
      const best = before && before.rank <= rank ? before : { hit, rank };
      const score = Math.max(hit.score, before?.hit.score ?? 0);
      fused.set(hit.chunkId, { hit: { ...best.hit, score }, weight, rank: best.rank });
    }
  return [...fused.values()]
    .sort((a, b) => b.weight - a.weight || (a.hit.chunkId < b.hit.chunkId ? -1 : 1))
    .slice(0, limit)
    .map(({ hit }) => hit);
}

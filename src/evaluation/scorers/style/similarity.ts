import type { EmbedOptions, EmbedTexts } from '../../evaluated.ts';
import { cosine } from '../../metrics/rag/cosine.ts';
import { tokenF1 } from '../squad.ts';

/** How alike two texts are, 0 to 1. */
export type Measure = 'characters' | 'token-f1' | 'embedding';

/** The likeness of a text to the nearest of the approved ones. */
export async function nearest(
  text: string,
  approved: readonly string[],
  measure: Measure,
  embed: EmbedTexts | undefined,
  onEmbedded?: EmbedOptions['onEmbedded'],
): Promise<{ value: number; index: number }> {
  const values =
    measure === 'embedding'
      ? await cosines(text, approved, embed, onEmbedded)
      : approved.map((other) =>
          measure === 'token-f1' ? tokenF1(text, [other]) : characterSimilarity(text, other),
        );
  const value = Math.max(...values);
  return { value, index: values.indexOf(value) };
}

/**
 * Dice coefficient of the bags of character trigrams: lower case, white space collapsed and one space added at both ends.
 * Works for any script; two empty texts are alike.
 */
export function characterSimilarity(one: string, other: string): number {
  const [left, right] = [trigrams(one), trigrams(other)];
  const counts = new Map<string, number>();
  for (const gram of left) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  let common = 0;
  for (const gram of right) {
    const count = counts.get(gram) ?? 0;
    if (count === 0) continue;
    counts.set(gram, count - 1);
    common++;
  }
  const total = left.length + right.length;
  return total === 0 ? 1 : (2 * common) / total;
}

function trigrams(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  const characters = plain === '' ? [] : [...` ${plain} `];
  return characters.slice(2).map((_, index) => characters.slice(index, index + 3).join(''));
}

async function cosines(
  text: string,
  approved: readonly string[],
  embed: EmbedTexts | undefined,
  onEmbedded: EmbedOptions['onEmbedded'],
): Promise<number[]> {
  if (!embed) throw new Error('there is no embedding model');
  const [own, ...others] = await embed([text, ...approved], { onEmbedded });
  if (!own || others.length !== approved.length) throw new Error('the embedding model gave too few vectors');
  return others.map((other) => Math.min(1, Math.max(0, cosine(own, other) ?? 0)));
}

/** Embeds each of these texts once, however often they come up; other texts anew each time. */
export function rememberVectors(texts: readonly string[], embed: EmbedTexts): EmbedTexts {
  const known = new Map<string, number>([...new Set(texts)].map((text, index) => [text, index]));
  let vectors: ReturnType<EmbedTexts> | undefined;
  return async (wanted, work) => {
    const fresh = wanted.filter((text) => !known.has(text));
    vectors ??= embed([...known.keys()], work).catch((error: unknown) => {
      vectors = undefined;
      throw error;
    });
    const kept = await vectors;
    const made = fresh.length === 0 ? [] : await embed(fresh, work);
    return wanted.map(
      (text) => kept[known.get(text) ?? -1] ?? made[fresh.indexOf(text)] ?? new Float32Array(),
    );
  };
}

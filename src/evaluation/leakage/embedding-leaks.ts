import type { Sample, WorkOptions } from '../../core/index.ts';
import type { EmbedTexts } from '../evaluated.ts';
import type { LeakageRows } from './find-leaks.ts';
import type { Leak } from './leakage-report.ts';

/** Pairs of test samples and rows whose questions have at least this cosine. Every pair is computed. */
export async function findEmbeddingLeaks(
  samples: readonly Sample[],
  sides: readonly LeakageRows[],
  options: WorkOptions & { readonly embed: EmbedTexts; readonly cosine: number },
): Promise<Leak[]> {
  const { embed, cosine, signal } = options;
  const texts = [
    ...samples.map(({ input }) => input),
    ...sides.flatMap(({ rows }) => rows.map(({ sample }) => sample.input)),
  ];
  const distinct = [...new Set(texts)];
  const vectors = await embed(distinct, options);
  const vectorOf = new Map(distinct.map((text, index) => [text, vectors[index]!]));
  const leaks: Leak[] = [];
  for (const { side, origin, rows } of sides) {
    const rowVectors = rows.map((row) => vectorOf.get(row.sample.input)!);
    for (const sample of samples) {
      signal?.throwIfAborted();
      const own = vectorOf.get(sample.input)!;
      for (const [at, vector] of rowVectors.entries()) {
        const similarity = innerProduct(own, vector);
        if (similarity < cosine) continue;
        const row = rows[at]!.line;
        leaks.push({ sample: sample.id, side, origin, row, method: 'embedding', similarity });
      }
    }
  }
  return leaks;
}

/** Inner product of two vectors of one length. */
export function innerProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

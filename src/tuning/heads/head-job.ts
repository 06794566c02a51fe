import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { VectorRows } from './softmax-regression.ts';

/** What a head's program reads beside the vectors. */
export const headJobSchema = z.strictObject({
  v: z.literal(1),
  method: z.enum(['classifier', 'query-projection']),
  embedding: z.strictObject({
    model: z.string(),
    fingerprint: z.string(),
    dimensions: z.number().int().positive(),
  }),
  labels: z.array(z.string()),
  /** Class that stands for "none of them", or null. */
  outside: z.string().nullable(),
  /** Strengths of the penalty to choose from, by the loss on validation rows. */
  l2: z.array(z.number().positive()).min(1),
  maxIterations: z.number().int().positive(),
  outsideRecall: z.number().min(0).max(1),
  acceptedAccuracy: z.number().min(0).max(1),
  epochs: z.number().int().positive(),
  learningRate: z.number().positive(),
  batchSize: z.number().int().positive(),
  seed: z.number().int().nonnegative(),
});
export type HeadJob = z.infer<typeof headJobSchema>;

/** Vectors of a part of the rows, and the number of each row's class. */
export interface HeadRows {
  readonly vectors: VectorRows;
  readonly labels: Uint16Array;
}

export async function readVectors(folder: string, name: string, dimensions: number): Promise<VectorRows> {
  const bytes = await readFile(join(folder, `${name}.f32`));
  const values = new Float32Array(Uint8Array.from(bytes).buffer);
  return { values, dimensions, rows: values.length / dimensions };
}

export async function readHeadRows(folder: string, name: string, dimensions: number): Promise<HeadRows> {
  const labels = JSON.parse(await readFile(join(folder, `${name}.labels.json`), 'utf8')) as number[];
  return { vectors: await readVectors(folder, name, dimensions), labels: Uint16Array.from(labels) };
}

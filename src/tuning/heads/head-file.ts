import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';

const shared = {
  format: z.literal('fulcrum-head'),
  version: z.literal(1),
  embedding: z.strictObject({
    model: z.string(),
    fingerprint: z.string(),
    dimensions: z.number().int().positive(),
  }),
};

/** What stands before the numbers of a head: JSON of one line. */
export const headHeaderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...shared,
    kind: z.literal('classifier'),
    labels: z.array(z.string()).min(2),
    /** Divides scores before the softmax. */
    temperature: z.number().positive(),
    /** Probability under which a class is not taken. */
    reject: z.number().min(0).max(1),
    /** Class that stands for "none of them"; its probability counts against every other. */
    outside: z.string().nullable(),
  }),
  z.strictObject({ ...shared, kind: z.literal('query-projection') }),
]);
export type HeadHeader = z.infer<typeof headHeaderSchema>;

/** A trained head: its header and its numbers (single precision, little-endian). */
export interface Head {
  readonly header: HeadHeader;
  readonly values: Float32Array;
}

const longestHeader = 16 * 1024 * 1024;

/**
 * Writes a head: the header as one line of JSON, padded with blanks so that the numbers begin at a multiple of four, then the numbers.
 */
export async function writeHead(path: string, { header, values }: Head): Promise<void> {
  const text = Buffer.from(JSON.stringify(header));
  const padding = (4 - ((text.length + 1) % 4)) % 4;
  const bytes = Buffer.concat([
    text,
    Buffer.from(`${' '.repeat(padding)}\n`),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
  await writeFile(`${path}.tmp`, bytes);
  await rename(`${path}.tmp`, path);
}

/** Reads a head. Throws `file-not-found` or `head-invalid`. */
export async function readHead(path: string): Promise<Head> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new FulcrumError('file-not-found', { path }, { cause });
  }
  const invalid = (problem: string): FulcrumError => new FulcrumError('head-invalid', { path, problem });
  const end = bytes.subarray(0, longestHeader).indexOf(10);
  if (end < 0) throw invalid('it has no header');
  let parsed: ReturnType<typeof headHeaderSchema.safeParse>;
  try {
    parsed = headHeaderSchema.safeParse(JSON.parse(bytes.subarray(0, end).toString('utf8')));
  } catch {
    throw invalid('its header is no JSON');
  }
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? 'its header is not readable');
  const header = parsed.data;
  const { dimensions } = header.embedding;
  const expected =
    header.kind === 'classifier' ? (dimensions + 1) * header.labels.length : dimensions * dimensions;
  const body = bytes.subarray(end + 1);
  if (body.length !== expected * 4)
    throw invalid(`it holds ${body.length / 4} numbers where ${expected} are expected`);
  return { header, values: new Float32Array(Uint8Array.from(body).buffer) };
}

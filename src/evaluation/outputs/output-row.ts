import { z } from 'zod';
import { evidenceSchema, FulcrumError, noCost, noUsage, suggest } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';

const offset = z.number().int().nonnegative().nullish();
const contextSchema = z.union([
  z.string().transform((text) => ({ text, documentId: null, start: null, end: null, score: null })),
  z
    .object({
      documentId: z.string().nullish(),
      text: z.string().nullish(),
      start: offset,
      end: offset,
      score: z.number().nullish(),
    })
    .transform(({ documentId, text, start, end, score }) => ({
      documentId: documentId ?? null,
      start: start ?? null,
      end: end ?? null,
      score: score ?? null,
      ...(typeof text === 'string' ? { text } : {}),
    })),
]);

/** Literal forms of a fact; a single text is a fact with one form. */
const formsSchema = z.union([
  z
    .string()
    .min(1)
    .transform((form) => [form]),
  z.array(z.string().min(1)).min(1),
]);

/**
 * One output to judge, and what is known about the right one: a line of the file of `fulcrum score`. Other members are
 * ignored.
 */
export const outputRowSchema = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  input: z.string().default(''),
  /** The text that was put out; null or white space alone is no answer. */
  output: z.string().nullable(),
  /** Whether the output declines to answer; by default, whether there is none. */
  refused: z.boolean().optional(),
  /** Why there is no output: the row counts as an error. */
  error: z.string().nullish(),
  reference: z.string().optional(),
  references: z.array(z.string()).optional(),
  facts: z.array(formsSchema).optional(),
  mustNot: z.array(formsSchema).optional(),
  maxWords: z.number().int().positive().optional(),
  answerable: z.boolean().default(true),
  /** The right class, for which the output must be this very text. */
  label: z.string().optional(),
  evidence: z.array(evidenceSchema).optional(),
  /** What the output was made from, best first. Absent: unknown; empty: nothing was found. */
  contexts: z.array(contextSchema).optional(),
  /** Rows of one group are not independent. Default: the row itself. */
  group: z.string().min(1).optional(),
});
export type OutputRow = z.infer<typeof outputRowSchema>;

/** Reads a line. Throws `record-invalid` with its number and what is wrong. */
export function readOutputRow(value: unknown, path: string, line: number): OutputRow {
  const parsed = outputRowSchema.safeParse(withOutput(value));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const member = issue?.path.map(String).join('.') ?? '';
  const given = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const problem =
    member === ''
      ? (issue?.message ?? 'not a row')
      : issue?.path.length === 1 && !given.includes(member)
        ? missing(member, given)
        : `"${member}": ${issue?.message}.`;
  throw new FulcrumError('output-invalid', { path, line, problem });
}

/** That a member is not there, with the unknown one that looks like it. */
function missing(member: string, given: readonly string[]): string {
  const unknown = given.filter((name) => !Object.hasOwn(outputRowSchema.shape, name));
  const meant = unknown.find((name) => suggest(name, [member]).startsWith('Did you mean'));
  return `"${member}" is missing${meant === undefined ? '.' : `; is it meant by "${meant}"?`}`;
}

/** Recordings of pipelines call the output `answer`. */
function withOutput(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'output' in value || !('answer' in value)) return value;
  return { ...value, output: value.answer };
}

/** The row as scorers see it. */
export function toScoredSample(row: OutputRow): ScoredSample {
  const { output, refused, contexts, error: _error, ...sample } = row;
  const empty = output === null || output.trim() === '';
  return {
    sample,
    answer: {
      answer: output ?? '',
      citations: [],
      removedCitations: 0,
      refusal: (refused ?? empty) ? { reason: 'model-declined' } : null,
      contexts: contexts ?? [],
      usage: noUsage,
      cost: noCost,
      seconds: 0,
      confidence: null,
    },
    retrieves: contexts === undefined ? undefined : true,
  };
}

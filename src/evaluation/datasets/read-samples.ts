import type { z } from 'zod';
import { FulcrumError, readJsonLines, type Sample, sampleSchema, suggest } from '../../core/index.ts';

/** A sample and the line of the file that it stands in, for messages. */
export interface ReadSample {
  readonly sample: Sample;
  readonly line: number;
}

/**
 * Reads samples from JSON Lines, one at a time. Throws `record-invalid` with the number of the first line that is
 * not a sample, repeats an id, or has evidence that no passage can be found for.
 */
export async function* readSamples(path: string): AsyncGenerator<ReadSample> {
  const lines = new Map<string, number>();
  for await (const { number, value } of readJsonLines(path)) {
    const parsed = sampleSchema.safeParse(asWritten(value));
    const problem = parsed.success ? evidenceProblem(parsed.data) : describe(parsed.error);
    if (!parsed.success || problem !== null)
      throw new FulcrumError('record-invalid', { path, line: number, problem });
    const first = lines.get(parsed.data.id);
    if (first !== undefined)
      throw new FulcrumError('record-invalid', {
        path,
        line: number,
        problem: `the id "${parsed.data.id}" was used in line ${first} already`,
      });
    lines.set(parsed.data.id, number);
    yield { sample: parsed.data, line: number };
  }
}

/** Numbers as ids, and a single text as a fact, are understood as in the files of `fulcrum score`. */
function asWritten(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { id, facts, mustNot } = value as Record<string, unknown>;
  return {
    ...value,
    ...(typeof id === 'number' ? { id: String(id) } : {}),
    ...(Array.isArray(facts) ? { facts: facts.map(asForms) } : {}),
    ...(Array.isArray(mustNot) ? { mustNot: mustNot.map(asForms) } : {}),
  };
}

function asForms(fact: unknown): unknown {
  return typeof fact === 'string' ? [fact] : fact;
}

/** What a schema's first issue says, with the key that was meant for a misspelt one. */
export function describe(error: z.ZodError): string {
  // A misspelt key says more than what is then missing.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  if (!issue) return 'not a sample';
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const wrong = issue.keys[0] ?? '';
    return `unknown key "${wrong}". ${suggest(wrong, Object.keys(sampleSchema.shape))}`.trim();
  }
  if (/^(?:facts|mustNot)(?:\.\d+)?$/.test(path) && issue.code === 'invalid_type')
    return `"${path}": a list of facts, each a list of accepted forms, is expected: [["20", "twenty"], ["steps"]]`;
  return path === '' ? issue.message : `"${path}": ${issue.message}`;
}

function evidenceProblem(sample: Sample): string | null {
  for (const { document, quote, start, end, hash } of sample.evidence ?? []) {
    if ((start === undefined) !== (end === undefined))
      return `evidence in "${document}" needs both start and end`;
    if (start !== undefined && end !== undefined && end <= start)
      return `evidence in "${document}" ends (${end}) before it starts (${start})`;
    if (hash !== undefined && start === undefined && quote === undefined)
      return `evidence in "${document}" has a hash without start and end`;
  }
  return null;
}

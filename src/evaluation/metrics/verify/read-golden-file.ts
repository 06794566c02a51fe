import { z } from 'zod';
import { FulcrumError, readWholeText } from '../../../core/index.ts';
import { readTrulensCase } from './trulens-golden.ts';

/** One case of a golden file. */
export interface GoldenVector {
  readonly id: string;
  readonly metric: string;
  readonly inputs?: unknown;
  readonly params?: unknown;
  readonly expected: unknown;
  /** Absolute, where the case states one. */
  readonly tolerance?: number | undefined;
  /** Set where the file's layout, not the metric's name, says how to recompute. */
  readonly recompute?: (() => unknown) | undefined;
}

/** Largest golden file that is read, in bytes. */
export const mostGoldenBytes = 64 * 1024 * 1024;

const caseSchema = z.object({
  id: z.string().optional(),
  metric: z.string().min(1),
  inputs: z.unknown(),
  params: z.unknown().optional(),
  expected: z.json(),
  tolerance: z.number().nonnegative().nullish(),
});

/**
 * Reads a golden file: `{cases: [{id?, metric, params?, inputs, expected, tolerance?}]}`, the array alone, or an object
 * of TruLens ratings (`{"relevance 3 of 0..3": 1}`). Throws `file-not-found`, `file-too-large`, `file-not-text`,
 * `file-unreadable`, or `golden-invalid` with the case that is wrong.
 */
export async function readGoldenFile(path: string): Promise<GoldenVector[]> {
  const value = parse(path, await readWholeText(path, mostGoldenBytes));
  const cases = Array.isArray(value) ? value : isRecord(value) && 'cases' in value ? value.cases : null;
  const vectors = cases === null ? ratings(path, value) : readCases(path, cases);
  if (vectors.length === 0) throw invalid(path, 'it holds no case.');
  return vectors;
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, `not JSON (${error instanceof Error ? error.message : String(error)}).`, error);
  }
}

function readCases(path: string, cases: unknown): GoldenVector[] {
  if (!Array.isArray(cases)) throw invalid(path, '"cases" is not a list.');
  return cases.map((value, index) => {
    const parsed = caseSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw invalid(path, `case ${index + 1}: "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}.`);
    }
    const { id, metric, inputs, params, expected, tolerance } = parsed.data;
    return {
      id: id ?? `${metric}/${index}`,
      metric,
      inputs,
      params,
      expected,
      tolerance: tolerance ?? undefined,
    };
  });
}

/** The layout of TruLens vectors: an expected number, or a text that starts with FAILED, under a describing key. */
function ratings(path: string, value: unknown): GoldenVector[] {
  if (!isRecord(value)) throw invalid(path, 'neither a list of cases nor an object.');
  return Object.entries(value).map(([id, given]) => {
    const failed = typeof given === 'string' && given.startsWith('FAILED');
    if (typeof given !== 'number' && !failed) throw invalid(path, `"${id}" is neither a case nor a rating.`);
    const found = readTrulensCase(id);
    return {
      id,
      metric: found?.metric ?? 'trulens',
      expected: failed ? 'FAILED' : given,
      recompute: found?.recompute ?? (() => undefined),
    };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, problem: string, cause?: unknown): FulcrumError {
  return new FulcrumError('golden-invalid', { path, problem }, { cause });
}

import { z } from 'zod';
import {
  type Answer,
  errorScore,
  type Sample,
  type Score,
  scored,
  scoreSchema,
  undefinedScore,
} from '../../core/index.ts';
import type { Scorer } from './scorer.ts';

/**
 * What a scorer of your own gives: a number, true (1) or false (0), a number with a detail to keep, or why there is no
 * number. Anything else is an error score, and so is what it throws.
 */
export type OwnScore =
  | number
  | boolean
  | { readonly value: number; readonly detail?: unknown }
  | { readonly undefined: string }
  | Score;

/** Judges the answer to a sample. `answer.answer` is its text; `answer.refusal` is not null where there is none. */
export type JudgeAnswer = (sample: Sample, answer: Answer) => OwnScore | Promise<OwnScore>;

export interface OwnScorerOptions {
  /** One sentence: what a score means. */
  readonly description?: string | undefined;
  /** Whether a higher mean is better, the default. */
  readonly direction?: 'higher' | 'lower' | undefined;
}

/** A scorer made of a function. */
export function defineScorer(name: string, judge: JudgeAnswer, options: OwnScorerOptions = {}): Scorer {
  return {
    name,
    description: options.description ?? 'your own scorer',
    direction: options.direction ?? 'higher',
    needs: [],
    definition: { type: 'own', function: judge.toString() },
    async score({ sample, answer }) {
      // Copies: what it does to them reaches neither the other scorers nor the record.
      return scoreOf(name, await judge(structuredClone(sample), structuredClone(answer)));
    },
  };
}

const valueSchema = z.strictObject({ value: z.number(), detail: z.unknown().optional() });
const reasonSchema = z.strictObject({ undefined: z.string().min(1) });

function scoreOf(name: string, given: unknown): Score {
  if (typeof given === 'number') return scored(given);
  if (typeof given === 'boolean') return scored(given ? 1 : 0);
  const score = scoreSchema.safeParse(given);
  if (score.success) return score.data;
  const value = valueSchema.safeParse(given);
  if (value.success) return scored(value.data.value, value.data.detail);
  const reason = reasonSchema.safeParse(given);
  if (reason.success) return undefinedScore(reason.data.undefined);
  return errorScore(
    `${name} gave ${describe(given)}; a score is a number, true, false, {value, detail?} or {undefined: "reason"}`,
  );
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  try {
    return (JSON.stringify(value) ?? typeof value).slice(0, 80);
  } catch {
    return typeof value;
  }
}

import { z } from 'zod';
import { type Score, scored, undefinedScore } from '../../../core/index.ts';
import type { ScoredSample } from '../../evaluated.ts';
import type { Scorer } from '../scorer.ts';
import { outputText } from './output-text.ts';
import { runValidator, type ValidatorCommand, type ValidatorEnd } from './run-validator.ts';

export interface CommandScorerOptions extends ValidatorCommand {
  readonly fenced: boolean;
  /** `json`: it prints its verdict. `exit`: status 0 is 1, `failExit` is 0, anything else is an error. */
  readonly verdict: 'json' | 'exit';
  readonly failExit: number;
}

/** What a validator prints: a score, or why there is none. */
const verdictSchema = z.union([
  z.strictObject({ score: z.union([z.number(), z.boolean()]), detail: z.unknown().optional() }),
  z.strictObject({ undefined: z.string().min(1) }),
]);

/**
 * The verdict of a program on each answer. It gets {id, input, answer, reference?, references?, label?} as JSON on stdin.
 * A program that fails, prints something else or takes too long is an error, never a score. A refusal has no output to
 * validate.
 */
export function commandScorer(name: string, options: CommandScorerOptions): Scorer[] {
  return [
    {
      name,
      description: `the verdict of ${options.command[0] ?? ''}`,
      direction: 'higher',
      needs: [],
      score: (judged) => askValidator(judged, options),
    },
  ];
}

async function askValidator({ sample, answer }: ScoredSample, options: CommandScorerOptions): Promise<Score> {
  if (answer.refusal !== null) return undefinedScore('abstained');
  const text = outputText(answer, options.fenced);
  if (text.status === 'invalid' && text.reason !== 'empty') return scored(0, { invalid: text.reason });
  const { id, input, reference, references, label } = sample;
  const output = text.status === 'read' ? text.value : '';
  const end = await runValidator(options, { id, input, answer: output, reference, references, label });
  return options.verdict === 'exit' ? verdictOfExit(end, options.failExit) : verdictOfOutput(end);
}

function verdictOfExit({ exitCode, said }: ValidatorEnd, failExit: number): Score {
  if (exitCode === 0) return scored(1);
  if (exitCode === failExit) return scored(0, said === '' ? undefined : { problem: said });
  throw new Error(`the validator ended with exit status ${exitCode}${said === '' ? '' : `: ${said}`}`);
}

function verdictOfOutput({ exitCode, stdout, said }: ValidatorEnd): Score {
  if (exitCode !== 0)
    throw new Error(`the validator ended with exit status ${exitCode}${said === '' ? '' : `: ${said}`}`);
  const verdict = verdictSchema.safeParse(parsed(stdout));
  if (!verdict.success)
    throw new Error('the validator must print {"score": 0.5, "detail"?: …} or {"undefined": "reason"}');
  if ('undefined' in verdict.data) return undefinedScore(verdict.data.undefined);
  return scored(Number(verdict.data.score), verdict.data.detail);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

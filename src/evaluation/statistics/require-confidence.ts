import { FulcrumError } from '../../core/index.ts';

/** Throws `usage` for a confidence outside (.5, 1). */
export function requireConfidence(confidence: number): void {
  if (!(confidence > 0.5 && confidence < 1))
    throw new FulcrumError('usage', {
      problem: `The confidence must lie between .5 and 1; it is ${confidence}.`,
    });
}

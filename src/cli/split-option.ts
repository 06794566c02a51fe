import { FulcrumError } from '../core/index.ts';

/** Part of a set of rows; `dev` is understood as validation. Throws `usage`. */
export function splitOption(given: string | undefined): 'train' | 'validation' | 'test' | undefined {
  if (given === undefined || given === 'train' || given === 'validation' || given === 'test') return given;
  if (given === 'dev') return 'validation';
  throw new FulcrumError('usage', { problem: `--split takes train, validation or test, not "${given}".` });
}

import { FulcrumError } from '../../core/index.ts';

/** A name that can stand in a command, a list of names and a file name. */
const rule = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,99}$/u;

/** Throws `dataset-name-invalid` for a name that no dataset may have. */
export function requireDatasetName(name: string): void {
  if (!rule.test(name)) throw new FulcrumError('dataset-name-invalid', { dataset: name });
}

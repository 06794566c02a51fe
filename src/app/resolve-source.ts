import { FulcrumError, suggest } from '../core/index.ts';
import type { Config } from './config.ts';

/** Name of the only source, or the one asked for. Throws `source-empty`, `source-ambiguous` or `source-unknown`. */
export function resolveSource(config: Config, asked: string | undefined): string {
  const names = Object.keys(config.sources);
  if (asked !== undefined) {
    if (names.includes(asked)) return asked;
    throw new FulcrumError('source-unknown', { source: asked, suggestion: suggest(asked, names) });
  }
  const [only] = names;
  if (only === undefined) throw new FulcrumError('source-empty');
  if (names.length > 1)
    throw new FulcrumError('source-ambiguous', { count: names.length, names: names.join(', ') });
  return only;
}

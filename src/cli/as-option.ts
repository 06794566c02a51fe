import type { Command } from 'commander';
import { localOwner, type Principal, parsePrincipal } from '../core/index.ts';

/** On whose behalf a command reads. */
export interface AsOption {
  as?: string;
}

/** Adds `--as` to a command that reads documents. */
export function addAsOption(command: Command): Command {
  return command.option(
    '--as <principal>',
    'only what this principal may read: user:NAME, then group:NAME and tenant:NAME (default: the owner, who reads all of "local")',
  );
}

/** The principal that `--as` names, else the person at the keyboard. Throws `principal-invalid`. */
export function principalOf({ as }: AsOption): Principal {
  return as === undefined ? localOwner : parsePrincipal(as);
}

import { hostname } from 'node:os';
import { FulcrumError, newId } from '../../core/index.ts';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';

/** Table of the work that processes are at. */
interface ClaimTables {
  evaluation_claims: {
    /** `claimOf` a variant and a dataset. */
    work: string;
    /** Of this very claim, so that one who lost it cannot release that of another. */
    token: string;
    host: string;
    process: number;
    claimed_at: string;
    /** When its holder last said that it is alive. */
    seen_at: string;
  };
}

/** Migration of this table; the evaluation room adds it to its own. */
export const claimMigrations: Migrations = {
  'evaluation-220-claims': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_claims')
        .addColumn('work', 'text', (column) => column.primaryKey())
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('host', 'text', (column) => column.notNull())
        .addColumn('process', 'integer', (column) => column.notNull())
        .addColumn('claimed_at', 'text', (column) => column.notNull())
        .addColumn('seen_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};

/** What is claimed: the answers of a variant to a dataset, which several runs share. */
export interface ClaimedWork {
  readonly variant: string;
  readonly definitionHash: string;
  readonly dataset: { readonly name: string; readonly hash: string };
}

/** The right to ask a variant about a dataset; one process has it at a time. */
export interface RunClaim {
  /** Throws `run-busy` when another process took over, which it does after `abandonedAfterMs` without a sign of life. */
  throwIfLost(): void;
  release(): Promise<void>;
}

const signOfLifeMs = 5_000;
/** A process that is alive but said nothing for so long (stopped, or on another machine that is gone) has lost its claim. */
const abandonedAfterMs = 60_000;

/**
 * Claims work for this process, so that no answer is asked for, and paid for, by two at once. A claim whose process
 * is dead is free at once on the same machine. Throws `run-busy`, naming the process that has it.
 */
export async function claimRun(database: Database, work: ClaimedWork): Promise<RunClaim> {
  const tables = tablesOf<ClaimTables>(database);
  const key = `${work.definitionHash} ${work.dataset.hash}`;
  const token = newId('claim');
  const busy = (holder: Holder): FulcrumError =>
    new FulcrumError('run-busy', {
      variant: work.variant,
      dataset: work.dataset.name,
      process: holder.process,
      host: holder.host,
      since: holder.claimed_at,
    });
  const read = (): Promise<Holder | undefined> =>
    tables.selectFrom('evaluation_claims').selectAll().where('work', '=', key).executeTakeFirst();
  const now = new Date().toISOString();
  const own = { work: key, token, host: hostname(), process: process.pid, claimed_at: now, seen_at: now };

  const holder = await read();
  if (holder && !isAbandoned(holder)) throw busy(holder);
  if (holder)
    await tables
      .deleteFrom('evaluation_claims')
      .where('work', '=', key)
      .where('token', '=', holder.token)
      .execute();
  await tables
    .insertInto('evaluation_claims')
    .values(own)
    .onConflict((conflict) => conflict.column('work').doNothing())
    .execute();
  const winner = await read();
  if (winner && winner.token !== token) throw busy(winner);

  let lostTo: Holder | null = null;
  const signOfLife = setInterval(() => {
    const said = async (): Promise<void> => {
      await tables
        .updateTable('evaluation_claims')
        .set({ seen_at: new Date().toISOString() })
        .where('work', '=', key)
        .where('token', '=', token)
        .execute();
      const current = await read();
      if (current?.token !== token) lostTo = current ?? own;
    };
    // A database that is busy for a moment is no reason to give up; the next sign comes soon.
    said().catch(() => undefined);
  }, signOfLifeMs);
  signOfLife.unref();
  return {
    throwIfLost() {
      if (lostTo) throw busy(lostTo);
    },
    async release() {
      clearInterval(signOfLife);
      await tables
        .deleteFrom('evaluation_claims')
        .where('work', '=', key)
        .where('token', '=', token)
        .execute();
    },
  };
}

type Holder = ClaimTables['evaluation_claims'];

function isAbandoned({ host, process: holder, seen_at: seenAt }: Holder): boolean {
  if (Date.now() - Date.parse(seenAt) > abandonedAfterMs) return true;
  return host === hostname() && !isAlive(holder);
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

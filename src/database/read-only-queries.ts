import { type ChildProcess, fork } from 'node:child_process';
import type { QueryFailure, QueryOutcome, ReadOnlyQuery } from './read-only-query.ts';

/** Runs statements that nobody vouches for, one after the other. */
export interface ReadOnlyQueries {
  /** Never rejects. */
  run(query: ReadOnlyQuery): Promise<QueryOutcome>;
  close(): void;
}

/** How long the process may take to start on a busy machine. */
const startTimeoutMs = 60_000;

/**
 * Runs queries in a process of its own, started at first use and killed when a query exceeds its time, since nothing
 * else stops SQLite inside one statement. The process keeps nobody waiting: it ends with the process that started it.
 * Each query opens the file read-only; an authorizer lets only reading through, and memory is limited.
 */
export function createReadOnlyQueries(): ReadOnlyQueries {
  let child: Promise<ChildProcess> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const process = (): Promise<ChildProcess> => {
    child ??= startProcess().catch((error: unknown) => {
      child = null;
      throw error;
    });
    return child;
  };

  const runNext = async (query: ReadOnlyQuery): Promise<QueryOutcome> => {
    let running: ChildProcess;
    try {
      running = await process();
      if (!running.connected) {
        // It died while nobody asked it anything.
        child = null;
        running = await process();
      }
    } catch (error) {
      return failed('crashed', `the query process did not start: ${(error as Error).message}`);
    }
    const outcome = await ask(running, query);
    if (running.exitCode !== null || running.signalCode !== null || running.killed || !running.connected)
      child = null;
    return outcome;
  };

  return {
    run(query) {
      const outcome = last.then(() => runNext(query));
      last = outcome;
      return outcome;
    },
    close() {
      void child?.then((running) => running.kill('SIGKILL')).catch(() => undefined);
      child = null;
    },
  };
}

function startProcess(): Promise<ChildProcess> {
  // The file has the extension of this one: `.ts` when run from source, `.js` in `dist`.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const file = new URL(`./query-process.${extension}`, import.meta.url);
  const started = fork(file, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      started.kill('SIGKILL');
      reject(new Error('no sign of life'));
    }, startTimeoutMs);
    const onExit = (code: number | null): void => {
      clearTimeout(timer);
      reject(new Error(`it ended (exit code ${code})`));
    };
    started.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    started.once('exit', onExit);
    started.once('message', () => {
      clearTimeout(timer);
      started.off('exit', onExit);
      started.on('error', () => undefined);
      rest(started);
      resolve(started);
    });
  });
}

/** An idle process keeps neither this one nor a test alive. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function ask(child: ChildProcess, query: ReadOnlyQuery): Promise<QueryOutcome> {
  return new Promise((resolve) => {
    child.ref();
    child.channel?.ref();
    const settle = (outcome: QueryOutcome): void => {
      clearTimeout(timer);
      child.off('message', onReply);
      child.off('exit', onExit);
      rest(child);
      resolve(outcome);
    };
    const onReply = (reply: QueryOutcome): void => settle(reply);
    const onExit = (code: number | null, signal: string | null): void =>
      settle(
        signal === 'SIGTERM'
          ? failed('too-much-memory', 'it took too much memory')
          : failed('crashed', `the query process died (${signal ?? `exit code ${code}`})`),
      );
    const timer = setTimeout(() => {
      child.off('exit', onExit);
      child.kill('SIGKILL');
      settle(failed('timeout', `no result within ${query.timeoutMs / 1000} s`));
    }, query.timeoutMs);
    child.on('message', onReply);
    child.once('exit', onExit);
    child.send({ ...query } satisfies ReadOnlyQuery, (error) => {
      if (error) settle(failed('crashed', error.message));
    });
  });
}

function failed(reason: QueryFailure, problem: string): QueryOutcome {
  return { status: 'failed', reason, problem };
}

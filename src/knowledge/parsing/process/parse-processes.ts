import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { FulcrumError } from '../../../core/index.ts';
import type { ParsingLimits } from '../parsing-limits.ts';
import type { CutDocument, ParseReply, ParseTask } from './parse-task.ts';

/** Parses documents in processes of their own. */
export interface ParseProcesses {
  /**
   * Parses and cuts one document. Throws what `parseDocument` throws, and `parse-timeout`, `parse-memory` or
   * `parse-crashed`; the process is then replaced, and other documents are not concerned.
   */
  parse(task: ParseTask): Promise<CutDocument>;
  /** Ends the processes; what they are at fails. */
  close(): void;
}

/** How long a process may take to start on a busy machine. */
const startTimeoutMs = 60_000;
/** An idle process ends after this time. */
const idleMs = 10_000;
const mostProcesses = 4;

interface Running {
  readonly child: ChildProcess;
  idle: NodeJS.Timeout | null;
}

/**
 * Starts processes when there is something for them to do, one for each core at most. A process that reaches a limit is
 * killed: nothing else stops a parser in a loop or one that allocates outside the heap. None of them keeps this process
 * alive, and each ends with it.
 */
export function createParseProcesses(limits: ParsingLimits): ParseProcesses {
  const most = Math.max(1, Math.min(availableParallelism(), mostProcesses));
  const idle: Running[] = [];
  const all = new Set<ChildProcess>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  const end = (running: Running): void => {
    if (running.idle) clearTimeout(running.idle);
    all.delete(running.child);
    running.child.kill('SIGKILL');
  };

  const take = async (uri: string): Promise<Running> => {
    for (let free = idle.pop(); free; free = idle.pop()) {
      if (free.idle) clearTimeout(free.idle);
      if (free.child.connected && free.child.exitCode === null) return free;
      end(free);
    }
    try {
      const child = await startProcess(limits);
      all.add(child);
      return { child, idle: null };
    } catch (cause) {
      throw new FulcrumError('parse-crashed', { path: uri, problem: (cause as Error).message }, { cause });
    }
  };

  const giveBack = (running: Running, residentMb: number): void => {
    // One that holds much memory would reach the limit with an innocent document.
    if (residentMb > limits.memoryMb / 2) {
      end(running);
      return;
    }
    rest(running.child);
    running.idle = setTimeout(() => {
      idle.splice(idle.indexOf(running), 1);
      end(running);
    }, idleMs).unref();
    idle.push(running);
  };

  const parseNow = async (task: ParseTask): Promise<CutDocument> => {
    const running = await take(task.raw.uri);
    try {
      const reply = await ask(running.child, task, limits);
      giveBack(running, reply.residentMb);
      if (reply.status === 'failed') throw new FulcrumError(reply.code, reply.data);
      return reply.result;
    } finally {
      if (!running.idle) end(running);
    }
  };

  return {
    async parse(task) {
      while (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      try {
        return await parseNow(task);
      } finally {
        busy -= 1;
        waiting.shift()?.();
      }
    },
    close() {
      idle.length = 0;
      for (const child of all) child.kill('SIGKILL');
      all.clear();
    },
  };
}

function startProcess({ memoryMb }: ParsingLimits): Promise<ChildProcess> {
  // The file has the extension of this one: `.ts` when run from source, `.js` in `dist`.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const file = new URL(`./parse-process.${extension}`, import.meta.url);
  const child = fork(file, [String(memoryMb)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memoryMb}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null): void => {
      clearTimeout(timer);
      child.off('exit', onExit);
      child.off('message', onReady);
      child.on('error', () => undefined);
      if (error) {
        child.kill('SIGKILL');
        reject(error);
      } else resolve(child);
    };
    const onExit = (code: number | null): void => settle(new Error(`it did not start (exit code ${code}).`));
    const onReady = (): void => settle(null);
    const timer = setTimeout(() => settle(new Error('it did not start.')), startTimeoutMs);
    child.once('error', settle);
    child.once('exit', onExit);
    child.once('message', onReady);
  });
}

/** An idle process keeps neither this one nor a test alive. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function ask(child: ChildProcess, task: ParseTask, limits: ParsingLimits): Promise<ParseReply> {
  const { uri: path } = task.raw;
  return new Promise((resolve, reject) => {
    child.ref();
    child.channel?.ref();
    const settle = (): void => {
      clearTimeout(timer);
      child.off('message', onReply);
      child.off('exit', onExit);
    };
    const onReply = (reply: ParseReply): void => {
      settle();
      resolve(reply);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      settle();
      reject(failureOf(path, code, signal, limits));
    };
    const timer = setTimeout(() => {
      settle();
      child.kill('SIGKILL');
      reject(new FulcrumError('parse-timeout', { path, seconds: limits.seconds }));
    }, limits.seconds * 1000);
    child.on('message', onReply);
    child.once('exit', onExit);
    child.send(task, (error) => {
      if (!error) return;
      settle();
      reject(new FulcrumError('parse-crashed', { path, problem: `${error.message}.` }, { cause: error }));
    });
  });
}

/** The watcher ends the process by SIGTERM; V8 aborts where its heap is full. */
function failureOf(
  path: string,
  code: number | null,
  signal: string | null,
  { memoryMb }: ParsingLimits,
): FulcrumError {
  if (signal === 'SIGTERM' || signal === 'SIGABRT' || code === 134)
    return new FulcrumError('parse-memory', { path, memoryMb });
  return new FulcrumError('parse-crashed', { path, problem: `${signal ?? `exit code ${code}`}.` });
}

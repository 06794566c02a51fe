import { cpus } from 'node:os';

/** Says how many threads a model may use now. */
export interface ThreadBudget {
  /** Between 1 and the most that was allowed. Looks at the machine at most every fifth of a second. */
  current(): number;
}

/** CPU time so far, in milliseconds. */
export interface CpuTimes {
  /** Of the whole machine, all cores. */
  readonly busy: number;
  /** Of this process. */
  readonly own: number;
  /** Clock. */
  readonly now: number;
}

const windowMs = 200;

/**
 * llama.cpp's threads wait for each other by spinning: where another process has one of the cores, two threads
 * take several times as long as one. So only cores that others leave free are used.
 * With another number of threads sums may round otherwise, so that a long prompt can get another text on a busy machine than on a quiet one.
 */
export function createThreadBudget(
  cores: number,
  most: number,
  read: () => CpuTimes = readCpuTimes,
): ThreadBudget {
  let seen = read();
  let threads = most;
  return {
    current() {
      const times = read();
      const elapsed = times.now - seen.now;
      if (elapsed >= windowMs) {
        const others = Math.max(0, times.busy - seen.busy - (times.own - seen.own)) / elapsed;
        threads = Math.min(most, Math.max(1, Math.floor(cores - others + 0.3)));
        seen = times;
      }
      return threads;
    },
  };
}

function readCpuTimes(): CpuTimes {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const { user, system } = process.cpuUsage();
  return { busy, own: (user + system) / 1000, now: performance.now() };
}

import { Worker } from 'node:worker_threads';
import { toFulcrumError } from '../../../core/index.ts';
import { cutDocument } from './cut-document.ts';
import type { ParseReply, ParseTask } from './parse-task.ts';

// Entry point of the process that parses documents; see parse-processes.ts.

const megabyte = 1024 * 1024;

watchOverItself(Number(process.argv[2]));

process.on('message', (task: ParseTask) => {
  void answer(task).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
// A parser may still fail at something it began for a document that is done with.
process.on('unhandledRejection', () => undefined);
process.send?.('ready');

async function answer(task: ParseTask): Promise<ParseReply> {
  try {
    const result = await cutDocument(task);
    return { status: 'parsed', result, residentMb: residentMb() };
  } catch (error) {
    const { code, data } = toFulcrumError(error);
    return { status: 'failed', code, data, residentMb: residentMb() };
  }
}

function residentMb(): number {
  return process.memoryUsage.rss() / megabyte;
}

/**
 * Starts a thread that ends this process when it takes more than its memory, also where it does not come to its
 * senses, and when the process that started it is gone.
 */
function watchOverItself(memoryMb: number): void {
  const watch = `
    const { workerData: { memoryBytes, parent } } = require('node:worker_threads');
    const cell = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      Atomics.wait(cell, 0, 0, 25);
      if (process.memoryUsage.rss() > memoryBytes) process.kill(process.pid, 'SIGTERM');
      if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    }`;
  const workerData = { memoryBytes: memoryMb * megabyte, parent: process.ppid };
  const watcher = new Worker(watch, { eval: true, workerData, execArgv: [] });
  watcher.unref();
}

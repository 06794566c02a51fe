// npm run fuzz [-- --texts 20000 --binaries 300 --seed 1 --only SEED]: random and damaged documents through parsers and chunker.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type FuzzReport, fuzzBinary, fuzzText } from './fuzz/run-fuzz.ts';

const { values } = parseArgs({
  options: {
    texts: { type: 'string', default: '20000' },
    binaries: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const show = (name: string, report: FuzzReport, startedAt: number): void => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const refused = Object.entries(report.refused).map(([code, count]) => `${count} ${code}`);
  console.log(
    `${name}: ${report.inputs} inputs from seed ${seed}, ${report.failures.length} failures, ` +
      `${refused.join(', ') || 'none refused'}; slowest ${Math.round(report.slowestMs)} ms (seed ${report.slowestSeed}); ${seconds} s`,
  );
  for (const { seed: at, mediaType, problem } of report.failures.slice(0, 20))
    console.log(`  seed ${at} ${mediaType}: ${problem}`);
  if (report.failures.length > 0) process.exitCode = 1;
};
const limits = { seed, limitMs: 5000, seconds: 20 };
/** Ends the run where one text takes a minute: nothing in this thread could. */
const current = new Int32Array(new SharedArrayBuffer(4));
const watch = `
  const { workerData: cell } = require('node:worker_threads');
  for (let last = -1, since = Date.now(); ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)) {
    const seed = Atomics.load(cell, 0);
    if (seed !== last) [last, since] = [seed, Date.now()];
    if (seed !== 0 && Date.now() - since > 60_000) {
      require('node:fs').writeSync(2, 'The text of seed ' + seed + ' hangs.\\n');
      process.kill(process.pid, 'SIGKILL');
    }
  }`;
new Worker(watch, { eval: true, workerData: current }).unref();
const onInput = (at: number): void => {
  Atomics.store(current, 0, at);
};
let startedAt = performance.now();
if (Number(values.texts) > 0)
  show('text', await fuzzText({ ...limits, count: Number(values.texts), onInput }), startedAt);
Atomics.store(current, 0, 0);
for (const format of ['pdf', 'docx'] as const) {
  startedAt = performance.now();
  if (Number(values.binaries) > 0)
    show(format, await fuzzBinary(format, { ...limits, count: Number(values.binaries) }), startedAt);
}
process.exit();

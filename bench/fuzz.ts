// npm run fuzz [-- --texts 20000 --binaries 300 --seed 1 --only SEED]: random and damaged documents through parsers and chunker.
import { parseArgs } from 'node:util';
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
let startedAt = performance.now();
if (Number(values.texts) > 0)
  show('text', await fuzzText({ ...limits, count: Number(values.texts) }), startedAt);
for (const format of ['pdf', 'docx'] as const) {
  startedAt = performance.now();
  if (Number(values.binaries) > 0)
    show(format, await fuzzBinary(format, { ...limits, count: Number(values.binaries) }), startedAt);
}
process.exit();

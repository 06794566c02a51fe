// npm test: lint, types, fast tests. npm run test:full (--full): the package check and what is slow or needs more than Node.
import './require-node-24.mjs';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const full = process.argv.includes('--full');
const scratch = mkdtempSync(join(tmpdir(), 'fulcrum-test-'));
const report = join(scratch, 'report.json');

/** Runs a tool of node_modules/.bin and says whether it went well. */
function run(tool, args, env = {}) {
  console.log(`> ${tool} ${args.join(' ')}`);
  const { status } = spawnSync(tool, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status === 0;
}

const checks = full
  ? [['node', ['scripts/build.mjs']]]
  : [
      ['biome', ['check', '.']],
      ['tsc', ['--noEmit']],
    ];
const broken = checks.filter(([tool, args]) => !run(tool, args)).map(([tool]) => tool);
run(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  full ? { FULCRUM_TEST_FULL: '1' } : {},
);

/** A line for each failed test or file, so that the end of a long log says what failed. */
function failuresOf(files) {
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0) return status === 'failed' ? [`FAILED ${file}: ${firstLine(message)}`] : [];
    return tests.map((test) => `FAILED ${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
  });
}

const firstLine = (text = '') => text.split('\n', 1)[0].slice(0, 300);

let counts = { passed: 0, failed: 1, skipped: 0 };
let failures = [];
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites, testResults } =
    JSON.parse(readFileSync(report, 'utf8'));
  failures = failuresOf(testResults);
  counts = {
    passed: numPassedTests,
    // A file that cannot be loaded fails as a suite without a failed test.
    failed: numFailedTests > 0 ? numFailedTests : numFailedTestSuites,
    skipped: numPendingTests + numTodoTests,
  };
} catch {
  console.error('The test runner left no report.');
}
counts.passed += checks.length - broken.length;
counts.failed += broken.length;
rmSync(scratch, { recursive: true, force: true });
if (broken.length > 0) console.error(`Not clean: ${broken.join(', ')}`);
if (process.env.FULCRUM_TEST_COUNTS)
  appendFileSync(
    process.env.FULCRUM_TEST_COUNTS,
    [...failures, `${counts.passed} ${counts.failed} ${counts.skipped}`, ''].join('\n'),
  );
for (const failure of failures) console.error(failure);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

// The evaluation harness against promptfoo and evalite: the same samples, an instant scripted model, exact match.
// Wall time and the peak of the resident memory of the whole process tree, all tools in one run.
//
//   npm run build && node bench/harness.ts [SAMPLES,SAMPLES…]      (default 200,5000; ours also takes 100000)
//
// Peers are installed on demand: (cd bench/peers && npm install). Without them only ours is measured.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const peers = join(root, 'bench', 'peers');
const rounds = Number(process.env.ROUNDS ?? 3);
/** The Node that evalite was installed with, since it brings a compiled module. */
const peerNode = process.env.PEER_NODE ?? 'node';
/** Peers are not asked for more; they do not come back from it in reasonable time or memory. */
const mostForPeers = 5000;

interface Measured {
  readonly seconds: number;
  readonly peakMb: number;
}

/** Resident memory of a process and all that it started, in bytes. */
function treeMemory(pid: number): number {
  let bytes = 0;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    bytes += pages * 4096;
    for (const task of readdirSync(`/proc/${pid}/task`))
      for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
        if (child !== '') bytes += treeMemory(Number(child));
  } catch {
    // It has ended meanwhile.
  }
  return bytes;
}

function measure(
  argv: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Measured & { output: string }> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { cwd, env: { ...process.env, CI: '1', ...env } });
    let output = '';
    child.stdout.on('data', (piece: Buffer) => {
      output += piece.toString();
    });
    child.stderr.on('data', (piece: Buffer) => {
      output += piece.toString();
    });
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, treeMemory(child.pid ?? 0));
    }, 15);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - startedAt) / 1000;
      if (code !== 0 && code !== 100)
        reject(new Error(`${argv.join(' ')}: exit ${code}\n${output.slice(-2000)}`));
      else resolve({ seconds, peakMb: peak / 1e6, output });
    });
  });
}

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    input: `Please repeat the word number ${index}.`,
    reference: `word ${index}`,
  }));
const scripted = (input: string): string => `word ${/\d+/.exec(input)?.[0]}`;

/** A tool: what must be there before, and the command that is measured. */
interface Tool {
  readonly name: string;
  readonly most: number;
  prepare(folder: string, count: number): Promise<void>;
  run(folder: string): Promise<Measured & { output: string }>;
  /** Throws when the output does not say that all were right. */
  check(output: string, count: number): void;
}

function mustHold(output: string, pattern: RegExp): void {
  if (!pattern.test(output)) throw new Error(`${pattern} is not in:\n${output.slice(-1500)}`);
}

const cli = join(root, 'dist', 'cli', 'main.js');
const starter = join(root, 'bench', 'built.mjs');

const ours: Tool = {
  name: 'fulcrum eval run',
  most: Number.POSITIVE_INFINITY,
  async prepare(folder, count) {
    writeFileSync(
      join(folder, 'samples.jsonl'),
      rowsOf(count)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    writeFileSync(
      join(folder, 'model.mjs'),
      `export const answer = ({ input }) => 'word ' + /\\d+/.exec(input)[0];\n`,
    );
    writeFileSync(
      join(folder, 'fulcrum.config.json'),
      JSON.stringify({ embedding: false, variants: { scripted: { external: { module: './model.mjs' } } } }),
    );
    await measure(
      [process.execPath, starter, 'dataset', 'import', 'samples.jsonl', '--name', 'words'],
      folder,
    );
  },
  run: (folder) =>
    measure(
      [process.execPath, starter, 'eval', 'run', '--dataset', 'words', '--variants', 'scripted'],
      folder,
    ),
  check: (output, count) => mustHold(output, new RegExp(`exact-match.*1\\.000.* of ${count}`)),
};

const library: Tool = {
  name: 'fulcrum/testing/evaluate in a script',
  most: mostForPeers,
  async prepare(folder, count) {
    writeFileSync(
      join(folder, 'samples.jsonl'),
      rowsOf(count)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    writeFileSync(
      join(folder, 'run.mjs'),
      `import { evaluateVariant } from ${JSON.stringify(join(root, 'dist', 'testing', 'evaluate.js'))};
const report = await evaluateVariant({ samples: 'samples.jsonl', answer: ({ input }) => 'word ' + /\\d+/.exec(input)[0] });
console.log('exact', report.metrics['exact-match'].mean, report.n);\n`,
    );
  },
  run: (folder) => measure([process.execPath, 'run.mjs'], folder),
  check: (output, count) => mustHold(output, new RegExp(`exact 1 ${count}`)),
};

const evalite: Tool = {
  name: 'evalite',
  most: mostForPeers,
  async prepare(folder, count) {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'rows.json'), JSON.stringify(rowsOf(count)));
    writeFileSync(
      join(folder, 'bench.eval.ts'),
      `import { readFileSync } from 'node:fs';
import { evalite } from 'evalite';
const rows = JSON.parse(readFileSync('rows.json', 'utf8'));
evalite('bench', {
  data: async () => rows.map((row) => ({ input: row.input, expected: row.reference })),
  task: async (input) => 'word ' + /\\d+/.exec(input)[0],
  scorers: [{ name: 'exact', scorer: ({ output, expected }) => (output === expected ? 1 : 0) }],
});\n`,
    );
  },
  run: (folder) =>
    measure([peerNode, join(peers, 'node_modules', 'evalite', 'dist', 'bin.js'), 'run'], folder),
  check: (output) => mustHold(output, /100%/),
};

const promptfoo: Tool = {
  name: 'promptfoo',
  most: mostForPeers,
  async prepare(folder, count) {
    writeFileSync(
      join(folder, 'provider.cjs'),
      `module.exports = class { id() { return 'scripted'; } async callApi(prompt) { return { output: 'word ' + /\\d+/.exec(prompt)[0] }; } };\n`,
    );
    const tests = rowsOf(count).map(({ input, reference }) => ({
      vars: { input },
      assert: [{ type: 'equals', value: reference }],
    }));
    writeFileSync(
      join(folder, 'promptfooconfig.json'),
      JSON.stringify({ prompts: ['{{input}}'], providers: ['file://provider.cjs'], tests }),
    );
  },
  run: (folder) =>
    measure(
      [
        process.execPath,
        join(peers, 'node_modules', 'promptfoo', 'dist', 'src', 'entrypoint.js'),
        ...['eval', '-c', 'promptfooconfig.json', '--no-cache', '--no-table', '--no-progress-bar'],
      ],
      folder,
      {
        PROMPTFOO_CONFIG_DIR: join(folder, 'state'),
        PROMPTFOO_DISABLE_TELEMETRY: '1',
        PROMPTFOO_DISABLE_UPDATE: '1',
        PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
      },
    ),
  check: (output, count) => mustHold(output, new RegExp(`${count} passed|100(\\.00)?%`)),
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function bench(tool: Tool, count: number): Promise<void> {
  const seconds: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < (count > mostForPeers ? 1 : rounds); round++) {
    const within = existsSync(peers) ? peers : root;
    mkdirSync(join(within, 'runs'), { recursive: true });
    const folder = mkdtempSync(join(within, 'runs', 'bench-'));
    try {
      await tool.prepare(folder, count);
      const { seconds: wall, peakMb, output } = await tool.run(folder);
      tool.check(output, count);
      seconds.push(wall);
      peaks.push(peakMb);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const list = seconds.map((value) => value.toFixed(2)).join(' ');
  console.log(
    `${String(count).padStart(6)}  ${tool.name.padEnd(36)}  ${median(seconds).toFixed(2).padStart(7)} s  ${median(peaks).toFixed(0).padStart(5)} MB   (${list})`,
  );
}

if (!existsSync(cli)) throw new Error('Build first: npm run build');
if (scripted('number 7') !== 'word 7') throw new Error('the scripted model does not say what it should');
const counts = (process.argv[2] ?? '200,5000').split(',').map(Number);
const only = process.argv[3];
const tools = [
  ours,
  library,
  ...(existsSync(join(peers, 'node_modules')) ? [evalite, promptfoo] : []),
].filter(({ name }) => only === undefined || name.includes(only));
console.log('samples  tool                                     wall     peak of the tree');
for (const count of counts)
  for (const tool of tools)
    if (count <= tool.most)
      await bench(tool, count).catch((error: unknown) =>
        console.log(`${tool.name}: ${(error as Error).message}`),
      );

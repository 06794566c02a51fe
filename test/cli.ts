import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout; throws when there is none or more. */
  json<T = Record<string, unknown>>(): T;
}

/** Runs the command line as a user does, in a process of its own. */
export function fulcrum(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'fulcrum'), ...args], {
      cwd: options.cwd ?? root,
      env: {
        ...process.env,
        OPENAI_API_KEY: '',
        ANTHROPIC_API_KEY: '',
        GOOGLE_GENERATIVE_AI_API_KEY: '',
        ...options.env,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece;
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      stderr += piece;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) }));
    child.stdin.end(options.input ?? '');
  });
}

/** A project folder of its own with files in it; call `remove` when done. */
export function scratchFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): {
  path: string;
  write(name: string, content: string | Uint8Array): void;
  remove(): void;
} {
  const path = mkdtempSync(join(tmpdir(), 'fulcrum-cli-'));
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A small corpus written for these tests: the handbook of a made-up tea shop. */
export const teaShop: Readonly<Record<string, string>> = {
  'docs/opening.md':
    '# Opening hours\n\nThe shop opens at nine in the morning and closes at half past six. On Sundays it stays closed.\n\n## Holidays\n\nBetween Christmas and New Year the shop opens at eleven.\n',
  'docs/returns.md':
    '# Returns\n\nUnopened tins can be returned within thirty days. Opened tins are exchanged for another tea, but money is not paid back.\n\n- Bring the receipt.\n- Gift cards are never taken back.\n',
  'docs/brewing.md':
    '# Brewing\n\nGreen tea is brewed at seventy degrees for two minutes. Black tea takes boiling water and four minutes.\n\n```sh\nkettle --celsius 70 --minutes 2\n```\n',
  'docs/loyalty.md':
    '# Loyalty card\n\nEvery tenth tin is free. The card expires after twenty-four months without a purchase.\n',
};

/** Questions on it, with facts and quoted evidence; the last one has no answer there. */
export const teaShopQuestions: readonly object[] = [
  {
    id: 'q1',
    input: 'When does the shop open in the morning?',
    facts: [['nine']],
    evidence: [{ document: 'docs:opening.md', quote: 'opens at nine in the morning' }],
  },
  {
    id: 'q2',
    input: 'Within how many days can unopened tins be returned?',
    facts: [['thirty', '30']],
    evidence: [{ document: 'docs:returns.md', quote: 'within thirty days' }],
  },
  {
    id: 'q3',
    input: 'At how many degrees is green tea brewed?',
    facts: [['seventy', '70']],
    evidence: [{ document: 'docs:brewing.md', quote: 'brewed at seventy degrees' }],
  },
  {
    id: 'q4',
    input: 'After how many months does the loyalty card expire?',
    facts: [['twenty-four', '24']],
    evidence: [{ document: 'docs:loyalty.md', quote: 'twenty-four months' }],
  },
  { id: 'q5', input: 'What is the salary of the store manager?', answerable: false },
];

/** JSON Lines of rows. */
export const jsonLines = (rows: readonly object[]): string =>
  `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sha256 } from '../../src/core/index.ts';
import { banking77 } from './banking77.ts';

/**
 * `node prepare.ts OUT`: banking77 as samples. Of each intent 40 training questions go to train, 100 of the others to
 * dev; all 3,080 test questions to test. Training questions that stand in the test set in other writing are left out.
 * The choice is by hash: the same on every machine.
 */
const trainPerLabel = 40;
const devSamples = 100;

interface Row {
  readonly id: string;
  readonly input: string;
  readonly label: string;
}

const [out = '.fulcrum/banking77.jsonl'] = process.argv.slice(2);
const test = read('test');
const inTest = new Set(test.map(({ input }) => comparable(input)));
const candidates = read('train')
  .filter(({ input }) => !inTest.has(comparable(input)))
  .sort((a, b) => (sha256(a.id) < sha256(b.id) ? -1 : 1));
const taken = new Map<string, number>();
const train: Row[] = [];
const rest: Row[] = [];
for (const row of candidates) {
  const count = taken.get(row.label) ?? 0;
  taken.set(row.label, count + 1);
  if (count < trainPerLabel) train.push(row);
  else rest.push(row);
}
const samples = [
  ...train.map((row) => ({ ...row, split: 'train' })),
  ...rest.slice(0, devSamples).map((row) => ({ ...row, split: 'dev' })),
  ...test.map((row) => ({ ...row, split: 'test' })),
];
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
console.log(`${out}: train ${train.length}, dev ${Math.min(devSamples, rest.length)}, test ${test.length}`);

function read(split: 'train' | 'test'): Row[] {
  const rows: { text: string; category: string }[] = parse(
    readFileSync(join(banking77, `${split}.csv`), 'utf8'),
    { columns: true },
  );
  return rows.map(({ text, category }, index) => ({ id: `${split}-${index}`, input: text, label: category }));
}

function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../../src/core/index.ts';
import { inputOf, readTurns, slotNames, type Turn } from './restaurant8k.ts';

/**
 * `node prepare.ts OUT`: restaurant8k as samples whose reference is the JSON of the slots. 2,000 training turns go to
 * train, 100 further ones to dev, every test turn to test. Of equal turns one is kept, and none of train or dev stands in
 * the test set, in other writing neither. The choice is by hash: the same on every machine.
 */
const trainSamples = 2000;
const devSamples = 100;

const [out = '.fulcrum/restaurant8k.jsonl'] = process.argv.slice(2);
const seen = new Set<string>();
const test = distinct('test');
const inTest = new Set(test.map(({ input }) => comparable(input)));
const train = distinct('train_0')
  .filter(({ input }) => !inTest.has(comparable(input)))
  .sort((a, b) => (sha256(a.id) < sha256(b.id) ? -1 : 1));
const samples = [
  ...train.slice(0, trainSamples).map((row) => ({ ...row, split: 'train' })),
  ...train.slice(trainSamples, trainSamples + devSamples).map((row) => ({ ...row, split: 'dev' })),
  ...test.map((row) => ({ ...row, split: 'test' })),
];
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
console.log(`${out}: train ${trainSamples}, dev ${devSamples}, test ${test.length}`);

interface Row {
  readonly id: string;
  readonly input: string;
  readonly reference: string;
  readonly tags: readonly string[];
}

function distinct(split: 'train_0' | 'test'): Row[] {
  const rows: Row[] = [];
  for (const [index, turn] of readTurns(split).entries()) {
    const input = inputOf(turn);
    if (seen.has(input.toLowerCase())) continue;
    seen.add(input.toLowerCase());
    rows.push({
      id: `${split === 'test' ? 'test' : 'train'}-${index}`,
      input,
      reference: slotsText(turn),
      tags: [`slots:${Object.keys(turn.slots).length}`],
    });
  }
  return rows;
}

/** Slots in one order, so that equal ones are equal text. */
function slotsText({ slots }: Turn): string {
  return JSON.stringify(
    Object.fromEntries(slotNames.flatMap((slot) => (slots[slot] ? [[slot, slots[slot]]] : []))),
  );
}

function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

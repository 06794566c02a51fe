import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../../src/core/index.ts';
import { inputOf, readTurns, slotNames, type Turn } from './restaurant8k.ts';

/**
 * `node prepare.ts OUT ROWS`: restaurant8k as samples whose reference is the JSON of the slots. 2,000 training turns go to
 * train, 100 further ones to dev, every test turn to test. Of equal turns one is kept, and none of train or dev stands in
 * the test set, in other writing neither. The choice is by hash: the same on every machine. The first 500 of train and 60 further turns
 * also become rows for tuning.
 */
const trainSamples = 2000;
const devSamples = 100;
const tunedRows = { train: 500, validation: 60 };

const [out = '.fulcrum/restaurant8k.jsonl', rowsOut = '.fulcrum/slots.jsonl'] = process.argv.slice(2);
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
write(out, samples);
console.log(`${out}: train ${trainSamples}, dev ${devSamples}, test ${test.length}`);

const spare = trainSamples + devSamples;
const rows = [
  ...train.slice(0, tunedRows.train).map((row) => ({ ...row, split: 'train' })),
  ...train.slice(spare, spare + tunedRows.validation).map((row) => ({ ...row, split: 'validation' })),
];
write(
  rowsOut,
  rows.map(({ id, input, reference: target, split }) => ({ id, input, target, split })),
);
console.log(`${rowsOut}: train ${tunedRows.train}, validation ${tunedRows.validation}`);

function write(path: string, lines: readonly object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

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

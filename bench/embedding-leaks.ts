/**
 * What a cosine of two questions says about whether they ask for the same thing: on banking77 and clinc150 (intents as labels), test
 * questions against training questions. Usage: node bench/embedding-leaks.ts [--pairs]: the pairs from .88 on too. Data: FULCRUM_SHARED_DATA
 * (default ../shared/data). 1,100 training and 375 test questions of each set are embedded, drawn by the hash of their text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { sha256 } from '../src/core/index.ts';
import { clopperPearsonInterval } from '../src/evaluation/metrics/statistics/proportion-intervals.ts';
import { resolveEmbeddingModel } from '../src/models/index.ts';

interface Labelled {
  readonly text: string;
  readonly intent: string;
}

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');
const read = (path: string): string => readFileSync(join(shared, path), 'utf8');

function banking(split: 'train' | 'test'): Labelled[] {
  const rows: { text: string; category: string }[] = parse(read(`banking77/${split}.csv`), { columns: true });
  return rows.map(({ text, category }) => ({ text, intent: category }));
}

function clinc(split: 'train' | 'test'): Labelled[] {
  const rows: [string, string][] = JSON.parse(read('clinc150/data_full.json'))[split];
  return rows.map(([text, intent]) => ({ text, intent }));
}

function draw(rows: readonly Labelled[], count: number): Labelled[] {
  return rows
    .map((row) => ({ row, order: sha256(row.text) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, count)
    .map(({ row }) => row);
}

const { pairs } = parseArgs({ options: { pairs: { type: 'boolean', default: false } } }).values;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const thresholds = [0.8, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.98];
const model = await resolveEmbeddingModel('local/bge-small-en-v1.5');
for (const [name, of] of [
  ['banking77', banking],
  ['clinc150', clinc],
] as const) {
  const train = draw(of('train'), 1100);
  const test = draw(of('test'), 375);
  const { vectors } = await model.embedDocuments([...train, ...test].map(({ text }) => text));
  const product = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  const nearest = test.map((sample, at) => {
    const own = vectors[train.length + at]!;
    const cosines = train.map((_, row) => product(own, vectors[row]!));
    const best = cosines.indexOf(Math.max(...cosines));
    return { sample, row: train[best]!, cosine: cosines[best]! };
  });
  const alike = nearest.filter(({ sample, row }) => sample.intent === row.intent).length;
  console.log(
    `${name}: ${test.length} test questions; of ${alike} the nearest of ${train.length} has the same intent`,
  );
  for (const least of thresholds) {
    const found = nearest.filter(({ cosine }) => cosine >= least);
    const same = found.filter(({ sample, row }) => sample.intent === row.intent).length;
    const range = clopperPearsonInterval(same, found.length);
    const precision = range
      ? `${percent(same / found.length)} [${percent(range.low)}, ${percent(range.high)}]`
      : 'none';
    console.log(
      `  cosine >= ${least.toFixed(2)}: ${found.length} found, same intent ${precision}; ${percent(same / alike)} of those with the same intent`,
    );
  }
  if (pairs)
    for (const { sample, row, cosine } of nearest.filter((each) => each.cosine >= 0.88))
      console.log(
        `${cosine.toFixed(3)}\t${sample.intent === row.intent ? 'same' : 'other'}\t${sample.text}\t${row.text}`,
      );
}
await model.close();

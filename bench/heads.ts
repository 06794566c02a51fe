// Heads on frozen embeddings: Banking77 against scikit-learn, clinc150 with its out-of-scope questions, and a planted distortion.
//   node bench/heads.ts          (needs the public data sets, local/bge-small-en-v1.5, and python3 with a package index for scikit-learn)

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTableRows } from '../src/core/index.ts';
import { bandOf, createGramIndex } from '../src/evaluation/index.ts';
import { wilsonInterval } from '../src/evaluation/metrics/statistics/proportion-intervals.ts';
import { resolveEmbeddingModel } from '../src/models/index.ts';
import {
  atThreshold,
  chooseThreshold,
  fitTemperature,
  type Judged,
  meanLoss,
} from '../src/tuning/heads/calibration.ts';
import { bestInside } from '../src/tuning/heads/head-classifier.ts';
import { fitProjection, hitAtOne, projectionDefaults } from '../src/tuning/heads/query-projection.ts';
import {
  classScores,
  type Fit,
  fitSoftmax,
  type VectorRows,
} from '../src/tuning/heads/softmax-regression.ts';

const data = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');
const scratch = mkdtempSync(join(tmpdir(), 'bench-heads-'));
const model = await resolveEmbeddingModel('local/bge-small-en-v1.5');

interface Labelled {
  readonly text: string;
  readonly label: string;
}

async function embed(rows: readonly Labelled[]): Promise<VectorRows> {
  const { vectors } = await model.embedDocuments(rows.map(({ text }) => text));
  const values = new Float32Array(rows.length * model.dimensions);
  for (const [index, vector] of vectors.entries()) values.set(vector, index * model.dimensions);
  return { values, dimensions: model.dimensions, rows: rows.length };
}

const numbersOf = (rows: readonly Labelled[], labels: readonly string[]): Uint16Array =>
  Uint16Array.from(rows, ({ label }) => labels.indexOf(label));

/** The penalty with the least loss on held-out rows, as the trainer chooses it. */
async function choose(
  train: VectorRows,
  y: Uint16Array,
  held: VectorRows,
  heldY: Uint16Array,
  classes: number,
): Promise<{ fit: Fit; l2: number; seconds: number }> {
  const begun = performance.now();
  let best: { fit: Fit; l2: number; loss: number } | null = null;
  let start: Fit | undefined;
  for (const l2 of [1, 0.1, 0.03]) {
    const fit = await fitSoftmax(train, y, classes, { l2, start });
    start = fit;
    const scored = { scores: classScores(fit, held), classes };
    const loss = meanLoss(scored, heldY, fitTemperature(scored, heldY));
    if (!best || loss < best.loss) best = { fit, l2, loss };
  }
  return { fit: best!.fit, l2: best!.l2, seconds: (performance.now() - begun) / 1000 };
}

function macroF1(predicted: readonly number[], truth: Uint16Array, classes: number): number {
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    let [hits, said, are] = [0, 0, 0];
    for (const [row, label] of truth.entries()) {
      if (predicted[row] === k) said++;
      if (label === k) are++;
      if (label === k && predicted[row] === k) hits++;
    }
    sum += said + are === 0 ? 0 : (2 * hits) / (said + are);
  }
  return sum / classes;
}

async function banking(): Promise<void> {
  const read = async (name: string): Promise<Labelled[]> => {
    const rows: Labelled[] = [];
    for await (const { cells } of readTableRows(join(data, `banking77/${name}.csv`)))
      rows.push({ text: cells[0]!, label: cells[1]! });
    return rows.slice(1);
  };
  const [all, test] = [await read('train'), await read('test')];
  const labels = [...new Set(all.map(({ label }) => label))].sort();
  // Every tenth row chooses the penalty and the temperature; then all rows are fitted with it.
  const held = all.filter((_, index) => index % 10 === 0);
  const rest = all.filter((_, index) => index % 10 !== 0);
  const [allVectors, testVectors, heldVectors, restVectors] = [
    await embed(all),
    await embed(test),
    await embed(held),
    await embed(rest),
  ];
  const chosen = await choose(
    restVectors,
    numbersOf(rest, labels),
    heldVectors,
    numbersOf(held, labels),
    labels.length,
  );
  const begun = performance.now();
  const fit = await fitSoftmax(allVectors, numbersOf(all, labels), labels.length, {
    l2: chosen.l2,
  });
  const seconds = (performance.now() - begun) / 1000;
  const scored = { scores: classScores(fit, testVectors), classes: labels.length };
  const truth = numbersOf(test, labels);
  const predicted = Array.from(truth, (_, row) => bestInside(scored, row, 1, -1).index);
  const f1 = macroF1(predicted, truth, labels.length);
  console.log(
    `Banking77: macro-F1 ${f1.toFixed(4)}, accuracy ${(predicted.filter((label, row) => label === truth[row]).length / test.length).toFixed(4)} on ${test.length}; l2 ${chosen.l2}, fit of ${all.length} rows ${seconds.toFixed(1)} s, ${fit.iterations} iterations (choosing ${chosen.seconds.toFixed(1)} s)`,
  );
  const peer = scikit(allVectors, numbersOf(all, labels), testVectors, 1 / chosen.l2);
  if (!peer) return;
  const theirs = macroF1(peer.predicted, truth, labels.length);
  console.log(
    `  scikit-learn LogisticRegression(C=${1 / chosen.l2}): macro-F1 ${theirs.toFixed(4)}, fit ${peer.seconds.toFixed(1)} s; ours minus theirs ${(f1 - theirs).toFixed(4)}, time ${(seconds / peer.seconds).toFixed(2)} times, same class for ${predicted.filter((label, row) => label === peer.predicted[row]).length} of ${test.length}`,
  );
  bands(all, test, predicted, truth);
}

/** Accuracy by the nearest training row, as the memoriser probe tells near from far (character 5-grams). */
function bands(
  train: readonly Labelled[],
  test: readonly Labelled[],
  predicted: readonly number[],
  truth: Uint16Array,
): void {
  const index = createGramIndex(train.map(({ text }) => text));
  const found = { far: [0, 0], middle: [0, 0], near: [0, 0] };
  for (const [row, { text }] of test.entries()) {
    const band = found[bandOf(index.nearest(text)?.similarity ?? 0)];
    band[0]! += Number(predicted[row] === truth[row]);
    band[1]! += 1;
  }
  console.log(
    `  by the nearest training row (5-grams): ${Object.entries(found)
      .map(([band, [right, n]]) => `${band} ${(right! / n!).toFixed(3)} of ${n}`)
      .join(', ')}`,
  );
}

function scikit(
  train: VectorRows,
  y: Uint16Array,
  test: VectorRows,
  c: number,
): { predicted: number[]; seconds: number } | null {
  const environment = join(tmpdir(), 'bench-heads-venv');
  const python = join(environment, 'bin', 'python');
  try {
    if (!existsSync(python)) {
      execFileSync('python3', ['-m', 'venv', environment]);
      execFileSync(python, ['-m', 'pip', 'install', '-q', 'scikit-learn'], { stdio: 'ignore' });
    }
  } catch {
    console.log('  scikit-learn could not be installed, so there is no peer.');
    return null;
  }
  for (const [name, { values }] of [
    ['train', train],
    ['test', test],
  ] as const)
    writeFileSync(join(scratch, `${name}.f32`), Buffer.from(values.buffer));
  writeFileSync(join(scratch, 'y.json'), JSON.stringify([...y]));
  const script = `
import json, sys, time
import numpy as np
from sklearn.linear_model import LogisticRegression
folder, d, c = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
load = lambda name: np.fromfile(f"{folder}/{name}.f32", dtype=np.float32).reshape(-1, d)
x, y, t = load("train"), np.array(json.load(open(f"{folder}/y.json"))), load("test")
begun = time.time()
model = LogisticRegression(C=c, max_iter=1000).fit(x, y)
json.dump({"seconds": time.time() - begun, "predicted": model.predict(t).tolist()}, open(f"{folder}/out.json", "w"))
`;
  execFileSync(python, ['-c', script, scratch, String(train.dimensions), String(c)]);
  return JSON.parse(readFileSync(join(scratch, 'out.json'), 'utf8')) as {
    predicted: number[];
    seconds: number;
  };
}

async function clinc(): Promise<void> {
  const sets = JSON.parse(readFileSync(join(data, 'clinc150/data_full.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  const rows = (name: string): Labelled[] => sets[name]!.map(([text, label]) => ({ text, label }));
  const outside = 'oos';
  const train = [...rows('train'), ...rows('oos_train')];
  const validation = [...rows('val'), ...rows('oos_val')];
  const test = [...rows('test'), ...rows('oos_test')];
  const labels = [...new Set(train.map(({ label }) => label))].sort();
  const out = labels.indexOf(outside);
  const [trainVectors, validationVectors, testVectors] = [
    await embed(train),
    await embed(validation),
    await embed(test),
  ];
  const chosen = await choose(
    trainVectors,
    numbersOf(train, labels),
    validationVectors,
    numbersOf(validation, labels),
    labels.length,
  );
  const judge = (vectors: VectorRows, of: readonly Labelled[], temperature: number): Judged[] => {
    const scored = { scores: classScores(chosen.fit, vectors), classes: labels.length };
    return of.map(({ label }, row) => {
      const { index, probability } = bestInside(scored, row, temperature, out);
      return { probability, right: labels[index] === label, outside: label === outside };
    });
  };
  const scored = { scores: classScores(chosen.fit, validationVectors), classes: labels.length };
  const temperature = fitTemperature(scored, numbersOf(validation, labels));
  const onValidation = judge(validationVectors, validation, temperature);
  const onTest = judge(testVectors, test, temperature);
  const point = chooseThreshold(onValidation, { outsideRecall: 0.8, acceptedAccuracy: 0.95 });
  const there = atThreshold(onTest, point.threshold);
  const n = onTest.filter((row) => row.outside).length;
  const interval = wilsonInterval(Math.round(there.outsideRecall! * n), n)!;
  console.log(
    `clinc150: l2 ${chosen.l2}, temperature ${temperature.toFixed(3)}; without rejection in-scope accuracy ${atThreshold(onTest, 0).inScopeAccuracy!.toFixed(4)} of ${onTest.length - n}`,
  );
  console.log(
    `  threshold ${point.threshold.toFixed(3)} chosen on validation (out-of-scope recall .80 of 100): on test in-scope accuracy ${there.inScopeAccuracy!.toFixed(4)}, out-of-scope recall ${there.outsideRecall!.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}] of ${n}`,
  );
  const curve = chooseThreshold(onTest, { outsideRecall: 0.8, acceptedAccuracy: 1 });
  console.log(
    `  on the test curve, where recall is ${curve.outsideRecall!.toFixed(3)}: in-scope accuracy ${curve.inScopeAccuracy!.toFixed(4)}`,
  );
}

/** Queries of XQuAD turned by a known matrix: what a projection wins back. */
async function distortion(): Promise<void> {
  const { data: articles } = JSON.parse(readFileSync(join(data, 'xquad-en/xquad.en.json'), 'utf8')) as {
    data: { paragraphs: { context: string; qas: { question: string }[] }[] }[];
  };
  const paragraphs = articles.flatMap(({ paragraphs: own }) => own);
  const pairs = paragraphs.flatMap(({ context, qas }) => qas.map(({ question }) => ({ question, context })));
  const passages = new Map<string, Float32Array>();
  const order = new Map(paragraphs.map(({ context }, index) => [context, index]));
  const { vectors } = await model.embedDocuments(paragraphs.map(({ context }) => context));
  for (const [index, { context }] of paragraphs.entries()) passages.set(context, vectors[index]!);
  const queries = (await model.embedQueries(pairs.map(({ question }) => question))).vectors;
  const d = model.dimensions;
  // Pairs of coordinates are exchanged with one sign turned: a rotation that keeps all lengths.
  const turn = (vector: Float32Array): Float32Array =>
    vector.map((_, k) => (k % 2 === 0 ? vector[k + 1]! : -vector[k - 1]!));
  const rowsOf = (part: number, change: (vector: Float32Array) => Float32Array) => {
    // Whole paragraphs are held out, so that no fitted question has a held-out passage.
    const own = pairs
      .map((pair, index) => ({ pair, index }))
      .filter(({ pair }) => order.get(pair.context)! % 2 === part);
    const q = new Float32Array(own.length * d);
    const p = new Float32Array(own.length * d);
    for (const [row, { pair, index }] of own.entries()) {
      q.set(change(queries[index]!), row * d);
      p.set(passages.get(pair.context)!, row * d);
    }
    return {
      queries: { values: q, dimensions: d, rows: own.length },
      passages: { values: p, dimensions: d, rows: own.length },
    };
  };
  const same = (vector: Float32Array): Float32Array => vector;
  const [fitted, held, untouched] = [rowsOf(0, turn), rowsOf(1, turn), rowsOf(1, same)];
  const matrix = fitProjection(fitted, { ...projectionDefaults, epochs: 60, pull: 0, seed: 1 });
  console.log(
    `Planted distortion: hit@1 ${hitAtOne(untouched, null).toFixed(3)} before it, ${hitAtOne(held, null).toFixed(3)} with it, ${hitAtOne(held, matrix).toFixed(3)} after the projection fitted on ${fitted.queries.rows} other pairs (${held.queries.rows} held out)`,
  );
}

await banking();
await clinc();
await distortion();
await model.close();

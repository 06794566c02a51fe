import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, type Sample, scored, sha256 } from '../../core/index.ts';
import { scriptedAnswer } from '../runs/scripted-evaluation.fixture.ts';
import { estimateFromLabels } from './label-estimates.ts';
import { exportLabels, importLabels, labelRows } from './label-file.ts';
import {
  answerKey,
  type LabelItem,
  type LabelledRun,
  labelQueue,
  labelsOf,
  openItems,
} from './label-queue.ts';
import { labelSuspects } from './label-suspects.ts';
import type { KeptLabel } from './review-store.ts';

const samples: Sample[] = Array.from({ length: 10 }, (_, index) => ({
  id: `s${index}`,
  input: `question ${index}`,
  answerable: true,
}));
const run = (id: string, text: (index: number) => string | null): LabelledRun => ({
  id,
  variant: `variant ${id}`,
  answers: new Map(
    samples.flatMap(({ id: sample }, index): [string, Answer][] => {
      const answer = text(index);
      return answer === null ? [] : [[sample, scriptedAnswer({ answer })]];
    }),
  ),
});
/** Differ on s0 to s3; b has no answer to s9. */
const a = run('a', (index) => `It is ${index}.`);
const b = run('b', (index) => (index === 9 ? null : index < 4 ? 'Something else.' : `it  IS \`${index}\`.`));

describe('the queue of labels', () => {
  it('holds where answers differ, and a random few of the rest, with their probabilities', () => {
    const queue = labelQueue({ samples, runs: [a, b], random: 2 });
    expect(queue.strata).toEqual({ disagreement: { total: 4, drawn: 4 }, random: { total: 5, drawn: 2 } });
    expect(queue.unmatched).toBe(1);
    const differing = queue.items.filter(({ stratum }) => stratum === 'disagreement');
    expect(differing.map(({ sample }) => sample.id).sort()).toEqual(['s0', 's1', 's2', 's3']);
    for (const { stratum, inclusion, answers } of queue.items) {
      expect(inclusion).toBeCloseTo(stratum === 'disagreement' ? 1 : 2 / 5, 12);
      expect(answers).toHaveLength(stratum === 'disagreement' ? 2 : 1);
    }
    const fewer = labelQueue({ samples, runs: [a, b], random: 0, limit: 3 });
    expect(fewer.items.map(({ inclusion }) => inclusion)).toEqual([0.75, 0.75, 0.75]);
    for (const { sample } of fewer.items) expect(differing.map((item) => item.sample)).toContain(sample);
  });

  it('takes answers for the same whatever their case, white space and markers, and all refusals', () => {
    const cited = scriptedAnswer({
      answer: 'It is  NINE [1].',
      citations: [
        { marker: 1, documentId: 'd', version: 'v', uri: 'u', start: 0, end: 1, quote: 'x', state: 'quoted' },
      ],
    });
    expect(answerKey(cited)).toBe(answerKey(scriptedAnswer({ answer: 'it is nine.' })));
    const refusal = (reason: 'not-in-corpus' | 'model-declined', answer: string): Answer =>
      scriptedAnswer({ answer, refusal: { reason } });
    expect(answerKey(refusal('not-in-corpus', ''))).toBe(answerKey(refusal('model-declined', 'Sorry.')));
    expect(answerKey(refusal('not-in-corpus', ''))).not.toBe(answerKey(scriptedAnswer({ answer: '' })));
  });

  it('shows answers without a name, in an order of the rater, and no more once labelled', () => {
    const queue = labelQueue({ samples, runs: [a, b], random: 2 });
    const open = openItems(queue, [a, b], [], 'ann');
    expect(JSON.stringify(open)).not.toContain('variant');
    const first = open[0]!;
    const labels = first.answers.flatMap(({ key }) => labelsOf(first, key, 'right', 'ann', [a, b]));
    expect(labels.map((label) => label.run).sort()).toEqual(['a', 'b']);
    expect(openItems(queue, [a, b], labels, 'ann')).toHaveLength(open.length - 1);
    expect(openItems(queue, [a, b], labels, 'bob')).toHaveLength(open.length);
    const orders = new Set(
      Array.from({ length: 12 }, (_, rater) => openItems(queue, [a, b], [], `rater ${rater}`)).map(
        (items) => items.find(({ sample }) => sample.id === 's0')?.answers[0]?.text,
      ),
    );
    expect(orders).toEqual(new Set(['It is 0.', 'Something else.']));
  });

  it('needs two runs with texts', () => {
    expect(() => labelQueue({ samples, runs: [a, a] })).toThrow('two or more different runs');
    expect(() => labelQueue({ samples, runs: [a, { ...b, answers: new Map() }] })).toThrow('holds no texts');
  });
});

describe('estimates from labels', () => {
  it('weigh the strata by their size', () => {
    const queue = labelQueue({ samples, runs: [a, b], random: 2, limit: 2 });
    const label = (value: (run: string, sample: string, stratum: string) => 'right' | 'wrong'): KeptLabel[] =>
      queue.items.flatMap((item) =>
        [a, b].flatMap(({ id, answers }) => {
          const key = answerKey(answers.get(item.sample.id) as Answer);
          return labelsOf(item, key, value(id, item.sample.id, item.stratum), 'ann', [a, b]).filter(
            (each) => each.run === id,
          );
        }),
      );
    // a is always right, b wrong wherever they differ: a = 1, b = 5/9, difference 4/9, nothing varies within a stratum.
    const sure = label((id, _sample, stratum) =>
      id === 'b' && stratum === 'disagreement' ? 'wrong' : 'right',
    );
    const { runs, differences } = estimateFromLabels(queue, [a, b], sure, 'ann');
    expect(runs.map(({ mean, labels }) => [mean, labels])).toEqual([
      [1, 4],
      [expect.closeTo(5 / 9, 12), 4],
    ]);
    // Both labels of four alike: one more that is not gives a variance of 1/3; half is left: 1/2 * (1/3) / 2.
    expect(differences[0]).toMatchObject({
      mean: expect.closeTo(4 / 9, 12),
      standardError: expect.closeTo((4 / 9) * Math.sqrt(1 / 12), 12),
      labels: 2,
    });
    // b right on one of its two labelled disagreements: 4/9 * 1/2 + 5/9; the labels of the other stratum are alike.
    const [one] = queue.items.filter(({ stratum }) => stratum === 'disagreement');
    const mixed = label((id, sample, stratum) =>
      id === 'b' && stratum === 'disagreement' && sample !== one?.sample.id ? 'wrong' : 'right',
    );
    const spread = estimateFromLabels(queue, [a, b], mixed, 'ann');
    expect(spread.runs[1]?.mean).toBeCloseTo(7 / 9, 12);
    // s² = 1/2 of two labels, half of the stratum left: (4/9)² * 1/2 * (1/2)/2; the other: (5/9)² * 3/5 * (1/3)/2.
    expect(spread.runs[1]?.standardError).toBeCloseTo(Math.sqrt((4 / 9) ** 2 / 8 + (5 / 9) ** 2 / 10), 12);
    expect(estimateFromLabels(queue, [a, b], sure, 'bob').runs[0]?.mean).toBeNull();
  });
});

it('labels go through a file, blind, whole or not at all', async () => {
  const queue = labelQueue({ samples, runs: [a, b], random: 1 });
  const rows = (await exportLabels(queue.items, async () => null))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(JSON.stringify(rows)).not.toContain('variant');
  const path = join(mkdtempSync(join(tmpdir(), 'fulcrum-labels-')), 'labels.jsonl');
  const write = (value: unknown[]): void =>
    writeFileSync(path, value.map((row) => `${JSON.stringify(row)}\n`).join(''));
  for (const row of rows)
    for (const answer of row.answers) answer.label = answer.text.startsWith('It is') ? 'right' : 'wrong';
  write(rows);
  const labels = await importLabels(path, queue.items, [a, b], 'ann');
  expect(labels.filter(({ run: id, label }) => id === 'b' && label === 'wrong')).toHaveLength(4);
  expect(labels).toHaveLength(10);
  write([{ sample: 's0', answers: [{ key: 'abc', label: 'right' }] }]);
  await expect(importLabels(path, queue.items, [a, b], 'ann')).rejects.toThrow(
    'line 1: no run gave the answer "abc"',
  );
  write([{ sample: 's9', answers: [] }]);
  await expect(importLabels(path, queue.items, [a, b], 'ann')).rejects.toThrow('not in the queue');
});

it('labels come out for a judge to be held against, with the share of their stratum as probability', () => {
  const queue = labelQueue({ samples, runs: [a, b], random: 2 });
  const [first, second] = queue.items.filter(({ stratum }) => stratum === 'disagreement');
  const label = (item: LabelItem, value: KeptLabel['label']) =>
    item.answers.flatMap(({ key }) => labelsOf(item, key, value, 'ann', [a, b]));
  const rows = labelRows(queue, [a, b], [...label(first!, 'right'), ...label(second!, 'unsure')], 'ann');
  const read = rows
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(read.sort((x, y) => (x.variant < y.variant ? -1 : 1))).toEqual([
    { sample: first?.sample.id, variant: 'variant a', label: true, probability: 0.25 },
    { sample: first?.sample.id, variant: 'variant b', label: true, probability: 0.25 },
  ]);
  expect(() => labelRows(queue, [a, { ...b, variant: 'variant a' }], [], 'ann')).toThrow(
    'different variants',
  );
});

it('a label is suspect where all variants agree with each other and not with it', () => {
  const wrong = (texts: (string | null)[]) => ({
    variant: 'v',
    answers: new Map(
      texts.map((text, index) => [
        `s${index}`,
        scriptedAnswer(text === null ? { refusal: { reason: 'not-in-corpus' } } : { answer: text }),
      ]),
    ),
    results: texts.map((text, index) => ({
      sample: `s${index}`,
      repetition: 0,
      group: `s${index}`,
      tags: [],
      output: sha256(text ?? ''),
      refusal: text === null ? ('not-in-corpus' as const) : null,
      confidence: null,
      usage: scriptedAnswer({}).usage,
      cost: scriptedAnswer({}).cost,
      seconds: 1,
      scores: { correct: scored(index === 4 ? 1 : 0) },
      error: null,
    })),
  });
  const asked = samples.slice(0, 6).map((sample, index) => ({ ...sample, answerable: index !== 5 }));
  const first = wrong(['At nine sharp', 'At nine', null, 'At ten', 'right', 'At nine']);
  const second = wrong(['At nine, sharp.', 'On Sundays only', null, null, 'right', 'At nine']);
  expect(labelSuspects(asked, [first, second])).toEqual([
    { sample: 's0', reason: 'same-other-answer', answer: 'At nine sharp' },
    { sample: 's2', reason: 'all-refused', answer: '' },
    { sample: 's5', reason: 'answered-though-unanswerable', answer: 'At nine' },
  ]);
  expect(labelSuspects(asked, [first])).toEqual([]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Score } from '../../core/index.ts';
import { defineScorer } from '../scorers/define-scorer.ts';
import { type ScoreOutput, scoreOutputSchema, scoreOutputs } from './score-outputs.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-outputs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function score(rows: readonly object[], ...metrics: string[]): Promise<ScoreOutput> {
  const path = join(folder, 'outputs.jsonl');
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return scoreOutputSchema.parse(await scoreOutputs(path, { metrics }));
}

describe('scoring outputs', () => {
  it('has one BLEU and chrF of the corpus, with their signatures, beside the mean of single answers', async () => {
    const rows = [
      { id: '1', output: 'The cat sat.', reference: 'The cat sat down.' },
      { id: '2', output: 'Dogs bark loudly at night.', reference: 'Dogs bark at night.' },
    ];
    const { n, metrics } = await score(rows, 'bleu', 'chrf', 'sentence-bleu');
    // sacrebleu: 39.1271 for this corpus.
    expect(n).toBe(2);
    expect(metrics.bleu).toMatchObject({ of: 'corpus', low: null, high: null, scored: 2 });
    expect(metrics.bleu!.mean).toBeCloseTo(39.1271, 4);
    expect(metrics.bleu!.signature).toMatch(
      /^nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:2\.6\.0/,
    );
    expect(metrics.chrf!.signature).toMatch(
      /^nrefs:1\|case:mixed\|eff:yes\|nc:6\|nw:0\|space:no\|version:2\.6\.0/,
    );
    expect(metrics['sentence-bleu']).toMatchObject({ of: 'sample', scored: 2 });
    expect(Math.abs(metrics['sentence-bleu']!.mean! - metrics.bleu!.mean!)).toBeGreaterThan(1);
  });

  it('computes classification over all rows as scikit-learn does', async () => {
    const pairs = [
      ['a', 'a'],
      ['b', 'a'],
      ['b', 'b'],
      ['c', ' b '],
    ];
    const rows = pairs.map(([label, output], index) => ({ id: `${index}`, label, output }));
    const { metrics } = await score(rows, 'accuracy', 'macro-f1', 'micro-f1', 'mcc', 'kappa');
    // F1: a 2/3 (1 of 2 predicted, 1 of 1), b 1/2, c 0.
    expect(metrics['macro-f1']!.mean).toBeCloseTo((2 / 3 + 1 / 2) / 3, 12);
    expect(metrics['micro-f1']!.mean).toBeCloseTo(0.5, 12);
    expect(metrics.accuracy).toMatchObject({ mean: 0.5, scored: 4 });
    // 2 of 4 right; true 1,2,1, predicted 2,2,0: (2*4 - 6) / sqrt((16-8)(16-6)).
    expect(metrics.mcc!.mean).toBeCloseTo(2 / Math.sqrt(80), 12);
    // Chance agreement 6/16.
    expect(metrics.kappa!.mean).toBeCloseTo((0.5 - 0.375) / 0.625, 12);
  });

  it('counts what has no number by its reason, errors apart, and nothing of either as 0', async () => {
    const rows = [
      { id: '1', output: 'cat', reference: 'cat' },
      { id: '2', output: 'cat' },
      { id: '3', output: null, error: 'timeout' },
      { id: '4', output: '猫', reference: '猫' },
    ];
    const { metrics } = await score(rows, 'token-f1', 'rouge-1', 'bleu', 'macro-f1');
    expect(metrics['token-f1']).toMatchObject({ mean: 1, scored: 2, undefined: { 'no-gold': 1 }, errors: 1 });
    expect(metrics['rouge-1']).toMatchObject({ scored: 1, undefined: { 'no-gold': 1, 'non-latin-text': 1 } });
    expect(metrics.bleu).toMatchObject({ scored: 2, undefined: { 'no-gold': 1 }, errors: 1 });
    expect(metrics['macro-f1']).toMatchObject({ mean: null, scored: 0, undefined: { 'no-gold': 3 } });
  });

  it('takes an empty output for a refusal, and contexts for what was retrieved', async () => {
    const evidence = [{ document: 'd' }];
    const rows = [
      { id: '1', output: ' ', answerable: false },
      { id: '2', output: 'I cannot say.', refused: true, answerable: false },
      { id: '3', output: 'Surely.', answerable: false },
      { id: '4', output: 'x', evidence, contexts: ['text', { documentId: 'd' }] },
      { id: '5', output: 'x', evidence, contexts: [] },
      { id: '6', output: 'x', evidence },
    ];
    const { metrics } = await score(rows, 'correct', 'mrr@3');
    expect(metrics.correct).toMatchObject({ mean: expect.closeTo(2 / 3, 12), scored: 3 });
    expect(metrics['mrr@3']).toMatchObject({
      mean: 0.25,
      scored: 2,
      undefined: { 'no-contexts': 1, 'no-gold': 3 },
    });
  });

  it('widens the interval for rows of one group', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: `${index}`,
      output: index % 6 < 3 ? 'cat' : 'dog',
      reference: 'cat',
    }));
    const apart = (await score(rows, 'exact-match')).metrics['exact-match']!;
    const grouped = rows.map((row, index) => ({ ...row, group: `g${index % 6}` }));
    const together = (await score(grouped, 'exact-match')).metrics['exact-match']!;
    expect([apart.mean, together.mean]).toEqual([0.5, 0.5]);
    expect(together.high! - together.low!).toBeGreaterThan(apart.high! - apart.low!);
  });

  it('resamples groups for the interval of a value over all rows, from 30 groups on', async () => {
    const rows = (count: number, group: (index: number) => string | undefined): object[] =>
      Array.from({ length: count }, (_, index) => ({
        id: `${index}`,
        label: 'a',
        output: index % 4 === 0 ? 'z' : 'a',
        reference: 'a b c d e f g h',
        group: group(index),
      }));
    const apart = (
      await score(
        rows(400, () => undefined),
        'micro-f1',
        'chrf',
      )
    ).metrics;
    // The mean of 400 yes/no values at .75 has a standard error of .0217.
    expect(apart['micro-f1']!.mean).toBeCloseTo(0.75, 12);
    expect(apart['micro-f1']!.low).toBeCloseTo(0.75 - 1.96 * 0.0217, 1.7);
    expect(apart['micro-f1']!.high).toBeCloseTo(0.75 + 1.96 * 0.0217, 1.7);
    expect(apart.chrf!.low!).toBeLessThan(apart.chrf!.mean!);
    const pairs = (
      await score(
        rows(400, (index) => `g${index % 40}`),
        'micro-f1',
      )
    ).metrics['micro-f1']!;
    expect(pairs.high! - pairs.low!).toBeGreaterThan(
      1.5 * (apart['micro-f1']!.high! - apart['micro-f1']!.low!),
    );
    const few = (
      await score(
        rows(400, (index) => `g${index % 29}`),
        'micro-f1',
      )
    ).metrics['micro-f1']!;
    expect([few.low, few.high]).toEqual([null, null]);
  });

  it('hands out the scores of each row where asked', async () => {
    await score([{ id: '1', output: 'cat', references: ['cat'], facts: ['cat'] }], 'correct');
    const path = join(folder, 'outputs.jsonl');
    const seen: [string, Readonly<Record<string, Score>>][] = [];
    await scoreOutputs(path, {
      metrics: ['correct', 'bleu'],
      onSample: (id, scores) => void seen.push([id, scores]),
    });
    expect(seen).toEqual([['1', { correct: { status: 'scored', value: 1, detail: { facts: [true] } } }]]);
  });

  it('names the line that is wrong, and the metric that was meant', async () => {
    await expect(
      score(
        [
          { id: '1', output: 'a' },
          { id: '1', output: 'b' },
        ],
        'correct',
      ),
    ).rejects.toThrow('line 2: the id "1" was used before');
    await expect(score([{ id: '1', ouput: 'a' }], 'correct')).rejects.toThrow(
      '"output" is missing; is it meant by "ouput"?',
    );
    await expect(score([], 'correct')).rejects.toThrow('the file holds no row');
    await expect(score([{ id: '1', output: 'a' }], 'rouge-3')).rejects.toThrow('Did you mean "rouge-1"?');
  });

  it('takes scorers of your own, whatever the range of their values', async () => {
    const path = join(folder, 'own.jsonl');
    const rows = ['aa', 'aaaa', ''].map((output, index) => JSON.stringify({ id: `${index}`, output }));
    writeFileSync(path, rows.join('\n'));
    const own = defineScorer('own', (_sample, answer) =>
      answer.answer === '' ? { undefined: 'empty' } : answer.answer.length,
    );
    const { metrics } = scoreOutputSchema.parse(
      await scoreOutputs(path, { metrics: ['own'], scorers: [own] }),
    );
    expect(metrics.own).toMatchObject({ mean: 3, of: 'sample', scored: 2, undefined: { empty: 1 } });
    expect(metrics.own!.low).toBeGreaterThanOrEqual(0);
    await expect(scoreOutputs(path, { metrics: ['ow'], scorers: [own] })).rejects.toThrow(
      'Did you mean "own"?',
    );
  });
});

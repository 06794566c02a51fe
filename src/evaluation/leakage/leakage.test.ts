import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import { readDatasetFile } from '../datasets/formats/read-dataset-file.ts';
import { checkLeakage, type LeakageOptions } from './check-leakage.ts';
import { characterGrams, comparableText } from './comparable-text.ts';
import { createGramIndex } from './gram-index.ts';
import { createWordOverlap } from './word-overlap.ts';

describe('comparable text', () => {
  it('is lower case with one space for everything but letters and digits, and at both ends', () => {
    expect(comparableText('  What’s MY-Card\n(no. 7)? ')).toBe(' what s my card no 7 ');
    expect(comparableText('¿Äpfel?')).toBe(' äpfel ');
    expect(comparableText('?!')).toBe('');
  });

  it('has distinct 5-grams; short texts are one', () => {
    expect([...characterGrams(' abcd ')]).toEqual([' abcd', 'abcd ']);
    expect([...characterGrams(' a ')]).toEqual([' a ']);
    expect(characterGrams('').size).toBe(0);
    expect(characterGrams(' aaaaaaa ').size).toBe(3);
  });
});

describe('the gram index', () => {
  const jaccard = (a: string, b: string): number => {
    const one = characterGrams(comparableText(a));
    const two = characterGrams(comparableText(b));
    const common = [...one].filter((gram) => two.has(gram)).length;
    return common === 0 ? 0 : common / (one.size + two.size - common);
  };
  // Few letters, so that texts share grams and ties are common.
  const word = fc.stringMatching(/^[ab]{1,6}$/);
  const text = fc.array(word, { minLength: 0, maxLength: 4 }).map((words) => words.join(' '));

  it('finds what comparing with every row finds: the nearest, the first of equals, and all above a threshold', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 25 }),
        text,
        fc.integer({ min: 1, max: 10 }),
        (rows, query, tenths) => {
          const index = createGramIndex(rows);
          const all = rows.map((row, at) => ({ row: at, similarity: jaccard(query, row) }));
          const best = all.reduce<{ row: number; similarity: number } | null>(
            (a, b) => (b.similarity > (a?.similarity ?? 0) ? b : a),
            null,
          );
          expect(index.nearest(query)).toEqual(best);
          const threshold = tenths / 10;
          expect(index.atLeast(query, threshold)).toEqual(
            all.filter(({ similarity }) => similarity >= threshold),
          );
          // Searching leaves nothing behind.
          expect(index.nearest(query)).toEqual(best);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('stretches of words', () => {
  const long = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen';
  it('finds 13-grams in common, and whole questions of five words and more', () => {
    const overlap = createWordOverlap([long, 'how hot is green tea', 'too short here', 'a b c d e f']);
    expect(overlap.sharing(`x ${long.slice(0, -9)}!`)).toEqual([{ text: 0, share: 0.5 }]);
    expect(overlap.sharing(long.replace('seven', '7'))).toEqual([]);
    expect(
      overlap.containedIn('FAQ\n\n## How hot is "green tea"?\nSeventy. Too short here. A b c d e g'),
    ).toEqual([1]);
  });
});

const sample = (id: string, input: string, more: Partial<Sample> = {}): Sample => ({
  id,
  input,
  answerable: true,
  ...more,
});
const rowsOf = (...samples: Sample[]) => samples.map((each, index) => ({ sample: each, line: index + 1 }));
async function* documents() {
  yield { id: 'docs:faq.md', text: 'Common: where can I buy a kettle? Here.' };
}

describe('checking for leaks', () => {
  const options: LeakageOptions = {
    dataset: { name: 'd', hash: 'h' },
    split: 'test',
    samples: [
      sample('same', 'Where is my order?', { label: 'order' }),
      sample('alike', 'Please tell me how to change my delivery address', { label: 'address' }),
      sample('asked', 'Where can I buy a kettle?', { label: 'shop' }),
      sample('means', 'zzz qqq', { label: 'order' }),
      sample('free', 'Something else entirely xyz', { label: 'other' }),
    ],
    sides: [
      {
        side: 'train',
        origin: 'train.csv',
        rows: rowsOf(
          sample('1', 'where is my ORDER', { label: 'order' }),
          sample('2', 'Tell me how to change my delivery address', { label: 'profile' }),
          sample('3', 'vvv www', { label: 'order' }),
        ),
      },
    ],
    corpus: documents(),
    thresholds: { jaccard: 0.7, cosine: 0.9 },
    embed: async (texts) =>
      texts.map((text) =>
        text === 'zzz qqq' || text === 'vvv www' ? new Float32Array([1, 0]) : new Float32Array([0, 0]),
      ),
    maxLeak: 0.8,
  };

  it('lists each pair once, by the first method that finds it, and passes at the share allowed', async () => {
    const report = await checkLeakage(options);
    // The row has 41 characters, 43 with its ends, so 39 grams; "please " adds 7: 39 / 46.
    expect(report.leaks).toEqual([
      { sample: 'same', side: 'train', origin: 'train.csv', row: 1, method: 'exact', similarity: 1 },
      { sample: 'alike', side: 'train', origin: 'train.csv', row: 2, method: '5-gram', similarity: 39 / 46 },
      { sample: 'means', side: 'train', origin: 'train.csv', row: 3, method: 'embedding', similarity: 1 },
      {
        sample: 'asked',
        side: 'corpus',
        origin: 'docs:faq.md',
        row: null,
        method: 'contained',
        similarity: 1,
      },
    ]);
    expect(report.methods.map(({ method, samples, skipped }) => [method, samples, skipped])).toEqual([
      ['exact', 1, null],
      ['5-gram', 1, null],
      ['13-gram', 0, null],
      ['embedding', 1, null],
      ['contained', 1, null],
    ]);
    expect(report).toMatchObject({ leakedSamples: 4, leakedShare: 0.8, passed: true });
    expect((await checkLeakage({ ...options, corpus: documents(), maxLeak: 0.79 })).passed).toBe(false);
  });

  it('tells what a memoriser would score, by band, and why where it cannot', async () => {
    const { memoriser, nearest } = await checkLeakage({ ...options, corpus: undefined });
    expect(nearest.map(({ row, band }) => [row, band])).toEqual([
      [1, 'near'],
      [2, 'near'],
      [1, 'far'],
      [null, 'far'],
      [null, 'far'],
    ]);
    // Only the first is right; the second has the label of another row, the others share nothing with their label.
    expect(memoriser).toMatchObject({ n: 5, accuracy: 1 / 5, unlabelled: { samples: 0, rows: 0 } });
    if ('skipped' in memoriser) throw new Error('not done');
    expect(memoriser.bands.map(({ band, n, accuracy }) => [band, n, accuracy])).toEqual([
      ['far', 3, 0],
      ['middle', 0, null],
      ['near', 2, 0.5],
    ]);
    const bare = { ...options, corpus: undefined, samples: [sample('x', 'no label here')] };
    expect((await checkLeakage(bare)).memoriser).toEqual({
      skipped: 'labels or references are missing on one side',
    });
  });

  it('tells the scores of a run by band', async () => {
    const scores = [
      { sample: 'same', value: 1 },
      { sample: 'alike', value: 1 },
      { sample: 'asked', value: 0 },
      { sample: 'means', value: null },
    ];
    const runs = [{ run: 'r', variant: 'tuned', metric: 'correct', scores }];
    const report = await checkLeakage({ ...options, corpus: undefined, runs });
    expect(report.runs[0]!.bands.map(({ band, scored, of, mean }) => [band, scored, of, mean])).toEqual([
      ['far', 1, 3, 0],
      ['middle', 0, 0, null],
      ['near', 2, 2, 1],
    ]);
  });

  it('says what was not done', async () => {
    const report = await checkLeakage({
      ...options,
      sides: [],
      corpus: undefined,
      embed: { skipped: 'no model' },
    });
    expect(report.methods.map(({ skipped }) => skipped)).toEqual([
      'no rows were given',
      'no rows were given',
      'the corpus was not looked at',
      'no model',
      'the corpus was not looked at',
    ]);
    expect(report.memoriser).toEqual({ skipped: 'no training rows were given' });
  });
});

const banking = join(process.env.FULCRUM_SHARED_DATA ?? '../shared/data', 'banking77');
describe('banking77', () => {
  it.skipIf(!existsSync(banking))('gives the published bands of a memoriser', async () => {
    const map = { input: 'text', label: 'category' };
    const test = await readDatasetFile(join(banking, 'test.csv'), { map });
    const train = await readDatasetFile(join(banking, 'train.csv'), { map });
    const { memoriser, nearestAtLeast } = await checkLeakage({
      dataset: { name: 'banking77', hash: '' },
      split: null,
      samples: test.records.map(({ sample: each }) => each),
      sides: [{ side: 'train', origin: 'train.csv', rows: train.records }],
      thresholds: { jaccard: 0.8, cosine: 0.95 },
      embed: { skipped: 'not asked for' },
      maxLeak: 0,
    });
    if ('skipped' in memoriser) throw new Error('not done');
    const [far, , near] = memoriser.bands;
    expect(memoriser.n).toBe(3080);
    expect(Math.abs(memoriser.accuracy! - 0.808)).toBeLessThan(0.005);
    expect(Math.abs(far!.accuracy! - 0.615)).toBeLessThan(0.005);
    expect(Math.abs(near!.accuracy! - 0.937)).toBeLessThan(0.005);
    expect(nearestAtLeast['0.7']).toBeCloseTo(381 / 3080, 9);
  });
});

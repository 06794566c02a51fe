import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  datasetCheckOutputSchema,
  datasetImportOutputSchema,
  datasetPowerOutputSchema,
  datasetSplitOutputSchema,
  errorOutputSchema,
} from '../src/app/contracts.ts';
import { fulcrum, scratchFolder } from './cli.ts';

// The commands as somebody types them who has a table of labelled questions, and no corpus.
const labels = ['order', 'brewing', 'loyalty'];
const words = ['late', 'lost', 'green', 'black', 'old', 'new', 'blue', 'red', 'cold', 'hot'];
const row = (index: number): string =>
  `"Question ${words[index % 10]}, ${words[(index * 7 + 3) % 10]} on ${labels[index % 3]} number ${index}",${labels[index % 3]},c${Math.floor(index / 2)}\n`;
const table = (from: number, to: number): string =>
  `text,category,customer\n${Array.from({ length: to - from }, (_, index) => row(from + index)).join('')}`;
const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({ embedding: false }),
  'all.csv': table(0, 90),
  'train.csv': `${table(200, 230)}${row(4)}`,
});
const path = (name: string): string => join(folder.path, name);
const run = (...args: string[]) => fulcrum([...args, '--project', folder.path, '--json']);
const map = ['--map', 'input=text,label=category,group=customer'];
const failure = async (...args: string[]) => {
  const finished = await run(...args);
  return { exit: finished.code, ...errorOutputSchema.parse(finished.json()).error };
};

afterAll(() => folder.remove());

describe('a table of labelled questions', () => {
  it('is imported by a column map, and what is lost is said', async () => {
    const imported = await run('dataset', 'import', path('all.csv'), '--name', 'all', '--map', 'input=text');
    expect(datasetImportOutputSchema.parse(imported.json())).toMatchObject({
      samples: 90,
      format: 'csv',
      lost: { 'column category': 90, 'column customer': 90 },
    });
    const whole = await run('dataset', 'import', path('all.csv'), '--name', 'all', ...map);
    expect(datasetImportOutputSchema.parse(whole.json()).lost).toEqual({});
  });

  it('is split by group and label, and frozen for good', async () => {
    const split = await run('dataset', 'split', 'all', '--stratify', 'label', '--shares', '60/20/20');
    expect(split.code, split.stdout).toBe(0);
    const { counts, groups, strata } = datasetSplitOutputSchema.parse(split.json());
    expect([counts, groups]).toEqual([{ train: 54, dev: 18, test: 18 }, 45]);
    expect(Object.keys(strata ?? {})).toEqual(['brewing', 'loyalty', 'order']);
    expect(await failure('dataset', 'split', 'all')).toMatchObject({ exit: 1, code: 'dataset-frozen' });
    expect(await failure('dataset', 'import', path('train.csv'), '--name', 'all', ...map)).toMatchObject({
      code: 'dataset-frozen',
    });
  });

  it('is checked for leaks; the gate decides the exit status', async () => {
    // Row 5 of the dataset stands in the last row of the training table; without splits named all are test.
    const check = ['dataset', 'check', 'copy', '--train', path('train.csv'), ...map, '--jaccard', '0.99'];
    await run('dataset', 'import', path('all.csv'), '--name', 'copy', ...map);
    const [failed, passed] = await Promise.all([
      run(...check),
      fulcrum([...check, '--max-leak', '0.02', '--project', folder.path]),
    ]);
    expect([failed.code, passed.code]).toEqual([1, 0]);
    const report = datasetCheckOutputSchema.parse(failed.json());
    expect(report.leaks).toEqual([
      { sample: '5', side: 'train', origin: 'train.csv', row: 31, method: 'exact', similarity: 1 },
    ]);
    expect(passed.stdout).toContain('memoriser');
    expect(passed.stdout).toContain(
      'Passed: 1 of 90 test samples are leaked (1.1 %; at most 2.0 % allowed).',
    );
  });

  it('tells what it can show, from a dataset or from plain numbers', async () => {
    const [named, plain, wrong] = await Promise.all([
      run('dataset', 'power', 'all', '--split', 'test', '--discordance', '0.2'),
      fulcrum(['dataset', 'power', '--n', '300', '--discordance', '.1', '--json'], { cwd: '/' }),
      failure('dataset', 'power'),
    ]);
    const plan = datasetPowerOutputSchema.parse(named.json());
    expect(plan).toMatchObject({ n: 18, verdictPossible: false, margin: 0.05 });
    expect(plan.rows).toHaveLength(1);
    const { rows } = datasetPowerOutputSchema.parse(plain.json());
    expect(rows[0]!.textbook.needed).toBe(307);
    expect(rows[0]!.textbook.detectable).toBeCloseTo(0.05, 2);
    expect(wrong).toMatchObject({ exit: 2, code: 'usage' });
  });

  it('fails with one clear error', async () => {
    folder.write('latin.csv', Buffer.from('input\ncaf\xe9\n', 'latin1'));
    folder.write('cut.json', '{"data": [{"paragraphs": [');
    folder.write('empty.jsonl', '');
    const load = (name: string, ...more: string[]) =>
      failure('dataset', 'import', path(name), '--name', 'x', ...more);
    const errors = await Promise.all([
      load('latin.csv'),
      load('cut.json'),
      load('empty.jsonl'),
      load('all.csv', '--map', 'input=txt'),
      failure('dataset', 'check', 'all', '--train', 'nowhere.csv'),
    ]);
    expect(errors.map(({ exit, code }) => [exit, code])).toEqual([
      [1, 'file-not-text'],
      [1, 'record-invalid'],
      [1, 'dataset-empty'],
      [2, 'columns-unmapped'],
      [1, 'file-not-found'],
    ]);
  });
});

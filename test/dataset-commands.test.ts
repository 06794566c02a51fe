import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetCheckOutputSchema,
  datasetCoverageOutputSchema,
  datasetExportOutputSchema,
  datasetImportOutputSchema,
  datasetLooksOutputSchema,
  datasetPowerOutputSchema,
  datasetSplitOutputSchema,
  errorOutputSchema,
} from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder, teaShop, teaShopQuestions } from './cli.ts';

// One project of keywords only; the commands as somebody types them who has a table of labelled questions.
const labels = ['order', 'brewing', 'loyalty'];
const words = ['late', 'lost', 'green', 'black', 'old', 'new', 'blue', 'red', 'cold', 'hot'];
const row = (index: number): string =>
  `"Question ${words[index % 10]}, ${words[(index * 7 + 3) % 10]} on ${labels[index % 3]} number ${index}",${labels[index % 3]},c${Math.floor(index / 2)}\n`;
const table = (from: number, to: number): string =>
  `text,category,customer\n${Array.from({ length: to - from }, (_, index) => row(from + index)).join('')}`;
const folder = scratchFolder({
  ...teaShop,
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    sources: { docs: { type: 'files', directory: 'docs' } },
    variants: { extract: { reader: 'extract' } },
  }),
  'all.csv': table(0, 90),
  'train.csv': `${table(200, 230)}${row(4)}`,
  'questions.jsonl': jsonLines(teaShopQuestions),
});
const path = (name: string): string => join(folder.path, name);
const run = (...args: string[]) => fulcrum([...args, '--project', folder.path, '--json']);
const map = ['--map', 'input=text,label=category,group=customer'];
const failure = async (...args: string[]) => {
  const finished = await run(...args);
  return { exit: finished.code, ...errorOutputSchema.parse(finished.json()).error };
};

beforeAll(async () => {
  expect((await run('sync')).code).toBe(0);
});
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

  it('is set beside traffic', async () => {
    folder.write(
      'log.jsonl',
      jsonLines([
        ...Array.from({ length: 30 }, (_, index) => ({
          message: `Where is my parcel ${words[index % 10]}?`,
          chat: index % 15,
        })),
        { message: '', chat: 1 },
      ]),
    );
    const against = ['dataset', 'coverage', 'all', '--against', path('log.jsonl'), '--permutations', '99'];
    const byChat = ['--map', 'input=message,group=chat', '--topics', '3'];
    const [covered, shown] = await Promise.all([
      run(...against, ...byChat),
      fulcrum([...against, '--map', 'input=message', '--project', folder.path]),
    ]);
    expect(covered.code, covered.stdout).toBe(0);
    const report = datasetCoverageOutputSchema.parse(covered.json());
    expect(report).toMatchObject({
      samples: 18,
      features: 'terms',
      traffic: { rows: 30, blank: 1, blocks: 15 },
    });
    expect(report.test).toMatchObject({ p: 0.01, differs: true });
    expect(shown.stdout).toContain('They differ');
    expect(shown.stdout).toContain('Worth labelling next:');
  });

  it('logs every look at the sealed test, and none at the rest', async () => {
    const before = datasetLooksOutputSchema.parse((await run('dataset', 'looks', 'all')).json());
    expect(before.frozen?.method).toMatchObject({ by: 'group', stratify: 'label' });
    expect(before.looks).toEqual([]);
    const out = ['--out', path('out.csv'), '--format', 'csv'];
    await run('dataset', 'export', 'all', ...out, '--split', 'dev');
    const exported = await run('dataset', 'export', 'all', ...out);
    expect(datasetExportOutputSchema.parse(exported.json())).toMatchObject({
      samples: 90,
      lost: {},
      leftOut: 0,
    });
    expect(readFileSync(path('out.csv'), 'utf8').split('\n')[0]).toBe('id,input,label,group,split');
    await run('eval', 'run', '--dataset', 'all', '--variants', 'extract', '--split', 'dev');
    await run('eval', 'run', '--dataset', 'all', '--variants', 'extract', '--split', 'test');
    await run('dataset', 'show', 'all');
    const { looks } = datasetLooksOutputSchema.parse((await run('dataset', 'looks', 'all')).json());
    expect(looks.map(({ reason, detail, samples }) => [reason, detail, samples])).toEqual([
      ['dataset export', 'csv', 18],
      ['eval run', 'extract', 18],
      ['dataset show', '--json', 18],
    ]);
    const text = await fulcrum(['dataset', 'show', 'all', '--project', folder.path]);
    expect(text.stdout).toContain('3 looks at the test samples');
  });
});

describe('other formats', () => {
  it('go out and come in with their evidence', async () => {
    expect((await run('dataset', 'import', path('questions.jsonl'), '--name', 'shop')).code).toBe(0);
    const squad = await run('dataset', 'export', 'shop', '--format', 'squad', '--out', path('squad.json'));
    expect(datasetExportOutputSchema.parse(squad.json())).toMatchObject({ samples: 5, lost: { facts: 4 } });
    const back = await run(
      'dataset',
      'import',
      path('squad.json'),
      '--name',
      'shop-squad',
      '--source',
      'docs',
    );
    expect(datasetImportOutputSchema.parse(back.json())).toMatchObject({
      format: 'squad',
      samples: 5,
      evidence: 4,
    });
    const tests = await run(
      'dataset',
      'export',
      'shop',
      '--format',
      'promptfoo',
      '--out',
      path('tests.yaml'),
    );
    expect(datasetExportOutputSchema.parse(tests.json())).toMatchObject({ lost: {}, leftOut: 0 });
    const again = await run('dataset', 'import', path('tests.yaml'), '--name', 'shop-again');
    const [one, two] = await Promise.all([
      run('dataset', 'show', 'shop'),
      run('dataset', 'show', 'shop-again'),
    ]);
    expect(again.code, again.stdout).toBe(0);
    expect(two.json().hash).toBe(one.json().hash);
  });

  it('find test questions in the corpus', async () => {
    folder.write('docs/faq.md', '# FAQ\n\nWhen does the shop open in the morning? At nine.\n');
    await run('sync');
    const checked = await run('dataset', 'check', 'shop', '--against-corpus');
    expect(checked.code).toBe(1);
    expect(datasetCheckOutputSchema.parse(checked.json()).leaks).toEqual([
      { sample: 'q1', side: 'corpus', origin: 'docs:faq.md', row: null, method: 'contained', similarity: 1 },
    ]);
  });

  it('fail with one clear error', async () => {
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

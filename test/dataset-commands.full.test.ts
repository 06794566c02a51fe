import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetCheckOutputSchema,
  datasetCoverageOutputSchema,
  datasetExportOutputSchema,
  datasetImportOutputSchema,
  datasetLooksOutputSchema,
  datasetSplitOutputSchema,
} from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder, teaShop, teaShopQuestions } from './cli.ts';

// One project of keywords only.
const labels = ['order', 'brewing', 'loyalty'];
const words = ['late', 'lost', 'green', 'black', 'old', 'new', 'blue', 'red', 'cold', 'hot'];
const row = (index: number): string =>
  `"Question ${words[index % 10]}, ${words[(index * 7 + 3) % 10]} on ${labels[index % 3]} number ${index}",${labels[index % 3]},c${Math.floor(index / 2)}\n`;
const folder = scratchFolder({
  ...teaShop,
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    sources: { docs: { type: 'files', directory: 'docs' } },
    variants: { extract: { reader: 'extract' } },
  }),
  'all.csv': `text,category,customer\n${Array.from({ length: 90 }, (_, index) => row(index)).join('')}`,
  'questions.jsonl': jsonLines(teaShopQuestions),
});
const path = (name: string): string => join(folder.path, name);
const run = (...args: string[]) => fulcrum([...args, '--project', folder.path, '--json']);
const map = ['--map', 'input=text,label=category,group=customer'];

beforeAll(async () => {
  expect((await run('sync')).code).toBe(0);
  expect((await run('dataset', 'import', path('all.csv'), '--name', 'all', ...map)).code).toBe(0);
  const split = await run('dataset', 'split', 'all', '--stratify', 'label');
  expect(datasetSplitOutputSchema.parse(split.json()).counts.test).toBe(18);
});

afterAll(() => folder.remove());

describe('a frozen dataset', () => {
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
});

describe('the JSON Lines contract', () => {
  const python = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!python)('can be written by the ten lines of Python in the documentation', async () => {
    const docs = readFileSync(join(import.meta.dirname, '..', 'docs', 'datasets.md'), 'utf8');
    const program = /```python\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(10);
    const written = spawnSync('python3', ['-'], { cwd: folder.path, input: program, encoding: 'utf8' });
    expect(written.status, written.stderr).toBe(0);
    const imported = await run('dataset', 'import', path('questions.jsonl'), '--name', 'from-python');
    expect(imported.code, imported.stdout).toBe(0);
    expect(datasetImportOutputSchema.parse(imported.json())).toMatchObject({ samples: 2, evidence: 1 });
  });
});

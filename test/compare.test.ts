import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareOutputSchema, decideOutputSchema, errorOutputSchema } from '../src/app/contracts.ts';
import { reportRows } from '../src/decision/report/report.fixture.ts';
import { fulcrum, jsonLines, scratchFolder, teaShop, teaShopQuestions } from './cli.ts';

const folder = scratchFolder({
  ...teaShop,
  'questions.jsonl': jsonLines(teaShopQuestions),
  'scores.jsonl': jsonLines([
    ...reportRows(),
    ...reportRows().map((row) => ({ ...row, metric: 'format', value: row.variant === 'poor' ? 0 : 1 })),
  ]),
});
const scores = ['compare', '--scores', join(folder.path, 'scores.jsonl')];
afterAll(() => folder.remove());

async function failure(...args: string[]): Promise<string> {
  const { code, message } = errorOutputSchema.parse((await fulcrum([...args, '--json'])).json()).error;
  return `${code}: ${message}`;
}

// Each test starts several processes; a busy machine takes its time for them.
const patience = { timeout: 240_000 };

describe('compare of scores from a file', patience, () => {
  it('describes the verdict by other methods', async () => {
    const found = compareOutputSchema.parse((await fulcrum([...scores, '--json'])).json());
    expect(
      found.comparisons.map(({ variant, against, verdict }) => `${variant} ${against} ${verdict}`),
    ).toEqual(['good poor better', 'good same inconclusive', 'poor same worse']);
    // One sample of 120 differs: sign flips of one group give 1.
    expect(found.description.pairs[1]).toMatchObject({ p: 1, adjusted: 1, method: 'exact' });
    // 24 groups one way and 6 the other: 2 (1 + 30 + 435 + 4060 + 27405 + 142506 + 593775) / 2^30.
    expect(found.description.pairs[0]!.p).toBeCloseTo((2 * 768212) / 2 ** 30, 12);
  });

  it('shows every view', async () => {
    const { stdout, code } = await fulcrum([
      ...scores,
      '--view',
      'all',
      '--limit',
      '1',
      '--baseline',
      'good',
    ]);
    expect(code).toBe(0);
    for (const part of [
      '├',
      'too few',
      'better on 48',
      's001',
      'on the frontier',
      'risk at 20 %',
      'equivalent from',
    ])
      expect(stdout, part).toContain(part);
    expect(stdout).toMatch(/format +│ poor - good +│ -1\.000/);
  });

  it('weighs, prices and goes by sequences', async () => {
    const weighed = compareOutputSchema.parse(
      (await fulcrum([...scores, '--weight', 'how-to=0', '--sequential', '--json'])).json(),
    );
    // 120 samples without every third, all of weight 1.
    expect(weighed).toMatchObject({ n: 80, sequential: true, plan: null });
    const decided = decideOutputSchema.parse(
      (
        await fulcrum([
          'decide',
          ...scores.slice(1),
          ...['--bar', '0.5', '--margin', '0.2', '--price', 'good=1', 'same=4', '--json'],
        ])
      ).json(),
    );
    expect(decided.recommended).toBe('good');
    expect(decided.variants.find(({ variant }) => variant === 'same')?.costPer1000Usd).toBeCloseTo(4, 9);
  });

  it('refuses what cannot be, by name', async () => {
    expect(await failure(...scores, '--view', 'forrest')).toMatch(/^usage: --view takes forest/);
    expect(await failure(...scores, '--pair', 'good')).toMatch(/^usage: --pair takes two variants/);
    expect(await failure(...scores, '--pair', 'good', 'pore')).toMatch(/^variant-unknown/);
    expect(await failure(...scores, '--weight', 'howto=2')).toMatch(/^usage: No sample has the tag "howto"/);
    expect(await failure(...scores, '--price', 'good')).toMatch(/^usage: --price takes NAME=NUMBER/);
    expect(await failure(...scores, '--looks', '3')).toMatch(/^usage: --looks needs runs/);
  });
});

describe('compare of runs', patience, () => {
  const project = ['--project', folder.path];
  it('keeps the declared looks, and shows questions and answers', async () => {
    await fulcrum(['init', folder.path, '--yes']);
    const file = join(folder.path, 'fulcrum.config.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    const { extract } = config.variants;
    const variants = { extract, other: { ...extract } };
    folder.write('fulcrum.config.json', JSON.stringify({ ...config, embedding: false, variants }));
    await fulcrum(['source', 'add', 'docs', '--files', join(folder.path, 'docs'), ...project]);
    await fulcrum(['sync', ...project]);
    await fulcrum(['dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'shop', ...project]);
    const ran = await fulcrum([
      'eval',
      'run',
      '--dataset',
      'shop',
      '--variants',
      'extract,other',
      ...project,
    ]);
    expect(ran.code, ran.stderr).toBe(0);

    const report = join(folder.path, 'report.html');
    const first = await fulcrum([
      'compare',
      '--looks',
      '2',
      '--view',
      'samples',
      '--report',
      report,
      ...project,
    ]);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('look 1 of the 2 declared (obrien-fleming)');
    expect(readFileSync(report, 'utf8')).toContain('When does the shop open in the morning?');
    expect(await failure('compare', '--looks', '3', ...project)).toMatch(/^looks-declared: .*2 looks/);
    const again = compareOutputSchema.parse((await fulcrum(['compare', '--json', ...project])).json());
    expect(again).toMatchObject({ look: 1, plan: { looks: 2, spending: 'obrien-fleming' } });
    const sequence = await fulcrum(['compare', '--sequential', ...project]);
    expect(sequence.stdout).toContain('at every time, however often one looks');
  });
});

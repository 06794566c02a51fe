import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareOutputSchema,
  decideOutputSchema,
  errorOutputSchema,
  evalAttributeOutputSchema,
  evalCascadesOutputSchema,
  evalRunOutputSchema,
} from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder, teaShop, teaShopQuestions } from './cli.ts';

// Keywords only and no language model: `extract`, and a recorded pipeline that is sure of what it says.
const folder = scratchFolder(teaShop);
const project = folder.path;
const run = (...args: string[]) => fulcrum([...args, '--project', project, '--json']);

beforeAll(async () => {
  expect((await fulcrum(['init', project, '--yes'])).code).toBe(0);
  const config = JSON.parse(readFileSync(join(project, 'fulcrum.config.json'), 'utf8'));
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({ ...config, embedding: false, sources: { docs: { type: 'files', directory: 'docs' } } }),
  );
  const answers = teaShopQuestions.map((row) => ({
    id: (row as { id: string }).id,
    answer: 'nine',
    costUsd: 0.001,
    confidence: 0.5,
    contexts: ['The shop opens at nine in the morning.'],
  }));
  folder.write('recorded.jsonl', jsonLines(answers));
  folder.write('questions.jsonl', jsonLines(teaShopQuestions));
  for (const args of [
    ['sync'],
    ['variants', 'add', 'old-bot', '--recorded', join(project, 'recorded.jsonl')],
    ['dataset', 'import', join(project, 'questions.jsonl'), '--name', 'shop'],
  ]) {
    const finished = await run(...args);
    expect(finished.code, finished.stdout).toBe(0);
  }
}, 60_000);
afterAll(() => folder.remove());

describe('eval attribute', () => {
  it('runs the arms that extract has and says why the others are not there', async () => {
    const finished = await run('eval', 'attribute', '--dataset', 'shop', '--variant', 'extract');
    expect(finished.code, finished.stdout).toBe(0);
    const report = evalAttributeOutputSchema.parse(finished.json());
    expect(report).toMatchObject({
      variant: 'extract',
      samples: 5,
      answerable: 4,
      matched: 4,
      candidates: 50,
    });
    expect(report.arms.map(({ arm, run: id }) => [arm, id !== null])).toEqual([
      ['base', true],
      ['no-context', false],
      ['gold', true],
      ['gold-distractors', true],
      ['gold-few-shot', false],
      ['placebo', true],
    ]);
    // The only question that cannot be answered is refused by the variant itself.
    expect(report.unanswerable[0]).toMatchObject({ arm: 'base', of: 1 });
    expect(report.failures.count).toBe(report.failed.length);
  });

  it('reads like a page in a terminal', async () => {
    const finished = await fulcrum([
      ...['eval', 'attribute', '--dataset', 'shop', '--variant', 'extract', '--project', project],
    ]);
    expect(finished.stdout).toContain('Failures of "extract" on "shop"');
    expect(finished.stdout).toContain('gold among the retrieved');
    expect(finished.stdout).toContain('Only 4 independent groups');
  });

  it('tells of a recorded pipeline what its contexts allow, and what they do not', async () => {
    const report = evalAttributeOutputSchema.parse(
      (await run('eval', 'attribute', '--dataset', 'shop', '--variant', 'old-bot')).json(),
    );
    expect(report.candidates).toBeNull();
    expect(report.arms.find(({ arm }) => arm === 'placebo')?.absent).toContain('recorded outputs');
    expect(report.remedies).toEqual([]);
    expect(report.notes.join(' ')).toContain('An external pipeline reads its own corpus');
    const counts = Object.fromEntries(report.classes.map(({ failure, count }) => [failure, count]));
    expect(counts).toMatchObject({ 'retrieval-miss': 3, 'ranking-miss': 0, 'corpus-gap': 0 });
    // The one right answer has its evidence in the text of the context.
    expect(report.unsupported).toMatchObject({ count: 0, of: 1 });
  });

  it('refuses a variant that reads nothing, and a metric of which less is better', async () => {
    const codeOf = async (...more: string[]) => {
      const finished = await run('eval', 'attribute', '--dataset', 'shop', ...more);
      return [finished.code, errorOutputSchema.parse(finished.json()).error.code];
    };
    expect(await codeOf('--variant', 'prompt')).toEqual([2, 'variant-unsuitable']);
    expect(await codeOf('--variant', 'extract', '--metric', 'latency')).toEqual([2, 'usage']);
  });
});

describe('eval cascades', () => {
  it('composes runs, takes them into compare and decide, and runs as a variant', async () => {
    const { runs } = evalRunOutputSchema.parse(
      (await run('eval', 'run', '--dataset', 'shop', '--variants', 'extract,old-bot')).json(),
    );
    const ids = runs.map(({ id }) => id);
    const finished = await run('eval', 'cascades', ...ids);
    expect(finished.code, finished.stdout).toBe(0);
    const report = evalCascadesOutputSchema.parse(finished.json());
    expect(report.cascades).toHaveLength(1);
    const [cascade] = report.cascades;
    expect([cascade?.first, cascade?.other].sort()).toEqual(['extract', 'old-bot']);
    const name = cascade?.name ?? '';
    const compared = compareOutputSchema.parse((await run('compare', ...ids, '--with-cascades')).json());
    expect(compared.variants.map(({ variant }) => variant)).toContain(name);
    const decided = decideOutputSchema.parse(
      (await run('decide', ...ids, '--bar', '0.5', '--with-cascades')).json(),
    );
    expect(decided.variants.find(({ variant }) => variant === name)?.deployable).toBe(true);

    const added = await run(
      'variants',
      'add',
      'both',
      '--first',
      'extract',
      '--then',
      'old-bot',
      '--below',
      '0.5',
    );
    expect(added.code, added.stdout).toBe(0);
    const real = evalRunOutputSchema.parse(
      (await run('eval', 'run', '--dataset', 'shop', '--variants', 'both')).json(),
    );
    expect(real.runs[0]).toMatchObject({ variant: 'both', n: 5 });
    expect(real.runs[0]?.metrics.correct?.errors).toBe(0);
    const text = await fulcrum(['eval', 'cascades', ...ids, '--project', project]);
    expect(text.stdout).toContain('To run');
  });

  it('says what it cannot do', async () => {
    const codeOf = async (...args: string[]) => {
      const finished = await run(...args);
      return [finished.code, errorOutputSchema.parse(finished.json()).error.code];
    };
    expect(await codeOf('eval', 'cascades', 'run_x')).toEqual([2, 'usage']);
    folder.write('scores.jsonl', jsonLines([{ sample: 'a', variant: 'v', metric: 'correct', value: 1 }]));
    const scores = ['--scores', join(project, 'scores.jsonl'), '--with-cascades'];
    expect(await codeOf('compare', ...scores)).toEqual([2, 'usage']);
    expect(await codeOf('variants', 'add', 'c', '--first', 'extract')).toEqual([2, 'usage']);
  });
});

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateConfig } from '../src/app/config.ts';
import { compareOutputSchema, errorOutputSchema, evalRunOutputSchema } from '../src/app/contracts.ts';
import { scorerConfigSchema } from '../src/evaluation/index.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';
import { expectPublished } from './published.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/scorers.md'), 'utf8');
const orders = Array.from({ length: 3 }, (_, index) => ({
  id: `o${index}`,
  input: `Order ${index}`,
  reference: JSON.stringify({ total: index + 0.5, lines: ['tea', 'cup'] }),
}));
const answers = [
  '{"lines": ["cup", "tea"], "total": 0.501}',
  '{"lines": ["tea"], "total": 9}',
  'please wait',
];
const scorers = {
  order: { type: 'json-fields', fields: { total: { compare: 'number', absolute: 0.01 }, lines: 'set' } },
  tone: { type: 'phrases', mustNot: ['please'] },
};

const folder = scratchFolder({
  'orders.jsonl': jsonLines(orders),
  'good.jsonl': jsonLines(orders.map(({ id, reference }) => ({ id, answer: reference }))),
  'poor.jsonl': jsonLines(orders.map(({ id }, index) => ({ id, answer: answers[index] }))),
});
const run = async (...args: string[]) => {
  const given = [...args, '--project', folder.path, '--json'];
  return expectPublished(given, await fulcrum(given));
};
const config = (given: unknown): void =>
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      variants: {
        good: { external: { recorded: 'good.jsonl' } },
        poor: { external: { recorded: 'poor.jsonl' } },
      },
      scorers: given,
    }),
  );
const evaluate = async (variants: string) =>
  evalRunOutputSchema.parse((await run('eval', 'run', '--dataset', 'orders', '--variants', variants)).json())
    .runs;

beforeAll(async () => {
  config(scorers);
  const imported = await run('dataset', 'import', join(folder.path, 'orders.jsonl'), '--name', 'orders');
  expect(imported.code, imported.stdout).toBe(0);
});
afterAll(() => folder.remove());

describe('configured scorers', () => {
  it('are applied by runs, compared by name, and kept with the run', async () => {
    const runs = await evaluate('good,poor');
    const [good, poor] = runs.map(({ metrics }) => metrics);
    expect(good?.order).toMatchObject({ mean: 1, scored: 3 });
    // 1 for the first; the second has 1 of 2 predicted and 3 gold leaves: 2 / 5; the third is no JSON.
    expect(poor?.order).toMatchObject({ mean: expect.closeTo(0.7, 12), scored: 2, undefined: 1 });
    expect(poor?.['order.invalid']).toMatchObject({ mean: expect.closeTo(1 / 3, 12), scored: 3 });
    expect(poor?.tone).toMatchObject({ mean: expect.closeTo(2 / 3, 12) });
    const ids = runs.map(({ id }) => id);
    const compared = compareOutputSchema.parse((await run('compare', ...ids, '--metric', 'order')).json());
    expect(compared).toMatchObject({ metric: 'order', n: 2 });
    expect(compared.warnings.join(' ')).toContain('invalid-output');
    const figures = (await run('eval', 'figures', ids[1]!)).json<{
      figures: { name: string; value: number }[];
      scorers: Record<string, unknown>;
    }>();
    // Matched 3 + 1 of 3 + 2 predicted and 9 gold leaves.
    expect(figures.figures.find(({ name }) => name === 'order micro F1')?.value).toBeCloseTo(8 / 14, 12);
    expect(figures.scorers.order).toMatchObject({ type: 'json-fields', arrays: 'ordered' });
  });

  it('judge outputs that anything made', async () => {
    folder.write(
      'outputs.jsonl',
      jsonLines(orders.map((order, index) => ({ ...order, output: answers[index] }))),
    );
    const output = (
      await run('score', join(folder.path, 'outputs.jsonl'), '--metrics', 'order,order.invalid,correct')
    ).json<{ n: number; metrics: Record<string, unknown> }>();
    expect(output.metrics.order).toMatchObject({
      mean: expect.closeTo(0.7, 12),
      undefined: { 'invalid-output': 1 },
    });
    expect(output.metrics['order.invalid']).toMatchObject({ mean: expect.closeTo(1 / 3, 12), scored: 3 });
    expect(output.metrics['order micro F1']).toMatchObject({
      mean: expect.closeTo(8 / 14, 12),
      of: 'corpus',
    });
    expect(output.metrics.correct).toMatchObject({ mean: 0 });
  });

  it('that cannot work are named, and stop a run before anything is asked', async () => {
    config({ order: { type: 'json-schema', schemaFile: 'none.json' } });
    const listed = await run('scorers', 'list');
    expect(listed.code).toBe(1);
    const found = listed.json<{ scorers: { name: string; problem: string | null }[] }>().scorers;
    expect(found.find(({ name }) => name === 'order')?.problem).toContain('none.json does not exist');
    expect(found.find(({ name }) => name === 'correct')?.problem).toBeNull();
    const failed = await run('eval', 'run', '--dataset', 'orders', '--variants', 'good');
    expect(failed.code).toBe(2);
    expect(errorOutputSchema.parse(failed.json()).error.code).toBe('scorer-invalid');
  });
});

describe('docs/scorers.md', () => {
  it('has a valid example and every type', () => {
    const [example = ''] = /^ {4}\{\n {6}"scorers"[\s\S]*?\n {4}\}$/m.exec(page) ?? [];
    expect(Object.keys(validateConfig(JSON.parse(example), 'docs/scorers.md').scorers)).toEqual([
      'order',
      'schema',
      'query',
      'tone',
    ]);
    for (const { shape } of scorerConfigSchema.options) expect(page).toContain(`\`${shape.type.value}\``);
  });
});

describe('your own scorer, as docs/scorers.md has it', () => {
  const blocks = [...page.matchAll(/```(js|ts)\n([\s\S]*?)```/g)].map(([, language, code]) => ({
    language,
    code: code!,
  }));

  it('is a function in the config', async () => {
    rmSync(join(folder.path, 'fulcrum.config.json'));
    const [example] = blocks.filter(({ language }) => language === 'js');
    folder.write(
      'fulcrum.config.js',
      `${example!.code.replace('export default', 'const example =')}
       export default { ...example, embedding: false,
         scorers: { ...example.scorers, broken: () => { throw new Error('boom'); }, odd: () => 'high' },
         variants: { poor: { external: { recorded: 'poor.jsonl' } } } };`,
    );
    const [poor] = await evaluate('poor');
    expect(poor?.metrics.polite).toMatchObject({ mean: expect.closeTo(1 / 3, 12), scored: 3 });
    expect(poor?.metrics.broken).toMatchObject({ mean: null, scored: 0, errors: 3 });
    expect(poor?.metrics.odd).toMatchObject({ scored: 0, errors: 3 });
  });
});

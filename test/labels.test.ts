import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compareOutputSchema, evalRunOutputSchema } from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';
import { expectPublished } from './published.ts';

const labels = ['lost', 'stolen', 'top up'];
const samples = Array.from({ length: 30 }, (_, index) => ({
  id: `s${index}`,
  input: `Question ${index}`,
  label: labels[index % 3],
}));
const folder = scratchFolder({
  'questions.jsonl': jsonLines(samples),
  'good.jsonl': jsonLines(samples.map(({ id, label }) => ({ id, answer: ` ${label}\n` }))),
  // The first label is taken for the second, the second is right, the third is talked about.
  'poor.jsonl': jsonLines(
    samples.map(({ id }, index) => ({ id, answer: ['stolen', 'stolen', 'It is top up.'][index % 3] })),
  ),
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    variants: {
      good: { external: { recorded: 'good.jsonl' } },
      poor: { external: { recorded: 'poor.jsonl' } },
    },
  }),
});
afterAll(() => folder.remove());
const run = async (...args: string[]) => {
  const given = [...args, '--project', folder.path, '--json'];
  return expectPublished(given, await fulcrum(given));
};

it('samples with a label alone are scored, compared and shown without any configuration', async () => {
  const imported = await run(
    'dataset',
    'import',
    join(folder.path, 'questions.jsonl'),
    '--name',
    'questions',
  );
  expect(imported.code, imported.stdout).toBe(0);
  const { runs } = evalRunOutputSchema.parse(
    (await run('eval', 'run', '--dataset', 'questions', '--variants', 'good,poor')).json(),
  );
  const [good, poor] = runs.map(({ metrics }) => metrics);
  expect(good).toMatchObject({ accuracy: { mean: 1, scored: 30 }, 'accuracy.invalid': { mean: 0 } });
  for (const metric of ['accuracy', 'accuracy.invalid', 'correct'])
    expect(poor?.[metric], metric).toMatchObject({ mean: expect.closeTo(1 / 3, 12), scored: 30 });
  const ids = runs.map(({ id }) => id);
  const compared = compareOutputSchema.parse((await run('compare', ...ids)).json());
  expect(compared).toMatchObject({ metric: 'correct', n: 30 });
  const inverted = compareOutputSchema.parse(
    (await run('compare', ...ids, '--metric', 'accuracy.invalid')).json(),
  );
  expect(inverted).toMatchObject({ metric: 'accuracy.invalid', n: 30 });
  // F1 of lost 0, of stolen 2 * 10 / (10 + 20), of top up 0.
  const { figures } = (await run('eval', 'figures', ids[1]!)).json<{
    figures: { name: string; value: number }[];
  }>();
  expect(figures).toEqual([
    { name: 'accuracy macro F1 (3 labels)', value: expect.closeTo(2 / 9, 12), samples: 30 },
  ]);
  const shown = await fulcrum(['eval', 'show', ids[1]!, '--project', folder.path]);
  expect(shown.stdout).toContain('accuracy macro F1');
});

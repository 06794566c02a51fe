import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';
import { expectPublished } from './published.ts';

const folder = scratchFolder();
afterAll(() => folder.remove());
const file = (name: string): string => join(folder.path, name);

describe('fulcrum judge calibrate, without a project', () => {
  it('sets scores made by anything beside labels', async () => {
    // 20 samples, 10 of them good with a and 5 with b; the judge calls two bad answers of b good.
    const labels = Array.from({ length: 20 }, (_, index) => [
      { sample: `s${index}`, variant: 'a', label: index % 2 === 0 },
      { sample: `s${index}`, variant: 'b', label: index % 4 === 0 },
    ]).flat();
    const scores = labels.map(({ sample, variant, label }) => ({
      sample,
      variant,
      metric: 'mine',
      value: label || (variant === 'b' && (sample === 's1' || sample === 's3')) ? 1 : 0,
    }));
    folder.write('labels.jsonl', jsonLines(labels));
    folder.write('scores.jsonl', jsonLines(scores));
    const args = ['judge', 'calibrate', '--scores', file('scores.jsonl'), '--labels', file('labels.jsonl')];
    const given = [...args, '--metric', 'mine', '--json', '--project', folder.path];
    const found = expectPublished(given, await fulcrum(given));
    expect(found.code, found.stdout).toBe(0);
    expect(found.json()).toMatchObject({
      agreement: [
        { variant: null, labels: 40 },
        {
          variant: 'a',
          sensitivity: { mean: 1 },
          specificity: { mean: 1 },
          kappa: 1,
          corrected: { rate: expect.closeTo(0.5, 12) },
        },
        {
          variant: 'b',
          sensitivity: { mean: 1 },
          specificity: { mean: expect.closeTo(13 / 15, 12) },
          corrected: { rate: expect.closeTo(0.25, 12) },
        },
      ],
      differences: [{ a: 'a', b: 'b', difference: expect.closeTo(0.25, 12), labels: 20 }],
    });
    folder.write('bad.jsonl', '{"sample": "s0", "label": true}\n{"sample": "s1", "label": "yes"}\n');
    const bad = await fulcrum([...args.slice(0, -1), file('bad.jsonl'), '--metric', 'mine', '--json']);
    expect([bad.code, bad.json<{ error: { code: string } }>().error.code]).toEqual([1, 'labels-invalid']);
  });
});

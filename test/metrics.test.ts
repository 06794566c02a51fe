import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  errorOutputSchema,
  metricsListOutputSchema,
  scoreOutputSchema,
  verifyOutputSchema,
} from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';

const golden = join(import.meta.dirname, '..', 'src', 'evaluation', 'metrics', 'golden');
let folder: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => folder.remove());

const run = (...args: string[]) => fulcrum([...args, '--json'], { cwd: folder.path });

describe('metrics', () => {
  it('are listed with their definitions', async () => {
    const { metrics } = metricsListOutputSchema.parse((await run('metrics', 'list')).json());
    expect(metrics.find(({ name }) => name === 'bleu')).toMatchObject({
      reference: { library: 'sacrebleu', version: '2.6.0' },
      of: 'corpus',
      range: [0, 100],
      scores: true,
    });
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  });

  it('are verified against a golden file, exit 1 when one differs', async () => {
    const ratings = await run('metrics', 'verify', join(golden, 'trulens.json'));
    expect(ratings.code).toBe(0);
    expect(verifyOutputSchema.parse(ratings.json()).metrics).toEqual({
      'trulens.relevance': { passed: 4, failed: 0, unsupported: 0 },
      'trulens.context_relevance': { passed: 3, failed: 0, unsupported: 0 },
    });

    const inputs = { a: [1, 2], b: [1, 2] };
    const cases = [
      { id: 'right', metric: 'cohen_kappa.plain', params: {}, inputs, expected: 1 },
      { id: 'wrong', metric: 'cohen_kappa.plain', params: {}, inputs, expected: 0.9 },
      { id: 'unknown', metric: 'no-such-metric', params: {}, inputs, expected: 1 },
    ];
    folder.write('own.json', JSON.stringify({ cases }));
    const own = await run('metrics', 'verify', 'own.json');
    expect(own.code).toBe(1);
    expect(own.json()).toEqual({
      metrics: {
        'cohen_kappa.plain': { passed: 1, failed: 1, unsupported: 0 },
        'no-such-metric': { passed: 0, failed: 0, unsupported: 1 },
      },
      failures: [{ id: 'wrong', metric: 'cohen_kappa.plain', expected: 0.9, got: 1 }],
    });
  });

  it('say what is wrong with a file', async () => {
    folder.write('broken.json', '{"cases": [');
    const finished = await run('metrics', 'verify', 'broken.json');
    expect(finished.code).toBe(1);
    expect(errorOutputSchema.parse(finished.json()).error.code).toBe('golden-invalid');
  });
});

describe('score', () => {
  it('judges outputs made by anything, without a project', async () => {
    folder.write(
      'outputs.jsonl',
      jsonLines([
        {
          id: 1,
          output: 'Tea is brewed at 70 degrees.',
          facts: [['70', 'seventy']],
          reference: '70 degrees',
        },
        { id: 2, answer: 'At 80 degrees.', facts: ['70'], reference: '70 degrees' },
      ]),
    );
    const finished = await run('score', 'outputs.jsonl', '--metrics', 'correct,bleu', '--per-sample');
    const output = scoreOutputSchema.parse(finished.json());
    expect(output).toMatchObject({ n: 2, metrics: { correct: { mean: 0.5, scored: 2 } } });
    expect(output.metrics.bleu!.signature).toContain('tok:13a');
    expect(output.samples!.map(({ id, scores }) => [id, scores.correct])).toEqual([
      ['1', { status: 'scored', value: 1, detail: { facts: [true] } }],
      ['2', { status: 'scored', value: 0, detail: { facts: [false] } }],
    ]);
  });

  it('shows a table, and says which metric was meant', async () => {
    folder.write('outputs.jsonl', '{"id": "1", "output": "tea", "reference": "tea"}\n');
    const text = await fulcrum(['score', 'outputs.jsonl'], { cwd: folder.path });
    expect(text.stdout).toMatch(/token-f1\s+│ 1\.000/);
    const unknown = await run('score', 'outputs.jsonl', '--metrics', 'blue');
    expect(unknown.code).toBe(2);
    expect(errorOutputSchema.parse(unknown.json()).error.message).toContain('Did you mean "bleu"?');
  });

  it('shows what a file says as text, whatever a terminal would make of it', async () => {
    const row = { id: '\u001b]0;owned\u0007', output: 'a', reference: 'a' };
    folder.write('hostile.jsonl', jsonLines([row]));
    const shown = await fulcrum(['score', 'hostile.jsonl', '--per-sample', '--metrics', 'exact-match'], {
      cwd: folder.path,
    });
    expect(shown.stdout).toContain('\\u{1b}]0;owned\\u{7}  exact-match 1.000');
    folder.write('hostile.jsonl', jsonLines([row, row]));
    const refused = await fulcrum(['score', 'hostile.jsonl'], { cwd: folder.path });
    expect(refused.stderr).toContain('line 2: the id "\\u{1b}]0;owned\\u{7}" was used before');
  });
});

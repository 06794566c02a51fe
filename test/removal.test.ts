import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { datasetRemoveOutputSchema, variantsRemoveOutputSchema } from '../src/app/contracts.ts';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

// A recorded pipeline that says neither tokens nor time, one that has no answer to anything, and a table without gold in one row.
const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const ids = ['1', '2', '3'];
const folder = scratchFolder({
  'questions.csv': 'id,input,reference\n1,How many?,nine\n2,Which day?,Monday\n3,Who?,\n',
  'said.jsonl': jsonLines(ids.map((id) => ({ id, answer: 'nine', costUsd: 0.00002 }))),
  'other.jsonl': jsonLines([{ id: 'x', answer: 'nine' }]),
  'measured.jsonl': jsonLines(
    ids.map((id) => ({ id, answer: 'nine', seconds: 2, usage: { inputTokens: 7, outputTokens: 1 } })),
  ),
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    decision: { metric: 'exact-match' },
    variants: {
      said: { external: { recorded: 'said.jsonl' } },
      nothing: { external: { recorded: 'other.jsonl' } },
      measured: { external: { recorded: 'measured.jsonl' } },
      // biome-ignore lint/suspicious/noThenProperty: the key of the config; it is never awaited.
      both: { cascade: { first: 'said', then: 'measured', below: 0.5 } },
    },
  }),
});
const path = (name: string): string => join(folder.path, name);
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
const errorOf = async (...args: string[]) => {
  const finished = await run(...args, '--json');
  const { error } = finished.json<{ error: { code: string; message: string } }>();
  return [finished.code, error.code, error.message];
};
const evalRun = (...names: string[]) => run('eval', 'run', '--dataset', 'd', '--variants', names.join(','));

afterAll(() => folder.remove());

describe('what was not measured', () => {
  it('is said when a table has rows without gold', async () => {
    const imported = await run('dataset', 'import', path('questions.csv'), '--name', 'd');
    expect(imported.code).toBe(0);
    expect(imported.stderr).toContain('1 of 3 samples have no reference, facts, label or evidence');
  });

  it('has no number in a run, with the reason: tokens and seconds that a recording does not hold', async () => {
    const both = await evalRun('said', 'measured');
    expect(both.code, both.stderr).toBe(0);
    const rowOf = (metric: string) => both.stdout.split('\n').find((line) => line.includes(` ${metric} `));
    expect(rowOf('tokens')).toMatch(/no number \(usage-unknown\).*8\.000.* of 3/);
    expect(rowOf('latency')).toMatch(/no number \(time-unknown\).*2\.000.* of 3/);
    const json = await run('eval', 'run', '--dataset', 'd', '--variants', 'said', '--json');
    const { metrics } = json.json<{ runs: { metrics: Record<string, object> }[] }>().runs[0]!;
    expect(metrics.tokens).toMatchObject({ mean: null, scored: 0, undefined: 3 });
    expect(metrics.latency).toMatchObject({ mean: null, scored: 0, undefined: 3 });
  });
});

describe('a run in which every sample failed', () => {
  it('ends with status 1, and comparisons without ids leave it out and say so', async () => {
    const failed = await evalRun('nothing');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('"nothing" gave no answer to any of 3 samples');
    expect(failed.stdout).toMatch(/failed samples .* 3 of 3/);
    const compared = await run('compare');
    expect(compared.code, compared.stderr).toBe(0);
    expect(compared.stderr).toMatch(/Left out: run run_[\w-]+ of "nothing", in which every sample failed/);
    expect(compared.stdout).toMatch(/^Dataset "d", all splits; (?:said|measured): run_[\w-]+, /);
    expect(compared.stdout).toContain('detectable: the smallest true difference');
    const decided = await run('decide', '--bar', '0.2');
    expect(decided.stderr).toContain('Left out: run');
    expect(decided.stdout).toMatch(/Dataset "d", all splits; /);
  });

  it('shows small costs with their digits in Markdown', async () => {
    const { runs } = (await run('eval', 'list', '--json')).json<{
      runs: { id: string; variant: string }[];
    }>();
    const said = runs.find(({ variant }) => variant === 'said');
    const markdown = await run('eval', 'export', said!.id, '--format', 'markdown');
    expect(markdown.stdout).toContain('| cost | 0.00002 [0.00002, 0.00002] of 3 |');
    expect(markdown.stdout).toContain('| cost of the run | $0.00006 |');
  });
});

describe('removing', () => {
  it('a variant is refused while a cascade or runs are of it', async () => {
    expect(await errorOf('variants', 'remove', 'sad')).toEqual([
      2,
      'variant-unknown',
      expect.stringContaining('said'),
    ]);
    expect(await errorOf('variants', 'remove', 'said', '--force')).toEqual([
      1,
      'variant-in-use',
      expect.stringContaining('the cascade "both" asks it'),
    ]);
    const removed = (await run('variants', 'remove', 'both', '--json')).json();
    expect(variantsRemoveOutputSchema.parse(removed)).toEqual({ removed: 'both', runs: 0 });
    expect(await errorOf('variants', 'remove', 'nothing')).toEqual([
      1,
      'variant-in-use',
      expect.stringContaining('it has runs, 1 in all'),
    ]);
    const forced = await run('variants', 'remove', 'nothing', '--force');
    expect(forced.stdout).toContain('Its runs (1) can still be compared, but not be run again.');
    const { variants } = JSON.parse(readFileSync(path('fulcrum.config.json'), 'utf8'));
    expect(Object.keys(variants)).toEqual(['said', 'measured']);
  });

  it('a dataset is refused while runs are of it, and always when it is frozen', async () => {
    expect(await errorOf('dataset', 'remove', 'e')).toEqual([
      expect.any(Number),
      'dataset-unknown',
      expect.any(String),
    ]);
    expect((await errorOf('dataset', 'remove', 'd')).slice(0, 2)).toEqual([1, 'dataset-in-use']);
    const forced = await run('dataset', 'remove', 'd', '--force', '--json');
    expect(datasetRemoveOutputSchema.parse(forced.json())).toMatchObject({ removed: 'd', samples: 3 });
    expect((await run('dataset', 'list', '--json')).json()).toEqual({ datasets: [] });
    // The scores of its runs are still there to be compared.
    expect((await run('compare')).code).toBe(0);
    const rows = Array.from({ length: 30 }, (_, index) => ({
      id: `${index}`,
      input: `Q ${index}?`,
      label: 'a',
    }));
    folder.write('frozen.jsonl', jsonLines(rows));
    await run('dataset', 'import', path('frozen.jsonl'), '--name', 'f');
    expect((await run('dataset', 'split', 'f')).code).toBe(0);
    expect((await errorOf('dataset', 'remove', 'f', '--force')).slice(0, 2)).toEqual([1, 'dataset-frozen']);
  });
});

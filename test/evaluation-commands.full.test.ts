import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOutputSchema, evalGateOutputSchema, evalRunOutputSchema } from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';

// A project with a pipeline of its own as a module, and what the commands on runs make of it.

const samples = Array.from({ length: 40 }, (_, index) => ({
  id: `q${String(index).padStart(2, '0')}`,
  input: `question ${index}`,
  facts: [[`fact ${index}`]],
  split: index < 4 ? 'train' : 'test',
}));
const pipeline = (wrong: string): string => `
  import { appendFileSync } from 'node:fs';
  export function answer({ id, input }) {
    appendFileSync(new URL('./calls.txt', import.meta.url), id + '\\n');
    const number = Number(input.split(' ')[1]);
    if (${wrong}) return { answer: 'I guess.', costUsd: 0.001 };
    return { answer: 'It is fact ' + number + '.', costUsd: 0.001 };
  }
`;
const config = {
  embedding: false,
  providers: { tiny: { baseUrl: 'http://127.0.0.1:9/v1' } },
  variants: {
    old: { external: { module: './old.mjs' } },
    new: { external: { module: './new.mjs' } },
    full: { reader: 'generate', model: 'compatible/tiny/m', evidence: 'full-context' },
    shown: { reader: 'generate', model: 'compatible/tiny/m', fewShot: { dataset: 'questions', k: 2 } },
  },
};
const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify(config),
  'questions.jsonl': jsonLines(samples),
  'old.mjs': pipeline('number % 10 === 9'),
  'new.mjs': pipeline('number % 10 === 8 || number % 10 === 7'),
});
const run = (...args: string[]) => fulcrum([...args, '--project', folder.path, '--json']);
const calls = (): number => readFileSync(join(folder.path, 'calls.txt'), 'utf8').trimEnd().split('\n').length;
let ids: string[] = [];

beforeAll(async () => {
  const imported = await run(
    'dataset',
    'import',
    join(folder.path, 'questions.jsonl'),
    '--name',
    'questions',
  );
  expect(imported.code, imported.stdout).toBe(0);
});
afterAll(() => folder.remove());

describe('commands on runs', () => {
  it('run repeats, adds optional metrics without a further call, and skips what cannot answer', async () => {
    const first = await run(
      ...['eval', 'run', '--dataset', 'questions', '--split', 'test', '--variants', 'old,new,full'],
    );
    expect(first.code, first.stdout).toBe(0);
    const { runs, skipped } = evalRunOutputSchema.parse(first.json());
    // Of 4..39: 9 19 29 39 are wrong for the old one; 7 8 17 18 27 28 37 38 for the new one.
    expect(runs.map(({ variant, n }) => [variant, n])).toEqual([
      ['old', 36],
      ['new', 36],
    ]);
    expect(runs.map(({ metrics }) => metrics.correct?.mean)).toEqual([
      expect.closeTo(32 / 36, 9),
      expect.closeTo(28 / 36, 9),
    ]);
    expect(skipped).toEqual([{ variant: 'full', reason: expect.stringContaining('nothing is indexed') }]);
    expect(calls()).toBe(72);
    ids = runs.map(({ id }) => id);
    const again = await run(
      ...[
        'eval',
        'run',
        '--dataset',
        'questions',
        '--split',
        'test',
        '--variants',
        'old',
        '--metrics',
        'words',
      ],
    );
    expect(evalRunOutputSchema.parse(again.json()).runs[0]?.metrics.words?.scored).toBe(36);
    expect(calls()).toBe(72);
    const twice = await run(
      ...['eval', 'run', '--dataset', 'questions', '--split', 'test', '--variants', 'old', '--repeats', '2'],
    );
    expect(twice.json<{ runs: { repeats: number }[] }>().runs[0]?.repeats).toBe(2);
    expect(calls()).toBe(108);
    const misspelt = await run(
      ...['eval', 'run', '--dataset', 'questions', '--variants', 'old', '--metrics', 'word'],
    );
    expect(misspelt.code).toBe(2);
    expect(errorOutputSchema.parse(misspelt.json()).error.message).toContain('Did you mean "words"?');
  });

  it('a variant is not tested on the samples that it is shown', async () => {
    const leaked = await run(
      ...['eval', 'run', '--dataset', 'questions', '--split', 'train', '--variants', 'shown'],
    );
    expect(leaked.code).toBe(1);
    expect(errorOutputSchema.parse(leaked.json()).error).toMatchObject({
      code: 'sample-leaked',
      message: expect.stringContaining('2 of the samples'),
    });
  });

  it('show gives one sample whole, diff the flips of two runs side by side', async () => {
    const shown = await fulcrum(['eval', 'show', ids[0]!, '--sample', 'q09', '--project', folder.path]);
    expect(shown.stdout).toContain('question: question 9');
    expect(shown.stdout).toContain('expected: fact 9');
    expect(shown.stdout).toContain('answer:   I guess.');
    expect(shown.stdout).toContain('correct: 0');
    const missing = await run('eval', 'show', ids[0]!, '--sample', 'q99');
    expect(errorOutputSchema.parse(missing.json()).error.code).toBe('sample-unknown');
    const diff = (await run('eval', 'diff', ...ids)).json<{
      improved: number;
      regressed: number;
      flips: { sample: string; change: string }[];
    }>();
    expect(diff).toMatchObject({ improved: 4, regressed: 8, same: 24 });
    expect(diff.flips[0]).toMatchObject({ sample: 'q07', change: 'regressed' });
    const text = await fulcrum(['eval', 'diff', ...ids, '--limit', '1', '--project', folder.path]);
    expect(text.stdout).toContain('4 improved, 8 regressed, 24 the same');
    expect(text.stdout).toContain('It is fact 7.');
  });

  it('gate exits 1 with the samples that it needs, and 0 against itself measured again', async () => {
    const gated = await run('eval', 'gate', ids[1]!, '--baseline', ids[0]!, '--margin', '0.05');
    expect(gated.code).toBe(1);
    const gate = evalGateOutputSchema.parse(gated.json());
    expect(gate).toMatchObject({ outcome: 'inconclusive', n: 36, metric: 'correct' });
    expect(gate.samplesNeeded).toBeGreaterThan(36);
    const wide = await fulcrum([
      'eval',
      'gate',
      ids[1]!,
      '--baseline',
      ids[0]!,
      '--margin',
      '0.5',
      '--project',
      folder.path,
    ]);
    expect(wide.code).toBe(0);
    expect(wide.stdout).toContain('Passed: new against old');
    const same = await run('eval', 'gate', ids[0]!, '--baseline', ids[0]!);
    expect(errorOutputSchema.parse(same.json()).error.code).toBe('run-mismatch');
  });

  it('export writes every format', async () => {
    const written = async (format: string, ...more: string[]): Promise<string> => {
      const out = join(folder.path, `run.${format}`);
      const finished = await run('eval', 'export', ids[1]!, '--format', format, '--out', out, ...more);
      expect(finished.code, finished.stdout).toBe(0);
      return readFileSync(out, 'utf8');
    };
    const junit = await written('junit', '--baseline', ids[0]!);
    expect(XMLValidator.validate(junit)).toBe(true);
    expect(junit.match(/<failure/g)).toHaveLength(8 + 1);
    const markdown = await written('markdown', '--baseline', ids[0]!);
    expect(markdown).toContain('⚠️ Not passed: inconclusive');
    expect(markdown).toContain('8 samples got worse, 4 better, 24 stayed the same.');
    expect((await written('csv')).split('\n')[0]).toContain('sample,repetition,group');
    expect(await written('html')).toContain('<h1>new on questions</h1>');
    const wrong = await run('eval', 'export', ids[1]!, '--format', 'pdf');
    expect([wrong.code, errorOutputSchema.parse(wrong.json()).error.code]).toEqual([2, 'usage']);
  });

  it('rerun asks for new answers, and refuses when the variant has changed', async () => {
    const before = calls();
    const rerun = await run('eval', 'rerun', ids[1]!);
    expect(rerun.code, rerun.stdout).toBe(0);
    const [report] = evalRunOutputSchema.parse(rerun.json()).runs;
    expect([report?.id === ids[1], report?.metrics.correct?.mean]).toEqual([
      false,
      expect.closeTo(28 / 36, 9),
    ]);
    expect(calls()).toBe(before + 36);
    expect(
      (await run('eval', 'rerun', ids[1]!, '--failed')).json<{ runs: { id: string }[] }>().runs[0]?.id,
    ).toBe(ids[1]);
    expect(calls()).toBe(before + 36);
    folder.write('new.mjs', pipeline('false'));
    const changed = await run('eval', 'rerun', ids[1]!);
    expect(errorOutputSchema.parse(changed.json()).error.code).toBe('run-not-repeatable');
  });
});

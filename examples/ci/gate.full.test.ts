import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fulcrum, jsonLines, scratchFolder } from '../../test/cli.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'gate.sh');
const command = `${process.execPath} ${join(import.meta.dirname, '../../bin/fulcrum')}`;
const samples = Array.from({ length: 120 }, (_, index) => ({
  id: `q${index}`,
  input: `question ${index}`,
  facts: [[`fact ${index}`]],
}));
const bot = (wrong: string): string =>
  `export const answer = ({ input }) => { const n = Number(input.split(' ')[1]); return (${wrong}) ? 'no idea' : 'fact ' + n; };`;
const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    variants: { bot: { external: { module: './bot.mjs' } } },
  }),
  'questions.jsonl': jsonLines(samples),
  'bot.mjs': bot('n % 10 === 0'),
});
afterAll(() => folder.remove());

const gate = (margin: string): Promise<{ stdout: string; code: number }> =>
  run('sh', [script, folder.path, 'questions', 'bot', join(folder.path, 'baseline.jsonl'), margin], {
    cwd: folder.path,
    env: { ...process.env, FULCRUM: command },
  }).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (failure: { stdout: string; code: number }) => ({ stdout: failure.stdout, code: failure.code }),
  );

it('the script passes the same bot and holds back a worse one, with comment and report', async () => {
  const project = ['--project', folder.path, '--json'];
  const file = join(folder.path, 'questions.jsonl');
  expect((await fulcrum(['dataset', 'import', file, '--name', 'questions', ...project])).code).toBe(0);
  const first = await fulcrum(['eval', 'run', '--dataset', 'questions', '--variants', 'bot', ...project]);
  const id = first.json<{ runs: { id: string }[] }>().runs[0]!.id;
  const baseline = join(folder.path, 'baseline.jsonl');
  expect((await fulcrum(['eval', 'export', id, '--recorded', '--out', baseline, ...project])).code).toBe(0);

  const same = await gate('0.1');
  expect(same, same.stdout).toMatchObject({ code: 0 });
  expect(same.stdout).toContain('Passed: bot against bot');

  folder.write('bot.mjs', bot('n % 2 === 0'));
  const worse = await gate('0.1');
  expect(worse.code).toBe(1);
  expect(worse.stdout).toContain('Not passed: bot against bot is worse');
  const comment = readFileSync(join(folder.path, 'comment.md'), 'utf8');
  expect(comment).toContain('❌ Not passed');
  expect(comment).toContain('48 samples got worse, 0 better, 72 stayed the same.');
  expect(XMLValidator.validate(readFileSync(join(folder.path, 'junit.xml'), 'utf8'))).toBe(true);
});

it('the workflow is YAML and calls the script', () => {
  const workflow = parse(readFileSync(join(import.meta.dirname, 'evaluate.yml'), 'utf8')) as {
    jobs: { evaluate: { steps: { run?: string }[] } };
  };
  expect(workflow.jobs.evaluate.steps.some(({ run: line }) => line?.includes('gate.sh'))).toBe(true);
});

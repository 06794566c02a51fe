import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { errorOutputSchema } from '../src/app/contracts.ts';
import type { Sample } from '../src/core/index.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';
import { expectPublished } from './published.ts';

// Somebody has questions with written answers, and wants facts that `correct` can count on.
const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({ embedding: false }),
  'own.jsonl': jsonLines([
    { id: 'q1', input: 'How long does the lamp burn?', reference: 'It burns for 9 hours on `whale_oil`.' },
    { id: 'q2', input: 'Who keeps the lamp?', reference: 'Since spring it is kept by Ann Fell.' },
    { id: 'q3', input: 'How many boats are there?', reference: 'There are 120 of them.' },
    { id: 'q4', input: 'Why?', reference: 'Nobody knows.' },
    { id: 'q5', input: 'What does the lamp weigh?', answerable: false },
    { id: 'q6', input: 'Which day?', reference: 'On Sunday.', facts: [['Sunday']] },
  ]),
});
const file = (name: string): string => join(folder.path, name);
const run = async (...args: string[]) => {
  const given = [...args, '--project', folder.path, '--json'];
  return expectPublished(given, await fulcrumInProcess(given));
};
const samplesOf = async (name: string): Promise<Sample[]> =>
  (await run('dataset', 'show', name)).json<{ content: Sample[] }>().content;
const factsOf = async (name: string): Promise<[string, string[][] | undefined][]> =>
  (await samplesOf(name)).map(({ id, facts }) => [id, facts]);

afterAll(() => folder.remove());

describe('dataset facts', () => {
  it('proposes by rule, changes nothing, and says what it cannot show', async () => {
    expect((await run('dataset', 'import', file('own.jsonl'), '--name', 'own')).code).toBe(0);
    const before = await samplesOf('own');
    const done = await run('dataset', 'facts', 'own');
    expect(done.json(), done.stderr).toMatchObject({
      dataset: 'own',
      proposer: 'rule',
      samples: 4,
      proposed: 3,
      facts: 4,
      withoutProposal: { 'none-named': 1 },
      leftAlone: { unanswerable: 1, unreferenced: 0, having: 1, decided: 0 },
      costUsd: 0,
    });
    expect(await samplesOf('own')).toEqual(before);
    const text = await fulcrum(['dataset', 'facts', 'own', '--sample', '2', '--project', folder.path]);
    expect(text.stdout).toContain('of 2 samples of "own" (by rule)');
    expect(text.stdout).toContain('Whether a right answer must hold them is not judged');
  });

  it('has people decide: accepted and edited facts are in the set that is applied, no others', async () => {
    const { queue } = (await run('dataset', 'review', 'own')).json<{
      queue: { sample: Sample; factsProposedBy?: string }[];
    }>();
    expect(queue.filter(({ factsProposedBy }) => factsProposedBy === 'rule')).toHaveLength(3);
    await run('dataset', 'review', 'own', '--export', file('todo.jsonl'));
    const rows = readFileSync(file('todo.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const row = (id: string) => rows.find(({ sample }) => sample === id);
    expect(row('q1')).toMatchObject({ facts: [['9 hours'], ['whale_oil']], factsProposedBy: 'rule' });
    expect(row('q6')).not.toHaveProperty('factsProposedBy');
    folder.write(
      'done.jsonl',
      jsonLines([
        { ...row('q1'), decision: 'accept' },
        { ...row('q2'), decision: 'edit', facts: [['Ann Fell', 'Mrs Fell']] },
        { ...row('q4'), decision: 'reject' },
      ]),
    );
    const taken = await run('dataset', 'review', 'own', '--import', file('done.jsonl'));
    expect(taken.json(), taken.stderr).toMatchObject({ decisions: 3 });
    const applied = await run('dataset', 'review', 'own', '--apply', '--as', 'sure', '--keep-open');
    expect(applied.json()).toMatchObject({ accepted: 1, edited: 1, rejected: 1, open: 3 });
    expect(await factsOf('sure')).toEqual([
      ['q1', [['9 hours'], ['whale_oil']]],
      ['q2', [['Ann Fell', 'Mrs Fell']]],
      ['q3', undefined],
      ['q5', undefined],
      ['q6', [['Sunday']]],
    ]);
    const again = (await run('dataset', 'facts', 'own')).json();
    expect(again).toMatchObject({ samples: 1, leftAlone: { decided: 3 } });
  });

  it('forgets proposals, and a decision on them with them', async () => {
    expect((await run('dataset', 'facts', 'own', '--clear')).json()).toEqual({ dataset: 'own', cleared: 3 });
    expect((await run('dataset', 'review', 'own')).json()).toMatchObject({ decided: 1, open: 5 });
    const late = await run('dataset', 'review', 'own', '--import', file('done.jsonl'));
    expect(errorOutputSchema.parse(late.json()).error).toMatchObject({
      code: 'review-invalid',
      message: expect.stringContaining('or other facts were proposed for it'),
    });
  });

  it('says what is wrong with a request', async () => {
    folder.write('bare.jsonl', jsonLines([{ id: 'q', input: 'Why?' }]));
    await run('dataset', 'import', file('bare.jsonl'), '--name', 'bare');
    for (const [args, code] of [
      [['onw'], 'dataset-unknown'],
      [['own', '--split', 'tets'], 'usage'],
      [['own', '--split', 'dev'], 'dataset-empty'],
      [['own', '--sample', '0'], 'usage'],
      [['own', '--clear', '--sample', '3'], 'usage'],
      [['own', '--model', 'nobody/writes'], 'model-unknown'],
      [['bare'], 'facts-not-needed'],
    ] as [string[], string][]) {
      const failed = await run('dataset', 'facts', ...args);
      expect(errorOutputSchema.parse(failed.json()).error.code, args.join(' ')).toBe(code);
    }
  });
});

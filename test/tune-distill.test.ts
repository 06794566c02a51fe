import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { jsonLines, scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

// A teacher that writes colours in capitals, and has no idea of those that begin with "r".
const colours = ['blue', 'red', 'green', 'rose', 'amber', 'teal', 'grey', 'pink'];
let teacher: ChatServer;
const folder = scratchFolder({
  'colours.jsonl': jsonLines([
    ...colours.map((colour, n) => ({
      id: `train-${n}`,
      input: `Shout: ${colour}`,
      reference: colour.toUpperCase(),
      split: 'train',
    })),
    { id: 'test-0', input: 'Shout: black', reference: 'BLACK', split: 'test' },
  ]),
});
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);

beforeAll(async () => {
  teacher = await startChatServer(({ messages }) => {
    const colour = messages.at(-1)!.content.split(': ').at(-1)!.trim();
    return colour.startsWith('r') ? 'NO IDEA' : colour.toUpperCase();
  });
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      providers: { double: { baseUrl: teacher.baseUrl } },
      prices: { 'compatible/double/m': { input: 1, output: 1 } },
      variants: {
        shouter: {
          reader: 'generate',
          model: 'compatible/double/m',
          instructions: 'Write the colour in capitals.',
          fewShot: { dataset: 'colours', k: 2 },
        },
      },
    }),
  );
  const imported = await run('dataset', 'import', 'colours.jsonl', '--name', 'colours');
  expect(imported.code, imported.stderr).toBe(0);
});
afterAll(() => {
  teacher.close();
  folder.remove();
});

it('a teacher’s answers become rows: those that scorers pass, without what the teacher shows or was told', async () => {
  const args = ['--teacher', 'shouter', '--dataset', 'colours', '--filter', 'exact-match=1', '--prune'];
  const done = await run('tune', 'distill', ...args, '--name', 'loud', '--json');
  expect(done.code, done.stderr).toBe(0);
  const result = done.json<{
    asked: number;
    kept: number;
    leftOut: object;
    promptCharacters: Record<string, number>;
  }>();
  // Two samples are the teacher's own worked examples; of the others some begin with "r".
  expect(result.asked).toBe(colours.length - 2);
  const out = `${folder.path}/rows.jsonl`;
  await run('tune', 'data', 'export', 'loud', '--out', out);
  const rows = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(result.kept);
  expect(result.kept + Object.values(result.leftOut).reduce((sum, n) => sum + n, 0)).toBe(result.asked);
  for (const { messages } of rows) {
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant']);
    const [asked, answer] = messages.map(({ content }: { content: string }) => content);
    expect(answer).toBe(asked.split(': ').at(-1).trim().toUpperCase());
    expect(answer).not.toMatch(/^(R|NO IDEA)/);
    expect(asked).not.toContain('black');
  }
  expect(result.promptCharacters.student).toBeLessThan(result.promptCharacters.teacher! / 2);
  // The same again asks nothing anew.
  const calls = teacher.calls();
  await run('tune', 'distill', ...args, '--name', 'loud', '--json');
  expect(teacher.calls()).toBe(calls);
});

it('without --prune the student reads what the teacher reads', async () => {
  const args = ['--teacher', 'shouter', '--dataset', 'colours', '--filter', 'exact-match=1'];
  await run('tune', 'distill', ...args, '--name', 'whole');
  const out = `${folder.path}/whole.jsonl`;
  await run('tune', 'data', 'export', 'whole', '--out', out);
  const [first] = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first.messages[0]).toMatchObject({ role: 'system', content: 'Write the colour in capitals.' });
  expect(first.messages.filter(({ role }: { role: string }) => role === 'assistant')).toHaveLength(3);
});

it('a teacher whose prompt is not ours is refused', async () => {
  const refused = await run('tune', 'distill', '--teacher', 'extract', '--dataset', 'colours', '--name', 'x');
  expect(refused.stderr).toContain('variant-unsuitable');
});

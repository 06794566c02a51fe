import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PromptReport, promptReportSchema } from '../src/experiments/index.ts';
import { type AskedChat, type ChatServer, startChatServer } from './chat-server.ts';
import { fulcrum, scratchFolder } from './cli.ts';

// A model that talks until it is shown an example, and that half listens when it is told to be brief.

const colours = ['red', 'green', 'blue', 'white'];
const colourOf = (lamp: number): string => colours[lamp % colours.length]!;

function say({ messages }: AskedChat): string {
  const lamp = Number(/lamp (\d+)/.exec(messages.at(-1)!.content)?.[1]);
  const shown = messages.some(({ role }) => role === 'assistant');
  const brief = messages[0]!.content.includes('as few words as possible') && lamp % 2 === 0;
  return shown || brief ? colourOf(lamp) : `I believe that it is ${colourOf(lamp)}.`;
}

const folder = scratchFolder();
let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer(say);
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      variants: {
        lamps: { reader: 'generate', model: 'compatible/desk/talker' },
        shown: {
          reader: 'generate',
          model: 'compatible/desk/talker',
          fewShot: { dataset: 'lamps', k: 2 },
        },
        quotes: { reader: 'extract' },
      },
      providers: { desk: { baseUrl: server.baseUrl } },
      prices: { 'compatible/desk/talker': { input: 100, output: 500 } },
    }),
  );
  const splitOf = (lamp: number): string => (lamp < 8 ? 'train' : lamp < 40 ? 'dev' : 'test');
  folder.write(
    'lamps.jsonl',
    Array.from({ length: 72 }, (_, lamp) =>
      JSON.stringify({
        id: `l${lamp}`,
        input: `Which colour has lamp ${lamp}?`,
        reference: colourOf(lamp),
        split: splitOf(lamp),
      }),
    ).join('\n'),
  );
  folder.write('few.jsonl', JSON.stringify({ id: 'a', input: 'Which colour?', reference: 'red' }));
  folder.write('instructions.json', '{"terse": "Name the colour in as few words as possible."}');
  for (const name of ['lamps', 'few'])
    await fulcrum(['dataset', 'import', `${name}.jsonl`, '--name', name], { cwd: folder.path });
}, 120_000);
afterAll(() => {
  server.close();
  folder.remove();
});

const tune = (...args: string[]) =>
  fulcrum(['tune', 'prompt', '--dataset', 'lamps', '--metric', 'exact-match', '--no-structured', ...args], {
    cwd: folder.path,
  });

describe('fulcrum tune prompt', () => {
  it('finds the shortest prompt that is as good as the best, and looks at the test split once', async () => {
    const run = await tune(
      ...['--variant', 'lamps', '--shots', '1,4', '--choose', 'fixed', '--write', 'lamps-shown', '--json'],
      ...['--instructions', 'instructions.json'],
    );
    expect(run.stderr).toContain('Added the variant "lamps-shown".');
    const report = promptReportSchema.parse(run.json<PromptReport>());
    expect(report.chosen).toMatchObject({ fewShot: { k: 1, choose: 'fixed' } });
    // Nothing is right as it is, half of it when told to be brief, all of it when shown one example.
    const means = new Map(report.tried.map(({ name, mean }) => [name, mean]));
    expect(means.get('as it is, no few-shot')).toBe(0);
    expect(means.get('terse, no few-shot')).toBe(0.5);
    expect(report.dev).toMatchObject({ mean: 1, crossFitted: 1 });
    expect(report.test).toMatchObject({
      start: 0,
      mean: 1,
      optimism: 0,
      gain: { samples: 32, difference: 1 },
    });
    expect(report.exhausted).toBe(false);
    const config = JSON.parse(readFileSync(join(folder.path, 'fulcrum.config.json'), 'utf8'));
    expect(config.variants['lamps-shown']).toMatchObject({ fewShot: { dataset: 'lamps', k: 1 } });
    const before = server.calls();
    const again = await tune(
      ...['--variant', 'lamps', '--shots', '1,4', '--choose', 'fixed', '--no-test'],
      ...['--instructions', 'instructions.json'],
    );
    expect(again.stdout).toContain('Not tried on a test split, so its optimism is not known.');
    expect(server.calls()).toBe(before);
  });

  it('stops at the budget with what there is', async () => {
    const { code, stdout } = await tune(
      '--variant',
      'lamps',
      '--budget',
      '0.25',
      '--shots',
      '2',
      '--no-test',
    );
    expect([code, stdout.includes('prompting is not exhausted')]).toEqual([0, true]);
  });

  it('begins with the few-shot samples that the variant has', async () => {
    const run = await tune('--variant', 'shown', '--most', '1', '--no-test', '--json');
    const { tried } = promptReportSchema.parse(run.json<PromptReport>());
    expect(tried).toMatchObject([{ name: 'as it is, 2 few-shot fixed', mean: 1 }]);
  });

  it('tells what it found although the budget does not reach for the test split', async () => {
    const search = ['--variant', 'lamps', '--shots', '3', '--choose', 'fixed'];
    expect((await tune(...search, '--no-test')).code).toBe(0);
    // All answers on dev are there by now; those of the chosen settings on test are not.
    const before = server.calls();
    const { code, stdout } = await tune(...search, '--budget', '0');
    expect(code).toBe(0);
    expect(stdout).toContain('* as it is, 3 few-shot fixed');
    expect(stdout).toContain('The budget did not reach for the test split');
    expect(server.calls()).toBe(before);
  });

  it('says what is wrong before it asks anything', async () => {
    const before = server.calls();
    const wrong = await Promise.all([
      tune('--variant', 'quotes'),
      tune('--variant', 'lmaps'),
      tune('--variant', 'lamps', '--choose', 'best'),
      tune('--variant', 'lamps', '--write', 'quotes'),
      fulcrum(['tune', 'prompt', '--variant', 'lamps', '--dataset', 'few'], { cwd: folder.path }),
    ]);
    expect(wrong.map(({ code, stderr }) => [code, /\((\S+)\)/.exec(stderr)?.[1]])).toEqual([
      [2, 'prompt-missing'],
      [2, 'variant-unknown'],
      [2, 'usage'],
      [2, 'variant-exists'],
      [1, 'split-missing'],
    ]);
    expect(wrong[1]!.stderr).toContain('Did you mean "lamps"?');
    expect(server.calls()).toBe(before);
  });
});

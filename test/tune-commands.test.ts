import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fulcrum, scratchFolder } from './cli.ts';
import { startTuningDouble, type TuningDouble } from './doubles/openai-tuning.ts';

const folder = scratchFolder();
let double: TuningDouble;

const topics = ['lamp', 'tent', 'sofa', 'violin', 'kettle', 'ladder', 'carpet', 'mirror', 'camera', 'basket'];
/** Tickets of a repair shop: two classes, some rows of one customer, one ticket with an address in it. */
const tickets = Array.from({ length: 60 }, (_, index) => {
  const topic = topics[index % 10]!;
  return index % 2 === 0
    ? {
        text: `The ${topic} number ${index} that I sent is still not repaired, who looks after it?`,
        kind: 'status',
        customer: `c${index % 30}`,
      }
    : {
        text: `What would it cost to have ${index} old ${topic}s cleaned before spring?`,
        kind: 'price',
        customer: `c${index % 30}`,
      };
});

beforeAll(async () => {
  double = await startTuningDouble();
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      sources: { notes: { type: 'files', directory: 'notes' } },
      providers: { shop: { baseUrl: double.baseUrl } },
      tuning: { providers: { shop: { type: 'openai', baseUrl: double.baseUrl, keyVariable: 'SHOP_KEY' } } },
      prices: { 'shop/small': { training: 4 } },
    }),
  );
  folder.write(
    'notes/tents.md',
    '# Tents\n\nWet tents are dried for nine days in the long attic before anybody folds them again.\n',
  );
  folder.write('tickets.jsonl', tickets.map((ticket) => JSON.stringify(ticket)).join('\n'));
}, 120_000);
afterAll(async () => {
  await double.close();
  folder.remove();
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = { SHOP_KEY: double.key }) =>
  fulcrum(args, { cwd: folder.path, env });
const map = ['--map', 'input=text,label=kind,group=customer'];

describe('rows that come from elsewhere than a file of rows', () => {
  it('of a dataset: the reference is the answer, and a label says what the sample is about', async () => {
    folder.write(
      'sql.jsonl',
      [
        { id: 'a', input: 'How many?', references: ['select 1', 'select 2'], label: 'shop', split: 'train' },
        { id: 'b', input: 'Which desk?', label: 'returns', split: 'train' },
      ]
        .map((sample) => JSON.stringify(sample))
        .join('\n'),
    );
    await run(['dataset', 'import', 'sql.jsonl', '--name', 'sql']);
    await run(['tune', 'data', 'import', '--dataset', 'sql', '--name', 'sql']);
    const shown = (await run(['tune', 'data', 'show', 'sql', '--json'])).json<{
      rows: { id: string; label?: string; messages: { content: string }[] }[];
    }>();
    const told = new Map(
      shown.rows.map(({ id, label, messages }) => [id, [messages.at(-1)?.content, label]]),
    );
    expect(told.get('a')).toEqual(['select 1', undefined]);
    expect(told.get('b')).toEqual(['returns', 'returns']);
  });

  it('of the code of a repository, whose folder must be one', async () => {
    folder.write('service/tea.py', 'def steep(leaves):\n    wait(leaves)\n    return leaves\n');
    const imported = await run(['tune', 'data', 'import', '--code', 'service', '--name', 'style']);
    expect(imported.stdout).toContain('Imported 1 rows as style@1');
    const refused = await run(['tune', 'data', 'import', '--code', 'sql.jsonl', '--name', 'style']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('file-unreadable');
    const both = await run([
      'tune',
      'data',
      'import',
      '--code',
      'service',
      '--dataset',
      'sql',
      '--name',
      'x',
    ]);
    expect(both.stderr).toContain('or a repository with --code');
  });
});

describe('from tickets to a promoted model', () => {
  it('imports, checks, splits, exports', async () => {
    const imported = await run(['tune', 'data', 'import', 'tickets.jsonl', '--name', 'tickets', ...map]);
    expect(imported.stdout).toContain('Imported 60 rows as tickets@1, not split.');
    expect(
      (await run(['tune', 'data', 'import', 'tickets.jsonl', '--name', 'tickets', ...map])).stdout,
    ).toContain('holds exactly these 60 rows already (version 1)');
    const split = await run([
      'tune',
      'data',
      'split',
      'tickets',
      '--test',
      '30',
      '--validation',
      '10',
      '--json',
    ]);
    expect(split.code, split.stdout).toBe(0);
    const { data, dataset } = split.json<{
      data: { version: number; splits: Record<string, number> };
      dataset: { name: string };
    }>();
    expect(data.version).toBe(2);
    expect(Object.values(data.splits).reduce((a, b) => a + b, 0)).toBe(60);
    expect(dataset.name).toBe('tickets');
    // The frozen test serves every kind of variant.
    expect((await run(['dataset', 'looks', 'tickets'])).stdout).toContain('was frozen');
    const checked = await run(['tune', 'data', 'check', 'tickets', '--json']);
    const report = checked.json<{ findings: { check: string }[]; classes: { classes: number } }>();
    expect(report.classes.classes).toBe(2);
    expect(report.findings.map(({ check }) => check)).not.toContain('leakage');
    const exported = await run([
      'tune',
      'data',
      'export',
      'tickets',
      '--split',
      'train',
      '--out',
      'out.jsonl',
      '--format',
      'gemini',
    ]);
    expect(exported.stdout).toContain(`Wrote ${data.splits.train} rows`);
  }, 120_000);

  it('finds a row that is a sample of the frozen test, in whatever set it comes', async () => {
    const shown = await run(['tune', 'data', 'show', 'tickets', '--split', 'test', '--rows', '1', '--json']);
    const [row] = shown.json<{ rows: { messages: { content: string }[] }[] }>().rows;
    folder.write(
      'leak.jsonl',
      [
        ...tickets
          .slice(0, 12)
          .map(({ text }, index) => ({ text: `${text} ${index}${'x'.repeat(40)}`, kind: 'status' })),
        { text: row!.messages[0]!.content, kind: 'price' },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
    );
    await run(['tune', 'data', 'import', 'leak.jsonl', '--name', 'leak', '--map', 'input=text,label=kind']);
    const checked = await run(['tune', 'data', 'check', 'leak']);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(
      /error {4}leakage: 1 rows are samples of a frozen test.*\n.*leak\.jsonl, line 13: is tickets\//,
    );
    expect((await run(['tune', 'data', 'fix', 'leak'])).stdout).toContain('1 removed');
  }, 120_000);

  it('says what a job would take, asks before rows are sent, and keeps to a budget', async () => {
    const job = ['tune', 'run', '--provider', 'shop', '--base', 'shop/small', '--data', 'tickets'];
    const estimate = await run([...job, '--estimate', '--json']);
    expect(
      estimate.json<{ estimate: { epochs: number; cost: { usd: number | null } } }>().estimate,
    ).toMatchObject({ epochs: 3 });
    expect(estimate.stderr).toContain('The rows are sent to shop');
    const unsure = await run(job);
    expect(unsure.code).toBe(2);
    expect(unsure.stderr).toContain('Say so with --yes');
    const noKey = await run([...job, '--yes'], { SHOP_KEY: '' });
    expect(noKey.code).toBe(1);
    expect(noKey.stderr).toContain('tuning-key-missing');
    expect(double.jobs).toHaveLength(0);
  }, 120_000);

  it('trains once, registers, and promotes only past a reason', async () => {
    const trained = await run([
      'tune',
      'run',
      '--provider',
      'shop',
      '--base',
      'shop/small',
      '--data',
      'tickets',
      '--yes',
      '--json',
    ]);
    expect(trained.code, trained.stderr).toBe(0);
    const result = trained.json<{ jobId: string; state: string; model: string }>();
    expect(result).toEqual({
      jobId: expect.stringMatching(/^tune_/),
      state: 'succeeded',
      model: 'tickets-1',
    });
    expect(trained.stderr).toContain('was not verified live');
    expect(double.jobs).toHaveLength(1);
    expect((await run(['tune', 'show', result.jobId])).stdout).toContain('Step 120/120');
    expect((await run(['variants', 'list'])).stdout).toMatch(
      /tuned:tickets-1 +tuned[\s\S]*hybrid:tickets-1 +hybrid/,
    );
    expect((await run(['models', 'show', 'tickets'])).stdout).toContain('gates     none were run');
    const refused = await run(['models', 'promote', 'tickets-1', '--stage', 'champion']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('its gates were not run');
    await run(['models', 'promote', 'tickets-1', '--stage', 'champion', '--force', 'a test']);
    const shown = (await run(['models', 'show', 'tickets', '--json'])).json<{
      stage: string;
      gates: { gate: string; detail: string }[];
    }>();
    expect(shown).toMatchObject({
      stage: 'champion',
      gates: [{ gate: 'forced to champion', detail: 'a test (its gates were not run)' }],
    });
    expect((await run(['models', 'drop', 'tickets-1'])).stderr).toContain('the champion of its name');
  }, 120_000);

  it('shows its weights to nobody who may not read the rows', async () => {
    const asked = await run(['ask', 'Is my lamp ready?', '--variant', 'tuned:tickets-1', '--as', 'user:eve']);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('tuned-model-forbidden');
  }, 120_000);

  it('verifies a provider with the smallest job, and notes the day', async () => {
    expect((await run(['tune', 'verify-provider', 'shop', '--base', 'shop/small'])).code).toBe(2);
    const verified = await run(['tune', 'verify-provider', 'shop', '--base', 'shop/small', '--yes']);
    // Its price is not known here, so that a limit could not be kept.
    expect(`${verified.stdout}${verified.stderr}`).toMatch(
      /verified live on \d{4}-\d\d-\d\d|tuning-cost-unknown/,
    );
  }, 120_000);

  it('a deletion takes rows that repeat a document, and flags the models', async () => {
    await run(['sync']);
    const text = 'Wet tents are dried for nine days in the long attic before anybody folds them again.';
    const rows = Array.from({ length: 14 }, (_, index) => ({
      prompt: `Question ${index} of tents?`,
      completion: index === 3 ? text : `Answer ${index} of ours.`,
    }));
    folder.write('tents.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    await run(['tune', 'data', 'import', 'tents.jsonl', '--name', 'tents']);
    await run(['tune', 'run', '--provider', 'shop', '--base', 'shop/small', '--data', 'tents', '--yes']);
    const deleted = await run(['documents', 'delete', 'notes:tents.md', '--yes', '--json']);
    expect(deleted.code, deleted.stderr).toBe(0);
    expect(deleted.stdout).toContain('tents-1');
    expect((await run(['tune', 'data', 'show', 'tents', '--rows', '20'])).stdout).not.toContain('nine days');
    const shown = await run(['models', 'show', 'tents-1', '--json']);
    expect(shown.json<{ flags: { reason: string }[] }>().flags).toMatchObject([
      { reason: 'document-deleted' },
    ]);
    await run(['models', 'answer-flag', 'tents-1', '--because', 'trained again']);
    expect((await run(['models', 'show', 'tents-1', '--json'])).json<{ flags: unknown[] }>().flags).toEqual(
      [],
    );
  }, 120_000);
});

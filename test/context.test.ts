import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/database/index.ts';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    refusal: false,
    sources: { docs: { type: 'files', directory: 'docs' } },
    context: {
      account: {
        type: 'sql',
        database: 'crm.db',
        query:
          "select 'The plan of account ' || id || ' renews in ' || renewal || '.' as fact from accounts where id = :account and owner = :user",
        values: { account: { pattern: '[0-9]+' } },
        readers: ['group:owners'],
      },
      hung: { type: 'module', file: 'hung.mjs', readers: ['everyone'], timeoutSeconds: 0.2 },
    },
  }),
  'docs/plans.md': '# Plans\n\nA gold plan costs nine.',
  'hung.mjs': 'export const getContext = () => new Promise(() => {});',
});
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
const ask = (...args: string[]) => run('ask', 'When does the plan of account 42 renew?', ...args);

beforeAll(async () => {
  const database = await openDatabase(join(folder.path, 'crm.db'), [
    {
      'crm-001': {
        up: async ({ schema }) => {
          await schema
            .createTable('accounts')
            .addColumn('id', 'integer')
            .addColumn('owner', 'text')
            .addColumn('renewal', 'text')
            .execute();
        },
      },
    },
  ]);
  await database.handle
    .insertInto('accounts' as never)
    .values([
      { id: 42, owner: 'local-owner', renewal: 'May' },
      { id: 43, owner: 'somebody', renewal: 'June' },
    ] as never)
    .execute();
  await database.close();
  expect((await run('sync')).code).toBe(0);
});
afterAll(() => folder.remove());

describe('fulcrum ask --context', () => {
  it('cites what was fetched and says what was not available', async () => {
    const { code, stdout } = await ask('--context', 'account=42');
    expect(code).toBe(0);
    expect(stdout).toContain('The plan of account 42 renews in May.');
    expect(stdout).toContain('[1] context:account');
    expect(stdout).toContain('The context "hung" was not available: nothing came within 0.2 s.');
    const state = join(folder.path, '.fulcrum');
    for (const name of readdirSync(state, { recursive: true, encoding: 'utf8' }))
      if (statSync(join(state, name)).isFile())
        expect(readFileSync(join(state, name)).includes('renews in'), name).toBe(false);
    const json = (await ask('--context', 'account=42', '--json')).json();
    expect(json).toMatchObject({
      requestContexts: [
        { provider: 'account', status: 'given', documentId: '@context:account' },
        { provider: 'hung', status: 'unavailable' },
      ],
    });
    expect(JSON.stringify((json as { requestContexts: unknown }).requestContexts)).not.toContain('May');
  });

  it('gives nobody the account of another, and takes no value that is not declared', async () => {
    const other = await run(
      'ask',
      'When does the plan of account 43 renew?',
      '--context',
      'account=43',
      '--json',
    );
    expect(other.json()).toMatchObject({ requestContexts: [{ status: 'empty' }, {}] });
    expect(other.stdout).not.toContain('June');
    for (const [args, code] of [
      [['--context', 'user=somebody'], 'context-value-invalid'],
      [['--context', 'account=43 or 1=1'], 'context-value-invalid'],
      [['--context', 'account'], 'usage'],
      [['--context', 'account=42', '--context', 'account=43'], 'usage'],
    ] as const)
      expect(JSON.parse((await ask(...args, '--json')).stdout)).toMatchObject({ error: { code } });
    expect((await ask('--json')).json()).toMatchObject({ requestContexts: [{ status: 'not-asked' }, {}] });
  });
});

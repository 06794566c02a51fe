import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../database/index.ts';
import { tuningMigrations } from '../migrations.ts';
import { streamOf } from '../rows.fixture.ts';
import { mayAsk, readersOfRows } from './model-access.ts';
import { createTunedModelStore, type TunedModelDraft, withFlag, withGates } from './tuned-model-store.ts';

const draft = (more: Partial<TunedModelDraft> = {}): TunedModelDraft => ({
  name: 'intents',
  job: 'tune_1',
  provider: 'heads',
  method: 'classifier',
  base: { id: 'local/bge-small-en-v1.5', revision: 'r', license: 'MIT' },
  providerModel: null,
  artifacts: [],
  data: { name: 'intents', version: 1, hash: 'h', splitHash: 's', trainRows: 10 },
  instructions: null,
  outputSchema: null,
  templateHash: null,
  trainer: 't',
  config: {},
  seed: 0,
  cost: { usd: 0, source: 'none', priceDate: null, basis: 'a test' },
  retiresAt: null,
  readers: [['everyone']],
  portability: 'full',
  ...more,
});

const open = async () => {
  const database = await openDatabase(':memory:', [tuningMigrations]);
  return { database, models: createTunedModelStore(database) };
};

describe('access of weights', () => {
  const token = fc.constantFrom('everyone', 'user:ann', 'user:bo', 'group:hr', 'group:staff');
  const principal = fc.record({
    tenant: fc.constant('local'),
    user: fc.constantFrom('ann', 'bo', 'cy'),
    groups: fc.uniqueArray(fc.constantFrom('hr', 'staff'), { maxLength: 2 }),
  });
  const rowReaders = fc.option(fc.uniqueArray(token, { minLength: 1, maxLength: 3 }), { nil: undefined });

  it('nobody may ask a model who may not read every one of its rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowReaders, { minLength: 1, maxLength: 12 }),
        principal,
        async (lists, who) => {
          const rows = lists.map((readers) => (readers ? { readers } : {}));
          const readers = await readersOfRows(streamOf(rows));
          const tokens = new Set([
            'everyone',
            `user:${who.user}`,
            ...who.groups.map((group) => `group:${group}`),
          ]);
          const readsAll = lists.every((list) => (list ?? ['group:owners']).some((each) => tokens.has(each)));
          expect(mayAsk({ readers }, who)).toBe(readsAll);
          expect(mayAsk({ readers }, { ...who, groups: ['owners'] })).toBe(true);
        },
      ),
    );
  });
});

describe('the registry', () => {
  it('numbers models of a name, one for each job, and never gives a number again', async () => {
    const { models, database } = await open();
    expect((await models.register(draft())).id).toBe('intents-1');
    expect((await models.register(draft())).id).toBe('intents-1');
    expect((await models.register(draft({ job: 'tune_2' }))).id).toBe('intents-2');
    await models.remove('intents-2');
    expect((await models.register(draft({ job: 'tune_3' }))).id).toBe('intents-3');
    expect((await models.list()).map(({ id }) => id)).toEqual(['intents-1', 'intents-3']);
    await expect(models.get('intents-2')).rejects.toMatchObject({ code: 'tuned-model-unknown' });
    await database.close();
  });

  it('has one champion of a name, which the name alone means', async () => {
    const { models, database } = await open();
    for (const job of ['a', 'b']) await models.register(draft({ job }));
    const promote = (id: string) => models.update(id, (model) => ({ ...model, stage: 'champion' }));
    await promote('intents-1');
    expect((await models.get('intents')).id).toBe('intents-1');
    await promote('intents-2');
    expect((await models.list()).map(({ id, stage }) => `${id} ${stage}`)).toEqual([
      'intents-1 archived',
      'intents-2 champion',
    ]);
    await database.close();
  });

  it('keeps the newest result of a gate, and a flag once', () => {
    const model = {
      ...draft(),
      id: 'm-1',
      stage: 'candidate' as const,
      createdAt: '',
      evaluations: [],
      gates: [],
      flags: [],
    };
    const gate = (passed: boolean) => ({ gate: 'parity', passed, detail: '', figures: {}, at: '' });
    expect(withGates(withGates(model, [gate(false)]), [gate(true)]).gates).toEqual([gate(true)]);
    const flag = { reason: 'document-deleted' as const, detail: 'd', at: '' };
    expect(withFlag(withFlag(model, flag), flag).flags).toHaveLength(1);
  });
});

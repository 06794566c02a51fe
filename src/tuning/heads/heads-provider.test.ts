import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { checkTuningProvider } from '../../testing/tuning-provider-conformance.ts';
import { plainRows, streamOf } from '../rows.fixture.ts';
import type { TuningRequest } from '../tuning-provider.ts';
import { createHeadClassifier } from './head-classifier.ts';
import { readHead } from './head-file.ts';
import { createHeadsProvider } from './heads-provider.ts';

const model = createHashingEmbeddingModel();
const provider = createHeadsProvider({
  embeddingModel: async (id) => (id === model.id ? model : null),
  priceCoreSeconds: (seconds) =>
    ({ usd: seconds / 1000, source: 'core-hours', priceDate: null, basis: 'a test' }) as never,
});
let keys = 0;

async function request(rows = plainRows(80)): Promise<TuningRequest> {
  return {
    key: `head-${++keys}`,
    name: 'intents',
    method: 'classifier',
    base: model.id,
    settings: {},
    dataHash: 'h',
    train: () => streamOf(rows.slice(20)),
    validation: () => streamOf(rows.slice(0, 20)),
    directory: await mkdtemp(join(tmpdir(), 'head-')),
  };
}

checkTuningProvider({ describe, it }, 'heads', () => ({ provider, request: () => request() }));

async function run(asked: TuningRequest) {
  const { providerJob } = await provider.start(asked);
  for (;;) {
    const status = await provider.status(providerJob);
    if (status.state === 'succeeded' || status.state === 'failed') return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a classifier head', () => {
  it('tells classes apart that are easy to tell, and refuses another embedding model', async () => {
    const asked = await request();
    const { state, product } = await run(asked);
    expect(state).toBe('succeeded');
    const head = await readHead(join(asked.directory, product!.artifacts[0]!.path));
    const classify = createHeadClassifier(head, model);
    const { vectors } = await model.embedDocuments([
      'My card number 998 is gone, please block it',
      'How can I add 997 euros to my account',
    ]);
    expect(classify(vectors).map(({ label }) => label)).toEqual(['lost-card', 'top-up']);
    expect(() => createHeadClassifier(head, { ...model, fingerprint: 'another' })).toThrow(
      expect.objectContaining({ code: 'head-other-embedding' }),
    );
  });

  it('keeps at least half of a rare class to fit on where it takes its own validation rows', async () => {
    // Each rare class has two rows; by the hash alone a tenth of them would lose both or one.
    const rare = Array.from({ length: 30 }, (_, index) => [0, 1].map((copy) => ({ index, copy }))).flat();
    const rows = [
      ...plainRows(80),
      ...rare.map(({ index, copy }) => ({
        ...plainRows(1)[0]!,
        id: `rare-${index}-${copy}`,
        group: `rare-${index}`,
        label: `rare-${index}`,
        messages: [
          { role: 'user' as const, content: `rare thing ${index} in wording ${copy}` },
          { role: 'assistant' as const, content: `rare-${index}` },
        ],
      })),
    ];
    const asked = { ...(await request()), train: () => streamOf(rows), validation: () => streamOf([]) };
    const { state, product } = await run(asked);
    expect(state).toBe('succeeded');
    const { header } = await readHead(join(asked.directory, product!.artifacts[0]!.path));
    expect(
      header.kind === 'classifier' && header.labels.filter((label) => label.startsWith('rare-')),
    ).toHaveLength(30);
    expect(product!.config.validationRows).toBeGreaterThan(0);
  });

  it('takes the strongest penalty where nothing is left to choose it by', async () => {
    // One group: all or nothing of it could be held out, and half must stay.
    const rows = plainRows(40).map((row) => ({ ...row, group: 'one' }));
    const asked = { ...(await request()), train: () => streamOf(rows), validation: () => streamOf([]) };
    const { state, product } = await run(asked);
    expect(state).toBe('succeeded');
    expect(product!.config).toMatchObject({ l2: 1, validationRows: 0, reject: 0 });
    expect(product!.config).not.toHaveProperty('validationAccuracy');
  });

  it('refuses rows of one class and a class that no row has', async () => {
    const rows = plainRows(80).map((row) => ({ ...row, label: 'one' }));
    await expect(provider.start(await request(rows))).rejects.toMatchObject({ code: 'trainer-data' });
    const asked = await request();
    await expect(provider.start({ ...asked, settings: { own: { outside: 'none' } } })).rejects.toMatchObject({
      code: 'trainer-data',
    });
  });
});

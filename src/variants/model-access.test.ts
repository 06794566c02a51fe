import { describe, expect, it } from 'vitest';
import { FulcrumError, localOwner, type Principal } from '../core/index.ts';
import { variantConfigSchema } from './config.ts';
import { tunedModelsIn, withModelAccess } from './model-access.ts';
import type { Variant } from './variant.ts';

const asked: string[] = [];
const variant: Variant = {
  name: 'v',
  kind: 'tuned',
  deployable: true,
  definition: {},
  estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd: 0 }),
  prompt: async () => ({ messages: [], passages: [] }),
  answer: async ({ input }) => {
    asked.push(input);
    return {} as never;
  },
  close: async () => {},
};
const stranger: Principal = { tenant: 'local', user: 'eve', groups: [] };
const require = async (model: string, principal: Principal): Promise<void> => {
  if (principal.user === 'eve')
    throw new FulcrumError('tuned-model-forbidden', { model, principal: 'user:eve' });
};

describe('tuned models behind a variant', () => {
  it('are found wherever the config names them', () => {
    const config = variantConfigSchema.parse({
      reader: 'generate',
      model: 'tuned/a-1',
      retriever: { condense: 'tuned/b-1', decompose: 'tuned/c-1' },
    });
    expect(tunedModelsIn(config)).toEqual(['tuned/a-1', 'tuned/b-1', 'tuned/c-1']);
    expect(
      tunedModelsIn(variantConfigSchema.parse({ reader: 'extract', retriever: { condense: 'tuned/b-1' } })),
    ).toEqual(['tuned/b-1']);
    expect(
      tunedModelsIn(variantConfigSchema.parse({ reader: 'generate', model: 'openai/m', retriever: true })),
    ).toEqual([]);
  });

  it('are asked by nobody who may not read their rows, at any door', async () => {
    const guarded = withModelAccess(variant, ['tuned/a-1'], require);
    const question = { input: 'q', principal: stranger };
    await expect(guarded.answer(question)).rejects.toMatchObject({ code: 'tuned-model-forbidden' });
    await expect(guarded.prompt!(question)).rejects.toMatchObject({ code: 'tuned-model-forbidden' });
    expect(await guarded.cannotRun!(stranger)).toContain('user:eve may not read');
    expect(asked).toEqual([]);
    await guarded.answer({ input: 'mine', principal: localOwner });
    expect(asked).toEqual(['mine']);
    expect(await guarded.cannotRun!(localOwner)).toBeNull();
  });

  it('are asked by nobody where nothing can tell who may', async () => {
    await expect(
      withModelAccess(variant, ['tuned/a-1'], undefined).answer({ input: 'q', principal: localOwner }),
    ).rejects.toMatchObject({ code: 'tuned-model-unknown' });
  });
});

import { expect, it } from 'vitest';
import { noCost } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { createSentenceVectors } from './sentence-vectors.ts';

it('texts that live as long as one question are not kept', async () => {
  const asked: string[][] = [];
  const embed: EmbeddingModel['embedDocuments'] = async (texts) => {
    asked.push([...texts]);
    return { vectors: texts.map(() => Float32Array.of(1)), tokens: 1, coreSeconds: 0, cost: noCost };
  };
  const vectors = createSentenceVectors({
    ...{ id: 'test/one', fingerprint: 'one', dimensions: 1, maxTokens: 10, local: true },
    ...{ embedDocuments: embed, embedQueries: embed, close: async () => {} },
  });
  for (let time = 0; time < 2; time++) {
    const made = await vectors.embed(['kept', 'passing'], undefined, new Set(['passing']));
    expect(made.vectors.map((vector) => vector.length)).toEqual([1, 1]);
  }
  expect(asked).toEqual([['kept', 'passing'], ['passing']]);
});

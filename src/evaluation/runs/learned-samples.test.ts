import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import type { SampleSource } from '../datasets/sample-source.ts';
import { withoutLearned } from './learned-samples.ts';
import { scriptedVariant } from './scripted-evaluation.fixture.ts';

const samples: Sample[] = Array.from({ length: 9 }, (_, n) => ({
  id: `s${n}`,
  input: `question ${n}`,
  answerable: true,
  group: `g${n % 3}`,
}));
const source: SampleSource = {
  name: 'd',
  hash: 'h',
  count: async () => samples.length,
  async *pages() {
    yield samples.slice(0, 4);
    yield samples.slice(4);
  },
};
const idsOf = async (given: SampleSource, limit?: number): Promise<string[]> => {
  const ids: string[] = [];
  for await (const page of given.pages('train', limit)) ids.push(...page.map(({ id }) => id));
  return ids;
};
const knowing = (...learnedFrom: { id: string; input: string; group?: string }[]) => ({
  ...scriptedVariant('a'),
  learnedFrom,
});

describe('samples without those that a variant learned from', () => {
  it('leaves out the same id, the same text and the same group', async () => {
    const left = withoutLearned(source, [
      knowing({ id: 's0', input: 'x' }, { id: 'x', input: 'QUESTION 4?' }),
      knowing({ id: 'y', input: 'y', group: 'g2' }),
    ]);
    expect(await idsOf(left)).toEqual(['s1', 's3', 's6', 's7']);
    expect(await left.count('train')).toBe(4);
  });

  it('counts what is left against the limit, and says when nothing is', async () => {
    const left = withoutLearned(source, [knowing({ id: 's0', input: 'x' })]);
    expect(await idsOf(left, 5)).toEqual(['s1', 's2', 's3', 's4', 's5']);
    expect(await left.count('train', 5)).toBe(5);
    const all = ['g0', 'g1', 'g2'].map((group) => ({ id: group, input: group, group }));
    await expect(withoutLearned(source, [knowing(...all)]).count('train')).rejects.toMatchObject({
      code: 'dataset-empty',
    });
  });
});

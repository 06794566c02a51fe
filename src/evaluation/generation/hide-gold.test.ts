import { expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import { hideGold } from './hide-gold.ts';

const sample = (id: string, more: Partial<Sample> = {}): Sample => ({
  id,
  input: `How hot is tea ${id}?`,
  answerable: true,
  facts: [['70 degrees', 'seventy']],
  evidence: [
    { document: 'docs:b.md', start: 1, end: 2 },
    { document: 'docs:a.md' },
    { document: 'docs:b.md', start: 5, end: 7 },
  ],
  ...more,
});

it('asks again with every gold document hidden, unless another document answers too', async () => {
  const asked: unknown[] = [];
  const found = await hideGold(
    [
      sample('1', { tags: ['kind-how-to', 'generated'], split: 'test', group: 'g' }),
      sample('2'),
      sample('3', { facts: [] }),
      sample('4', { evidence: [] }),
      sample('5', { answerable: false }),
    ],
    async (query, options) => {
      asked.push(options.exceptDocuments);
      const text = query.includes('tea 2') ? 'Brew it at SEVENTY.' : 'Brew it at 700 degrees.';
      return [{ documentId: 'docs:c.md', titlePath: [], start: 0, end: text.length, text }];
    },
  );
  expect(asked).toEqual(Array(2).fill(['docs:a.md', 'docs:b.md']));
  expect(found).toEqual({
    samples: [
      {
        id: '1-hidden',
        input: 'How hot is tea 1?',
        answerable: false,
        hiddenDocuments: ['docs:a.md', 'docs:b.md'],
        group: 'g',
        tags: ['kind-how-to', 'gold-hidden'],
        split: 'test',
      },
    ],
    answeredElsewhere: ['2'],
    withoutGold: 2,
  });
});

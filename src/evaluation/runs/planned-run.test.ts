import { expect, it } from 'vitest';
import { localOwner, type Sample } from '../../core/index.ts';
import { planRun, questionOf } from './planned-run.ts';
import { scriptedVariant } from './scripted-evaluation.fixture.ts';

const sample: Sample = { id: '1', input: 'q', answerable: true };
const keyOf = (asked: Sample): string =>
  planRun(scriptedVariant('a'), [asked], localOwner).questions[0]?.key ?? '';

it('asks with the hidden documents, and keeps the answer apart from the one that could see them', () => {
  const hidden = { ...sample, hiddenDocuments: ['docs:a.md'] };
  expect(questionOf(hidden, localOwner).hiddenDocuments).toEqual(['docs:a.md']);
  expect(keyOf(hidden)).not.toBe(keyOf(sample));
  expect(keyOf({ ...sample, tags: ['x'] })).toBe(keyOf(sample));
});

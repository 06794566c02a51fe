import { expect, it } from 'vitest';
import { hitsRead } from './gather.ts';

it('reads as many hits as the variant says, then the project, then five', () => {
  expect(hitsRead({ retrieval: { limit: 12 } }, { limit: 3 })).toBe(3);
  expect(hitsRead({ retrieval: { limit: 12 } })).toBe(12);
  expect(hitsRead({ retrieval: {} }, {})).toBe(5);
  expect(hitsRead({})).toBe(5);
});

import { expect, it } from 'vitest';
import { printable, printableJson } from './printable.ts';

it('gives a terminal nothing to obey, as text or as JSON, which reads back the same', () => {
  const hostile = { title: 'a\u009b31mred\u001b[0m\u202eltr\u2066\u007f', 'key\u0085': ['\n\t'] };
  const json = printableJson(hostile, 2);
  expect(JSON.parse(json)).toEqual(hostile);
  expect(json).toContain('a\\u009b31mred\\u001b[0m\\u202eltr\\u2066\\u007f');
  expect(json).not.toMatch(/[^\n\x20-\x7e]/);
  expect(printable(hostile.title)).toBe('a\\u{9b}31mred\\u{1b}[0m\\u{202e}ltr\\u{2066}\\u{7f}');
});

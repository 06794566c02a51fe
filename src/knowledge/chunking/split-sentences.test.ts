import { describe, expect, it } from 'vitest';
import { splitSentences } from './split-sentences.ts';

const sentences = (text: string, start?: number, end?: number) =>
  splitSentences(text, start, end).map((span) => text.slice(span.start, span.end));

describe('splitSentences', () => {
  it('does not end at abbreviations, versions and initials', () => {
    expect(
      sentences('Use a tool, e.g. Vitest, i.e. a runner. It needs v1.2 of Node. See fig. 3 by J. Doe! Why?'),
    ).toEqual([
      'Use a tool, e.g. Vitest, i.e. a runner.',
      'It needs v1.2 of Node.',
      'See fig. 3 by J. Doe!',
      'Why?',
    ]);
  });

  it('reads on over wrapped lines and stops at blank ones', () => {
    expect(
      sentences('One sentence\nover two lines. And\nanother.\n\nA paragraph without end\n\nNext.'),
    ).toEqual(['One sentence\nover two lines.', 'And\nanother.', 'A paragraph without end', 'Next.']);
  });

  it('takes a heading, a list item, a table row and a line of code as one', () => {
    const text = [
      '## Two. Words',
      'Prose here.',
      '- `a`: First. Still the item,',
      '  over two lines.',
      '- Second.',
      '',
      '| A. B | C |',
      '| --- | --- |',
      '',
      '```ts',
      'const a = 1; // One. Two.',
      '}',
      'b();',
      '```',
      'After.',
    ].join('\n');
    expect(sentences(text)).toEqual([
      '## Two. Words',
      'Prose here.',
      '- `a`: First. Still the item,\n  over two lines.',
      '- Second.',
      '| A. B | C |',
      'const a = 1; // One. Two.',
      'b();',
      'After.',
    ]);
  });

  it('cuts a list item over 300 characters at its sentences', () => {
    const long = `${'very '.repeat(60)}long.`;
    expect(sentences(`- First.\n- Start. It is ${long}`)).toEqual(['- First.', '- Start.', `It is ${long}`]);
  });

  it('knows that a range begins inside code', () => {
    const text = '```\nfirst line. Goes on\nsecond line. Goes on\n```\nProse. More.';
    const at = text.indexOf('second');
    expect(sentences(text, at)).toEqual(['second line. Goes on', 'Prose.', 'More.']);
    expect(sentences(text, 0, at - 1)).toEqual(['first line. Goes on']);
  });

  it('does not end inside inline code, nor take a union type for a row', () => {
    expect(sentences('Call `a. B` first. It takes `string | number`\nor null.')).toEqual([
      'Call `a. B` first.',
      'It takes `string | number`\nor null.',
    ]);
  });

  it('takes a line of a tag and white space in linear time', () => {
    const startedAt = performance.now();
    expect(sentences(`<a${' '.repeat(200_000)}b>c`)).toEqual(['<a', 'b>c']);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('takes the strings of a table of properties apart', () => {
    const text =
      "    {\n      name: 'value',\n      description:\n        'What to embed. Any type.',\n    },";
    expect(sentences(text)).toEqual(["name: 'value',", 'description:', "'What to embed.", "Any type.',"]);
  });
});

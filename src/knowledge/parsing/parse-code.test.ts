import { describe, expect, it } from 'vitest';
import { chunkDocument } from '../chunking/chunk-document.ts';
import { parseDocument } from './parse-document.ts';

const parse = (content: string, mediaType: string) =>
  parseDocument({ key: 'k', uri: 'src/tea', content, mediaType });
const sections = async (source: string, mediaType: string) => {
  const { text, blocks } = await parse(source, mediaType);
  expect(text).toBe(source);
  return blocks.map(
    ({ level, title, start, end }) =>
      `${level} ${title}: ${text
        .slice(start, end)
        .split('\n')
        .map((line) => line.trim())
        .join(' / ')}`,
  );
};

describe('parseCode', () => {
  it('TypeScript: functions, classes and what they hold, with their comments', async () => {
    const source =
      "import a from 'a';\n\n/** Brews. */\nexport function brew() {}\nconst limit = 3; // cups\n/** Pot. */\nexport class Pot {\n  size = 3;\n\n" +
      '  /** Fills. */\n  fill(): void {}\n  // empties\n  empty = () => {};\n  static {}\n}\nexport const pour = async () => {};\nnamespace N {\n  export interface I {}\n}\nrun();\n';
    expect(await sections(source, 'text/typescript')).toEqual([
      "1 : import a from 'a';",
      '1 brew: /** Brews. */ / export function brew() {}',
      '1 : const limit = 3; // cups',
      '1 Pot: /** Pot. */ / export class Pot { / size = 3;',
      '2 fill: /** Fills. */ / fill(): void {}',
      '2 empty: // empties / empty = () => {};',
      '2 : static {} / }',
      '1 pour: export const pour = async () => {};',
      '1 N: namespace N {',
      '2 I: export interface I {} / }',
      '1 : run();',
    ]);
  });

  it('JavaScript and JSX', async () => {
    const source = 'function* steps() {}\nclass A extends B { render() { return <p>x</p>; } }\n';
    const expected = [
      '1 steps: function* steps() {}',
      '1 A: class A extends B {',
      '2 render: render() { return <p>x</p>; } }',
    ];
    expect(await sections(source, 'text/javascript')).toEqual(expected);
    expect(await sections(source, 'text/jsx')).toEqual(expected);
    expect(await sections(source, 'text/tsx')).toEqual(expected);
  });

  it('Python: decorators and comments belong to what follows', async () => {
    const source =
      '"""Module."""\n\n# how\n@cached\ndef brew(leaf):\n    return leaf\n\nclass Pot(Base):\n    """A pot."""\n\n    def fill(self):\n        pass\n\nbrew(1)\n';
    expect(await sections(source, 'text/x-python')).toEqual([
      '1 : """Module."""',
      '1 brew: # how / @cached / def brew(leaf): / return leaf',
      '1 Pot: class Pot(Base): / """A pot."""',
      '2 fill: def fill(self): / pass',
      '1 : brew(1)',
    ]);
  });

  it('Go: methods carry the type that they belong to', async () => {
    const source =
      'package tea\n\n// Pot holds.\ntype Pot[T any] struct { size int }\n\nfunc (p *Pot[T]) Fill() {}\nfunc Brew() {}\n';
    expect(await sections(source, 'text/x-go')).toEqual([
      '1 : package tea',
      '1 Pot: // Pot holds. / type Pot[T any] struct { size int }',
      '1 Pot.Fill: func (p *Pot[T]) Fill() {}',
      '1 Brew: func Brew() {}',
    ]);
  });

  it('Java: nested types', async () => {
    const source =
      'package tea;\n/** Pot. */\n@Deprecated\nclass Pot {\n  int size;\n  Pot() {}\n  static class Lid {\n    void open() {}\n  }\n}\n';
    expect(await sections(source, 'text/x-java')).toEqual([
      '1 : package tea;',
      '1 Pot: /** Pot. */ / @Deprecated / class Pot { / int size;',
      '2 Pot: Pot() {}',
      '2 Lid: static class Lid {',
      '3 open: void open() {} / } / }',
    ]);
  });

  it('what is broken, and code in other languages, is code all the same', async () => {
    expect((await sections('class {{{ function ( \n\n def', 'text/typescript')).join('')).toContain(
      'class {{{',
    );
    const { blocks, title } = await parse('a: 1\n\nb: 2\n', 'text/x-source');
    expect([title, blocks.map(({ kind, start, end }) => [kind, start, end])]).toEqual([
      'src/tea',
      [
        ['code', 0, 4],
        ['code', 6, 10],
      ],
    ]);
  });

  it('is cut between functions, with module > class > function as titles', async () => {
    const body = Array.from({ length: 8 }, (_, index) => `    step${index}();`).join('\n');
    const source = `export class Pot {\n  fill() {\n${body}\n  }\n\n  empty() {\n${body}\n  }\n}\n`;
    const chunks = chunkDocument(await parse(source, 'text/typescript'), { maxTokens: 64 });
    expect(
      chunks.map(({ titlePath, start, end }) => [
        titlePath.join(' > '),
        source.slice(start, end).trim().split('\n')[0],
      ]),
    ).toEqual([
      ['src/tea > Pot', 'export class Pot {'],
      ['src/tea > Pot > empty', 'empty() {'],
    ]);
    const small = chunkDocument(await parse(source, 'text/typescript'), { maxTokens: 32 });
    const second = small.findIndex(({ start, end }) => source.slice(start, end).includes('step7'));
    expect(small[second]?.indexedText).toMatch(/^src\/tea > .*fill\n/);
  });
});

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rowsFromCode } from './wire-code-rows.ts';

const repository = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'code-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

it('makes a row of each declaration: its comment and beginning, and the rest', async () => {
  const folder = repository({
    '.gitignore': 'made\n',
    'made/out.ts': 'export function out() {\n  one();\n  two();\n}\n',
    'src/kettle.ts': [
      "import { heat } from './heat.ts';",
      '',
      '/** Boils. */',
      'export function boil(',
      '  litres: number,',
      '): number {',
      '  const warm = heat(litres);',
      '  return warm + 1;',
      '}',
      '',
      'class Pot {',
      '  pour() {',
      '    this.tilt();',
      '    return this;',
      '  }',
      '}',
      'const short = () => 1;',
    ].join('\n'),
    'tools/steep.py': 'def steep(leaves):\n    """Waits."""\n    wait(leaves)\n    return leaves\n',
    'notes.md': '# Notes\n',
  });
  const rows = await Array.fromAsync(rowsFromCode({ folder }));
  expect(
    rows.map(({ id, group, messages: [asked, answer] }) => [id, group, asked!.content, answer!.content]),
  ).toEqual([
    [
      'src/kettle.ts:3',
      'src/kettle.ts',
      'Go on as this repository writes code.\nFile: src/kettle.ts\n\n/** Boils. */\nexport function boil(\n  litres: number,\n): number {',
      '  const warm = heat(litres);\n  return warm + 1;\n}',
    ],
    [
      'src/kettle.ts:12',
      'src/kettle.ts',
      'Go on as this repository writes code.\nFile: src/kettle.ts\nInside: Pot\n\n  pour() {',
      expect.stringContaining('    this.tilt();\n    return this;\n  }'),
    ],
    [
      'tools/steep.py:1',
      'tools/steep.py',
      'Go on as this repository writes code.\nFile: tools/steep.py\n\ndef steep(leaves):',
      '    """Waits."""\n    wait(leaves)\n    return leaves',
    ],
  ]);
});

it('leaves out a file that is not UTF-8, and says so', async () => {
  const folder = repository({ 'a.py': 'def a():\n    one()\n    two()\n', 'b.py': '' });
  writeFileSync(join(folder, 'b.py'), Buffer.from('def b():\n    caf\xe9()\n    two()\n', 'latin1'));
  const notices: string[] = [];
  const rows = await Array.fromAsync(rowsFromCode({ folder, onNotice: (notice) => notices.push(notice) }));
  expect(rows.map(({ id }) => id)).toEqual(['a.py:1']);
  expect(notices).toEqual(['b.py is not UTF-8 and was left out.']);
});

it('says so where there is no code, no folder, or a file in place of one', async () => {
  const errorOf = (folder: string) => Array.fromAsync(rowsFromCode({ folder })).catch(({ code }) => code);
  const folder = repository({ 'a.md': 'x' });
  expect(await errorOf(join(folder, 'nothing'))).toBe('file-not-found');
  expect(await errorOf(join(folder, 'a.md'))).toBe('file-unreadable');
  await expect(Array.fromAsync(rowsFromCode({ folder: repository({ 'a.md': 'x' }) }))).rejects.toMatchObject({
    code: 'trainer-data',
  });
});

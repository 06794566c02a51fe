import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { jsonLines, scratchFolder } from './cli.ts';

const root = join(import.meta.dirname, '..');

it('the code of docs/scorers.md compiles against the library', async () => {
  const page = readFileSync(join(root, 'docs/scorers.md'), 'utf8');
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  expect(blocks).toHaveLength(1);
  const compilerOptions = {
    paths: { fulcrum: [join(root, 'src/index.ts')] },
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const folder = scratchFolder({
    'example.ts': `${blocks.join('\n')}\nexport { terse };\n`,
    'package.json': jsonLines([{ type: 'module' }]),
    'tsconfig.json': jsonLines([
      { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['example.ts'] },
    ]),
  });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', folder.path]);
  folder.remove();
});

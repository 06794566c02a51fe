import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fulcrum, scratchFolder, teaShop } from './cli.ts';

const root = pathToFileURL(join(import.meta.dirname, '..')).href;
const folder = scratchFolder({
  ...teaShop,
  'fulcrum.config.json': JSON.stringify({
    sources: { docs: { type: 'files', directory: 'docs' } },
    embedding: false,
    variants: { extract: { reader: 'extract' } },
    scorers: { style: { type: 'length', words: { max: 50 } } },
  }),
});
beforeAll(async () => {
  expect((await fulcrum(['sync'], { cwd: folder.path })).code).toBe(0);
});
afterAll(() => folder.remove());

/** Paths in the repository of the modules that a command loads in a process of its own. */
async function modulesOf(...args: string[]): Promise<string[]> {
  const list = join(folder.path, 'loaded.txt');
  const preload = pathToFileURL(join(import.meta.dirname, 'list-modules.mjs')).href;
  const env = { LOADED_MODULES: list, NODE_OPTIONS: `--import ${preload}` };
  const { code, stderr } = await fulcrum(args, { cwd: folder.path, env });
  expect(code, stderr).toBe(0);
  return readFileSync(list, 'utf8')
    .split('\n')
    .map((url) => url.replace(`${root}/`, ''));
}

const heavyForAll = [
  'src/evaluation/index.ts',
  'src/evaluation/statistics/',
  'src/evaluation/scorers/scorers.ts',
  'src/evaluation/exports/',
  'src/decision/index.ts',
  'src/decision/cost/what-if.ts',
  'src/decision/report/',
  'src/app/contracts.ts',
  'node_modules/@stdlib/',
  'node_modules/yaml/',
];

describe('a cold command', () => {
  it.each([
    ['search', ['search', 'loyalty card'], ['src/variants/index.ts', 'src/app/wire-variants.ts']],
    ['ask', ['ask', 'When does the loyalty card expire?'], []],
    ['documents', ['documents', 'list'], ['src/variants/index.ts', 'node_modules/@lancedb/']],
    ['variants', ['variants', 'list'], ['node_modules/@lancedb/', 'src/app/open-database.ts']],
    [
      'source',
      ['source', 'list'],
      ['src/knowledge/index.ts', 'src/variants/index.ts', 'node_modules/kysely/'],
    ],
    ['--version', ['--version'], ['src/app/', 'node_modules/kysely/']],
    ['--help', ['--help'], ['src/app/', 'node_modules/kysely/']],
  ])('%s loads only what it uses', async (_name, args, others) => {
    const modules = await modulesOf(...args);
    expect(modules).toContain('src/cli/program.ts');
    const heavy = [...heavyForAll, ...others];
    expect(modules.filter((path) => heavy.some((start) => path.startsWith(start)))).toEqual([]);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandPage, errorPage } from '../scripts/docs.ts';
import { errorCatalogue } from '../src/core/index.ts';

const root = join(import.meta.dirname, '..');
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');

describe('the documentation', () => {
  it('lists the errors as the catalogue has them ("npm run docs" renews it)', () => {
    expect(page('errors.md')).toBe(errorPage());
  });

  it('lists the commands as the program has them ("npm run docs" renews it)', async () => {
    expect(page('commands.md')).toBe(await commandPage());
  });

  it('links only to files that exist', () => {
    const broken: string[] = [];
    for (const file of [
      'README.md',
      'AGENTS.md',
      'CHANGELOG.md',
      ...globSync('{docs,examples}/**/*.md', { cwd: root }),
    ])
      for (const [, target] of readFileSync(join(root, file), 'utf8').matchAll(
        /\]\((?!https?:|#)([^)#\s]+)/g,
      ))
        if (target && !existsSync(resolve(root, dirname(file), target))) broken.push(`${file} -> ${target}`);
    expect(broken).toEqual([]);
  });

  it('names in a hint only pages that exist', () => {
    for (const [code, entry] of Object.entries(errorCatalogue))
      for (const [name] of entry.hint.matchAll(/docs\/[\w-]+\.md/g))
        expect(existsSync(join(root, name)), `${code}: ${name}`).toBe(true);
  });
});
